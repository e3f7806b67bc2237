import { posix } from 'node:path';
import type { PolicyDecision } from '../../core/ports';
import type { ParseShell } from './bashParser';
import { carriedBy, type Carried } from './carriers';
import type { PolicyRules } from './policyRules';
import { dangerIn } from './dangers';
import { isHarmlessVariable } from './environmentNames';
import { findRuns } from './findRuns';
import { pathsAmong } from './gitUse';
import { longestRule } from './ruleMatch';
import type { ShellCommand, ShellScript } from './shellReader';
import type { Word } from './shellWord';
import { movesFiles, namesFolders, namesLinks, posesAsRepository, shadowOf } from './surroundings';
import { usesOf } from './specialUses';
import { allow, ask, strictest } from './verdicts';
import { decideWord } from './wordPaths';

/** What a decision about a command line may use. */
export interface CommandScene {
  /** The worktree, absolute. */
  readonly root: string;
  readonly rules: PolicyRules;
  readonly parse: ParseShell;
}

interface JudgeScene extends CommandScene {
  read(text: string): ShellScript;
}

const maxDepth = 6;
const maxCommands = 100;
/** Words of a program that runs others, and texts among them, that are searched for denials. It asks in any case. */
const maxSearched = 60;
const maxScripts = 10;
/** Of the file system; what bounds the time of a decision, whatever the machine does besides. */
const maxLookUps = 40;

/** Judges the commands of one line, and those inside them. */
export class CommandJudge {
  /** False once something was found that no general rule should cover. */
  mayBeGranted = true;
  private count = 0;
  private lookUps = 0;
  private readonly known = new Map<string, Promise<PolicyDecision>>();
  private scripts = 0;
  /** Of the commands in the whole line. */
  private size = 0;

  constructor(private readonly scene: JudgeScene) {}

  /** A text that is not understood is only searched for what is denied. */
  async script(
    { commands, problem }: ShellScript,
    folders: readonly string[],
    depth: number,
  ): Promise<PolicyDecision> {
    const verdicts: PolicyDecision[] = [];
    this.size += commands.length;
    if (problem !== undefined) {
      this.mayBeGranted = false;
      verdicts.push(ask(`It ${problem}.`, 'not understood'));
    }
    for (const command of commands) {
      const inFolders = folders.flatMap((base) => command.folders.map((own) => placed(base, own)));
      verdicts.push(await this.command({ ...command, folders: inFolders }, depth));
      if (verdicts.at(-1)?.decision === 'deny') break;
    }
    return strictest(verdicts);
  }

  private async command(command: ShellCommand, depth: number): Promise<PolicyDecision> {
    if (++this.count > maxCommands || depth > maxDepth) {
      this.mayBeGranted = false;
      return ask('It has more parts than are judged.', 'not understood');
    }
    const { words, assigned, redirects, folders } = command;
    const verdicts: PolicyDecision[] = assigned.map((name) => this.variable(name));
    // Also for a command that names no file, where it looks at the folder it runs in.
    if (folders.some((folder) => folder !== '.')) verdicts.push(await this.path('read', here, folders));
    for (const { way, target } of redirects) verdicts.push(await this.path(way, target, folders));
    if (words.length > 0) verdicts.push(await this.words(words, folders, depth));
    return strictest(verdicts);
  }

  private variable(name: string): PolicyDecision {
    return isHarmlessVariable(name)
      ? allow('harmless variable')
      : ask(`The variable ${name} may decide what runs.`, 'variable');
  }

  private async words(
    words: readonly Word[],
    folders: readonly string[],
    depth: number,
  ): Promise<PolicyDecision> {
    const [first] = words;
    if (depth > maxDepth) return ask('It is nested too deeply to be judged.', 'not understood');
    if (first?.kind !== 'literal' || first.text === '' || first.text.includes('='))
      return (
        this.denialIn(words) ?? ask('Which program it runs is only known when it runs.', 'not understood')
      );
    const denied = this.denied(words);
    if (denied) return denied;
    if (words.some((word) => word.kind === 'literal' && word.text.includes('\0')))
      return ask('It holds a NUL.');
    const carried = carriedBy(nameOf(first.text), words);
    if (carried && !isOfTheMachine(first.text))
      return this.carrier({ kind: 'opaque', why: `${first.text} may be any program` }, words, folders, depth);
    if (carried) return this.carrier(carried, words, folders, depth);
    if (nameOf(first.text) === 'find') return this.find(words, folders, depth);
    return this.plain(words, folders);
  }

