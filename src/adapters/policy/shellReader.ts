import { posix } from 'node:path';
import type { Node, Tree } from 'web-tree-sitter';
import { isHereDocument, isWholeText } from './shellText';
import { looksElsewhere, NotUnderstood, readWord, wordTypes, type Word } from './shellWord';

export interface Redirect {
  readonly way: 'read' | 'write';
  readonly target: Word;
}

/** One command of a text, wherever it stands in it. */
export interface ShellCommand {
  /** The program and its arguments; none where only a redirection or an assignment stands. */
  readonly words: readonly Word[];
  readonly assigned: readonly string[];
  readonly redirects: readonly Redirect[];
  /** The folders it may run in, relative to where the text starts: `cd` moves on what follows. */
  readonly folders: readonly string[];
}

export interface ShellScript {
  readonly commands: readonly ShellCommand[];
  /** Why the text is not understood completely, as the end of a sentence that begins with "It"; then it is only searched for denials. */
  readonly problem?: string;
}

const maxDepth = 60;
const maxFolders = 4;
const maxNodes = 2500;

/** Every command of a parsed text, in the order of the text. Nothing of the text is left out without a `problem`. */
export function readShell(tree: Tree, source: string): ShellScript {
  const root = tree.rootNode;
  if (root.descendantCount > maxNodes) return { commands: [], problem: 'is too long to be judged' };
  const reader = new Reader();
  if (root.hasError) reader.note('is not a text bash would take, or is not understood');
  if (!isWholeText(root, source)) reader.note('has characters that belong to no part of it');
  reader.visit(root, ['.'], 0);
  return {
    commands: reader.commands,
    ...(reader.problem === undefined ? {} : { problem: reader.problem }),
  };
}

/** Where what follows a part runs: after its success, and in any case. */
interface Outcome {
  readonly success: readonly string[];
  readonly anyway: readonly string[];
}

class Reader {
  readonly commands: ShellCommand[] = [];
  problem: string | undefined;

  note(problem: string): void {
    this.problem ??= problem;
  }

  visit(node: Node, folders: readonly string[], depth: number): Outcome {
    if (depth > maxDepth || folders.length > maxFolders) {
      this.note('is nested too deeply to be judged');
      return stays(folders);
    }
    switch (node.type) {
      case 'comment':
        return stays(folders);
      case 'command':
        return this.command(node, [], folders, depth);
      case 'redirected_statement':
        return this.redirected(node, folders, depth);
      case 'list':
        return this.list(node, folders, depth);
      case 'pipeline':
      case 'subshell':
      case 'command_substitution':
      case 'process_substitution':
        this.sequence(node, folders, depth);
        return stays(folders);
      case 'program':
      case 'compound_statement':
        return this.sequence(node, folders, depth);
      default:
        return this.other(node, folders, depth);
    }
  }

  private other(node: Node, folders: readonly string[], depth: number): Outcome {
    switch (node.type) {
      case 'if_statement':
      case 'elif_clause':
      case 'else_clause':
      case 'negated_command':
        return this.sequence(node, folders, depth);
      case 'do_group':
      case 'while_statement':
        return this.loop(node, folders, depth);
      case 'for_statement':
        return this.forStatement(node, folders, depth);
      case 'variable_assignment':
      case 'variable_assignments':
      case 'declaration_command':
        return this.assignments(node, folders, depth);
      case 'test_command':
        return this.test(node, folders, depth);
      default:
        if (node.isNamed)
          this.note(`has a ${node.type.replaceAll('_', ' ').toLowerCase()}, which is not judged`);
        return this.sequence(node, folders, depth);
    }
  }

  /** Parts one after another, each perhaps after a failure of the one before. */
  private sequence(node: Node, folders: readonly string[], depth: number): Outcome {
    let outcome = stays(folders);
    for (const part of node.namedChildren) {
      outcome = this.visit(part, outcome.anyway, depth + 1);
    }
    if (node.type === 'command_substitution' && node.text.startsWith('`') && node.text.includes('\\'))
      this.note('has a backslash in backquotes');
    return outcome;
  }

  /** The grammar hangs a redirection on the whole list; for bash it belongs to the last command. */
  private list(
    node: Node,
    folders: readonly string[],
    depth: number,
    redirects: readonly Node[] = [],
  ): Outcome {
    const [left, right] = node.namedChildren.filter((child) => child.type !== 'comment');
    const operator = node.children.find((child) => !child.isNamed)?.type;
    if (!left || !right || (operator !== '&&' && operator !== '||')) {
      this.note('joins commands in a way that is not known');
      return this.sequence(node, folders, depth);
    }
    const first = this.visit(left, folders, depth + 1);
    const from = operator === '&&' ? first.success : first.anyway;
    const second =
      redirects.length > 0
        ? this.withRedirects(right, redirects, from, depth + 1)
        : this.visit(right, from, depth + 1);
    return {
      success: operator === '&&' ? second.success : union(first.success, second.success),
      anyway: union(first.anyway, second.anyway),
    };
  }