  /** The longer of the rules that fit decides, and a denial where they are as long. */
  private denied(words: readonly Word[]): PolicyDecision | undefined {
    const { rules } = this.scene;
    const known = texts(words);
    const always =
      longestRule(rules.denyAlways ?? [], known.plain) ?? longestRule(rules.denyAlways ?? [], known.based);
    if (always) return denial(always.rule);
    const deny = longestRule(rules.deny ?? [], known.based) ?? longestRule(rules.deny ?? [], known.plain);
    if (!deny) return undefined;
    const lifted = longestRule(rules.allow ?? [], known.plain);
    return lifted && lifted.length > deny.length ? undefined : denial(deny.rule);
  }

  /** A denied beginning at any word, for what hands its arguments on in ways that are not known. */
  private denialIn(words: readonly Word[]): PolicyDecision | undefined {
    const searched = words.slice(0, maxSearched);
    for (const [at, word] of searched.entries()) {
      const denied = this.denied(searched.slice(at));
      if (denied) return denied;
      if (word.kind !== 'literal' || !/\s/.test(word.text) || ++this.scripts > maxScripts) continue;
      for (const inner of this.scene.read(word.text).commands.slice(0, maxCommands)) {
        const within = this.denied(inner.words);
        if (within) return within;
      }
    }
    return undefined;
  }

  private async carrier(
    carried: Carried,
    words: readonly Word[],
    folders: readonly string[],
    depth: number,
  ): Promise<PolicyDecision> {
    this.mayBeGranted = false;
    if (carried.kind === 'script') {
      const shadowed = await this.shadow(words[0]?.text ?? '');
      return shadowed ?? this.script(this.scene.read(carried.text), folders, depth + 1);
    }
    const covering = longestRule(this.scene.rules.allow ?? [], texts(words).plain);
    const from = carried.kind === 'opaque' ? 1 : carried.at;
    const denied = carried.kind === 'opaque' ? this.denialIn(words.slice(1)) : this.denied(words.slice(from));
    if (denied) return denied;
    // A rule that names the program and what it is to run.
    if (covering && covering.length > from) return this.allowed(covering, words, folders);
    if (carried.kind === 'opaque') return ask(`It cannot be judged: ${carried.why}.`, 'carrier');
    return this.inner(carried, words, folders, depth);
  }

  private async inner(
    carried: Extract<Carried, { kind: 'command' }>,
    words: readonly Word[],
    folders: readonly string[],
    depth: number,
  ): Promise<PolicyDecision> {
    const inner = words.slice(carried.at);
    const isReplaced = words.slice(0, carried.at).some((word) => word.text.startsWith('-I'));
    const complete = carried.more
      ? [
          ...(isReplaced ? inner.map(unknownBut(inner[0])) : inner),
          { kind: 'dynamic' as const, text: 'what it reads' },
        ]
      : inner;
    const name = words[0]?.text ?? '';
    const verdict = await this.words(complete, folders, depth + 1);
    const shadowed = await this.shadow(name);
    return strictest([
      verdict,
      ...carried.assigned.map((each) => this.variable(each)),
      ...(shadowed ? [shadowed] : []),
    ]);
  }

  private async find(
    words: readonly Word[],
    folders: readonly string[],
    depth: number,
  ): Promise<PolicyDecision> {
    const runs = findRuns(words);
    if (!runs) return this.denialIn(words.slice(1)) ?? ask('What find runs has no end.', 'not understood');
    if (runs.inner.length > 0) this.mayBeGranted = false;
    if (words.some(({ text }) => /^-(exec|ok)dir$/.test(text)))
      return this.denialIn(words.slice(1)) ?? ask('It runs a command in folders that are found only then.');
    const verdicts = [await this.plain(runs.own, folders)];
    for (const inner of runs.inner) {
      if (inner.length > 0) verdicts.push(await this.words(inner, folders, depth + 1));
    }
    return strictest(verdicts);
  }

  private async plain(words: readonly Word[], folders: readonly string[]): Promise<PolicyDecision> {
    const first = words[0]?.text ?? '';
    const rule = longestRule(this.scene.rules.allow ?? [], texts(words).plain);
    if (rule) return this.allowed(rule, words, folders);
    const name = isOfTheMachine(first) ? nameOf(first) : first;
    if (words.length === 2 && versions.test(`${name} ${words[1]?.text ?? ''}`))
      return (await this.shadow(name)) ?? allow('harmless');
    const uses = usesOf(name, words);
    const obstacle = await this.obstacle(name, words, folders);
    if (obstacle) return obstacle;
    const isDangerous =
      dangerIn(
        name,
        words.slice(1).map((word) => word.text),
      ) !== undefined;
    if (isDangerous || (name !== 'git' && uses !== undefined)) this.mayBeGranted = false;
    if (uses === undefined) return ask('No rule allows or denies this command.');
    if (typeof uses === 'string') return ask(`It may do more than look: ${uses}.`);
    const shadowed = name === first ? await this.shadow(name) : undefined;
    const paths: PolicyDecision[] = [];
    for (const use of uses) paths.push(await this.path(use.effect, use.word, folders));
    const verdict = strictest([...paths, ...(shadowed ? [shadowed] : [])]);
    return verdict.decision === 'allow' ? allow('harmless') : verdict;
  }