  private loop(node: Node, folders: readonly string[], depth: number): Outcome {
    const outcome = this.sequence(node, folders, depth);
    if (outcome.anyway.some((folder) => !folders.includes(folder))) this.note('changes the folder in a loop');
    return stays(folders);
  }

  private forStatement(node: Node, folders: readonly string[], depth: number): Outcome {
    if (node.child(0)?.type !== 'for') this.note('has a loop that is not judged');
    const variable = node.childForFieldName('variable')?.text ?? '';
    this.commands.push({ words: [], assigned: [variable], redirects: [], folders });
    for (const child of node.namedChildren) {
      if (child.type === 'variable_name') continue;
      if (child.type === 'do_group') this.visit(child, folders, depth + 1);
      else if (looksElsewhere(this.word(child, folders, depth)))
        this.note('lists names outside the folder it runs in');
    }
    return stays(folders);
  }

  private assignments(node: Node, folders: readonly string[], depth: number): Outcome {
    if (node.type === 'declaration_command' && node.child(0)?.type !== 'export')
      this.note('declares variables in a way that is not judged');
    const all = node.type === 'variable_assignment' ? [node] : node.namedChildren;
    const assigned = all.flatMap((part) => this.assignment(part, folders, depth));
    this.commands.push({ words: [], assigned, redirects: [], folders });
    return stays(folders);
  }

  private assignment(node: Node, folders: readonly string[], depth: number): string[] {
    const [name, value, ...more] = node.namedChildren;
    if (node.type !== 'variable_assignment' || name?.type !== 'variable_name' || more.length > 0) {
      this.note('assigns in a way that is not judged');
      this.sequence(node, folders, depth);
      return [];
    }
    if (value) this.word(value, folders, depth);
    return [name.text];
  }