  /** What a person allowed by its beginning, with a look at the words the rule does not name. */
  private async allowed(
    { rule, length }: { rule: string; length: number },
    words: readonly Word[],
    folders: readonly string[],
  ): Promise<PolicyDecision> {
    const name = nameOf(words[0]?.text ?? '');
    const rest = words.slice(length);
    const danger = dangerIn(
      name,
      rest.map((word) => word.text),
    );
    if (danger !== undefined)
      return ask(`With ${danger} it does more than the rule "${rule}" says.`, 'dangerous argument');
    const obstacle = await this.obstacle(name, words, folders);
    if (obstacle) return obstacle;
    const uses = name === 'git' ? pathsAmong(words) : usesOf(name, words);
    if (typeof uses === 'string' && rest.length > 0)
      return ask(`Which files it touches cannot be told: ${uses}.`);
    const verdicts: PolicyDecision[] = [];
    for (const use of Array.isArray(uses) ? uses : []) {
      if (use.effect === 'write' || use.at >= length)
        verdicts.push(await this.path(use.effect, use.word, folders));
    }
    const unknown = uses === undefined ? rest.find((word) => word.kind !== 'literal') : undefined;
    if (unknown) verdicts.push(ask(`What ${unknown.text} stands for is only known when it runs.`));
    const verdict = strictest(verdicts);
    return verdict.decision === 'allow' ? allow(`allow ${rule}`) : verdict;
  }

  /** What the file system must be like for a command to do only what it says. */
  private async obstacle(
    name: string,
    words: readonly Word[],
    folders: readonly string[],
  ): Promise<PolicyDecision | undefined> {
    const { root } = this.scene;
    if (name === 'ln' && this.size > 1)
      return ask('It makes a link and goes on: where that leads cannot be told before.', 'not understood');
    if (name === 'git' && (await posesAsRepository(root, folders)))
      return ask(
        'A folder there poses as a repository, whose configuration names programs to run.',
        'not understood',
      );
    if (name === 'mv' && !(await movesFiles(root, folders, words)))
      return ask('It moves a folder or a link, whose links would lead elsewhere then.', 'not understood');
    if (name === 'rm' && this.size > 1 && (await namesLinks(root, folders, words)))
      return ask('It removes a link and goes on: what its name means then cannot be told.', 'not understood');
    if (name === 'diff' && (await namesFolders(root, folders, words)))
      return ask('It compares all of a folder, whose links may lead elsewhere.', 'not understood');
    return undefined;
  }

  private path(effect: 'read' | 'write', word: Word, folders: readonly string[]): Promise<PolicyDecision> {
    const key = JSON.stringify([effect, word, folders]);
    const known = this.known.get(key);
    if (known) return known;
    this.lookUps += (word.kind === 'glob' ? 8 : 1) * folders.length;
    const deciding =
      this.lookUps > maxLookUps
        ? Promise.resolve(ask('It names more files than are judged.', 'not understood'))
        : decideWord(effect, word, this.scene.root, folders);
    this.known.set(key, deciding);
    return deciding;
  }

  private shadow(name: string): Promise<PolicyDecision | undefined> {
    return shadowOf(this.scene.root, name);
  }
}

const here: Word = { kind: 'literal', text: '.' };

/** Programs of which one asks only for the version. */
const versions =
  /^(node|npm|pnpm|yarn|bun|deno|python3?|pip3?|go|rustc|cargo|java|gcc|clang|make|cmake|git|ruby|php|docker|rg|tsc) (--version|-v|-V|version)$/;

function texts(words: readonly Word[]): { plain: (string | undefined)[]; based: (string | undefined)[] } {
  const plain = words.map((word) => (word.kind === 'literal' ? word.text : undefined));
  const [first, ...rest] = plain;
  return { plain, based: [first === undefined ? undefined : nameOf(first), ...rest] };
}

function unknownBut(program: Word | undefined): (word: Word) => Word {
  return (word) => (word === program ? word : { kind: 'dynamic', text: word.text });
}

function nameOf(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1);
}

/** By the name alone, or where the system keeps its programs; `./env` is whatever the project put there. */
function isOfTheMachine(program: string): boolean {
  return !program.includes('/') || /^(\/usr)?\/bin\/[^/]+$/.test(program);
}

function denial(rule: string): PolicyDecision {
  return {
    decision: 'deny',
    rule: `deny ${rule}`,
    reason: `Commands that begin with "${rule}" are denied by the settings.`,
  };
}

function placed(base: string, own: string): string {
  if (own.startsWith('/')) return own;
  return posix.normalize(`${base}/${own}`);
}