  /** Tests of files and texts. `-eq` and its like compute, which can run commands; `>` in `[ ]` writes a file. */
  private test(node: Node, folders: readonly string[], depth: number): Outcome {
    const inside = /^\[\[?( [\w\s\-./"'=!$@:,+%*]* )\]\]?$/.exec(node.text)?.[1];
    if (inside === undefined || /\s-(eq|ne|lt|le|gt|ge|v|R)\s|\n/.test(inside))
      this.note('has a test that is not judged');
    return this.sequenceOfSubstitutions(node, folders, depth);
  }

  /** Follows only the commands that stand somewhere inside words. */
  private sequenceOfSubstitutions(node: Node, folders: readonly string[], depth: number): Outcome {
    for (const inner of substitutionsIn(node)) this.visit(inner, folders, depth + 1);
    return stays(folders);
  }

  private word(node: Node, folders: readonly string[], depth: number): Word {
    const inner = node.type.endsWith('_substitution') ? [node] : substitutionsIn(node);
    for (const substitution of inner) this.visit(substitution, folders, depth + 1);
    try {
      return readWord(node);
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      this.note(error.message);
      return { kind: 'dynamic', text: node.text };
    }
  }

  private redirected(node: Node, folders: readonly string[], depth: number): Outcome {
    const [body, ...rest] = node.namedChildren;
    if (!body) return stays(folders);
    const redirects = body.type.endsWith('_redirect') ? [body, ...rest] : rest;
    if (redirects.includes(body)) {
      this.alone(redirects, folders, depth);
      return stays(folders);
    }
    return this.withRedirects(body, redirects, folders, depth);
  }

  private withRedirects(
    body: Node,
    redirects: readonly Node[],
    folders: readonly string[],
    depth: number,
  ): Outcome {
    if (body.type === 'command') return this.command(body, redirects, folders, depth);
    if (body.type === 'list') return this.list(body, folders, depth, redirects);
    const outcome = this.visit(body, folders, depth + 1);
    this.alone(redirects, union(folders, outcome.anyway), depth);
    return outcome;
  }

  /** Redirections that belong to no single command. */
  private alone(nodes: readonly Node[], folders: readonly string[], depth: number): void {
    const { words, redirects } = this.redirects(nodes, folders, depth);
    if (words.length > 0) this.note('has words after a redirection');
    this.commands.push({ words: [], assigned: [], redirects, folders });
  }

  private command(node: Node, outer: readonly Node[], folders: readonly string[], depth: number): Outcome {
    const words: Word[] = [];
    const assigned: string[] = [];
    const redirects: Redirect[] = [];
    let isTorn = false;
    let last: Node | undefined;
    for (const child of node.children) {
      const touches = last?.endIndex === child.startIndex;
      isTorn ||= touches && !last?.type.endsWith('_redirect') && !child.type.endsWith('_redirect');
      last = child;
      if (child.type === 'variable_assignment') assigned.push(...this.assignment(child, folders, depth));
      else if (child.type === 'command_name') words.push(this.commandName(child, folders, depth));
      else if (wordTypes.has(child.type)) words.push(this.word(child, folders, depth));
      else if (child.type.endsWith('_redirect')) {
        const found = this.redirects([child], folders, depth);
        redirects.push(...found.redirects);
        words.push(...found.words);
      } else if (child.type === '$') words.push({ kind: 'literal', text: '$' });
      else {
        this.note(`has a ${child.type.replaceAll('_', ' ')} among the words of a command`);
        this.visit(child, folders, depth + 1);
      }
    }
    if (isTorn) this.note('has words that stand too close');
    const own = { words, assigned, redirects, folders };
    const found = this.redirects(outer, folders, depth);
    const complete = {
      ...own,
      words: [...words, ...found.words],
      redirects: [...redirects, ...found.redirects],
    };
    this.commands.push(complete);
    return this.moved(complete);
  }

  private commandName(node: Node, folders: readonly string[], depth: number): Word {
    const [name] = node.namedChildren;
    return name ? this.word(name, folders, depth) : { kind: 'dynamic', text: node.text };
  }

  private redirects(
    nodes: readonly Node[],
    folders: readonly string[],
    depth: number,
  ): { words: Word[]; redirects: Redirect[] } {
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (const node of nodes) {
      if (node.type === 'heredoc_redirect') this.hereDocument(node, folders, depth);
      else if (node.type === 'file_redirect' || node.type === 'herestring_redirect') {
        const operator = node.children.find((child) => !child.isNamed)?.type ?? '';
        const [target, ...others] = node.namedChildren
          .filter((child) => child.type !== 'file_descriptor')
          .map((child) => this.word(child, folders, depth));
        words.push(...others);
        if (operator === '<<<' || !target) continue;
        const isDuplicate = /^[<>]&-?$/.test(operator) && /^\d+$|^-$/.test(target.text);
        // Bash expands what stands after `>&` twice, so that quotes do not hold a `$(command)` back.
        if (/^[<>]&/.test(operator) && !/^[\w./-]+$/.test(target.text))
          this.note('redirects in a way that is not judged');
        if (!isDuplicate) redirects.push({ way: operator === '<' ? 'read' : 'write', target });
      } else {
        this.note('has a redirection that is not known');
        this.visit(node, folders, depth + 1);
      }
    }
    return { words, redirects };
  }

  /** The text of a here-document is data; what stands after it on its line are commands and redirections. */
  private hereDocument(node: Node, folders: readonly string[], depth: number): void {
    if (!isHereDocument(node)) this.note('has a here-document that is not judged');
    for (const child of node.namedChildren) {
      if (child.type.startsWith('heredoc_')) this.sequenceOfSubstitutions(child, folders, depth);
      else if (child.type === 'file_redirect') this.alone([child], folders, depth);
      else this.visit(child, folders, depth + 1);
    }
  }

  /** `cd` moves what follows it. */
  private moved({ words, folders }: ShellCommand): Outcome {
    const [name, target, ...more] = words;
    if (name?.kind === 'literal' && inThisShell.test(name.text) && words.some(({ text }) => moves.test(text)))
      this.note('changes the folder in a way that is not judged');
    if (name?.kind !== 'literal' || !/^(cd|pushd|popd|chdir)$/.test(name.text)) return stays(folders);
    const isPlain =
      name.text === 'cd' && target?.kind === 'literal' && more.length === 0 && !target.text.startsWith('-');
    // Bash takes `..` back along the way it came, not along where a link led.
    if (!isPlain || /[^./][^]*\/\.\.(\/|$)/.test(target.text) || target.text === '') {
      this.note('changes the folder in a way that is not judged');
      return stays(folders);
    }
    const success = folders.map((folder) =>
      posix.normalize(target.text.startsWith('/') ? target.text : `${folder}/${target.text}`),
    );
    return { success, anyway: union(folders, success) };
  }
}

/** What runs a command in the shell itself, so that a `cd` among its words moves what follows. */
const inThisShell = /^(command|builtin|eval|time)$/;
const moves = /\b(cd|pushd|popd|chdir)\b/;

function stays(folders: readonly string[]): Outcome {
  return { success: folders, anyway: folders };
}

function union(one: readonly string[], other: readonly string[]): string[] {
  return [...new Set([...one, ...other])];
}

/** The outermost commands that stand in the words below a node. */
function substitutionsIn(node: Node): Node[] {
  return node.namedChildren.flatMap((child) =>
    child.type.endsWith('_substitution') ? [child] : substitutionsIn(child),
  );
}
