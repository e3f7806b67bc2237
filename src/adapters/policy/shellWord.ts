import type { Node } from 'web-tree-sitter';

/** A word of a command, as far as it is known before it runs. */
export type Word =
  /** What the program will get, without quotes. */
  | { readonly kind: 'literal'; readonly text: string }
  /** Names of files by a pattern; `text` is the pattern. */
  | { readonly kind: 'glob'; readonly text: string }
  /** A file somewhere below a folder (`find … {}`); `text` is the folder. */
  | { readonly kind: 'within'; readonly text: string }
  /** The reading or writing end of a pipe to a command that is judged by itself. */
  | { readonly kind: 'stream'; readonly text: string }
  /** Only known when it runs. */
  | { readonly kind: 'dynamic'; readonly text: string };

/** Whether a pattern lists the names of a folder that is named from the root or from above. */
export function looksElsewhere({ kind, text }: Word): boolean {
  return kind === 'glob' && /^\/|(^|\/)\.\.(\/|$)/.test(text);
}

/** Thrown inside the reader where a text is not one we understand completely; the message ends "It …". */
export class NotUnderstood extends Error {}

export const wordTypes = new Set([
  'word',
  'number',
  'string',
  'raw_string',
  'ansi_c_string',
  'concatenation',
  'simple_expansion',
  'expansion',
  'arithmetic_expansion',
  'command_substitution',
  'process_substitution',
]);

/** The word a node of the tree stands for. Commands inside it are for the caller to follow. Throws `NotUnderstood`. */
export function readWord(node: Node): Word {
  const { type, text } = node;
  switch (type) {
    case 'word':
    case 'number':
      return bareWord(text);
    case 'raw_string':
      if (!/^'[^']*'$/.test(text)) throw new NotUnderstood('has quotes that do not end');
      return { kind: 'literal', text: text.slice(1, -1) };
    case 'string':
      return quoted(node);
    case 'ansi_c_string':
    case 'command_substitution':
      return { kind: 'dynamic', text };
    case 'process_substitution':
      return { kind: 'stream', text };
    case 'simple_expansion':
      if (!/^\$(\w+|[?@*#!$-])$/.test(text)) throw new NotUnderstood('has an expansion that is not known');
      return { kind: 'dynamic', text };
    case 'expansion':
      return braces(text);
    case 'arithmetic_expansion':
      if (!/^\$\(\([\d\s+*/%-]*\)\)$/.test(text)) throw new NotUnderstood('computes with more than numbers');
      return { kind: 'dynamic', text };
    case 'concatenation':
      return joined(node);
    default:
      throw new NotUnderstood(`has a ${type.replaceAll('_', ' ')} where a word is expected`);
  }
}

/** `${x@P}` runs commands and `${!x}` names other variables, so only the plain forms are taken. */
function braces(text: string): Word {
  if (!/^\$\{[A-Za-z_]\w*((:?[-+]|##?|%%?)[\w\-./*]*)?\}$/.test(text))
    throw new NotUnderstood('has an expansion that is not known');
  return { kind: 'dynamic', text };
}

/** What stands for itself outside quotes, and the characters of other scripts. */
const plain = /^[\w\-./:=@,+%^#~!\]]$|^[^\p{ASCII}\p{C}\p{Z}]$/u;

/** Bash puts the home in place of `~` at the beginning, and in whatever looks like an assignment (`dd if=~/x`). */
const isHome = /^~|^[A-Za-z_]\w*\+?=(.*:)?~/;

function bareWord(source: string): Word {
  if (source === '{}') return { kind: 'literal', text: source };
  if (source.startsWith('#')) throw new NotUnderstood('has a comment where a word is expected');
  let [text, isGlob, isDynamic] = ['', false, isHome.test(source)];
  const characters = Array.from(source);
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    const next = characters[at + 1];
    if (character === '\\' && next !== undefined) {
      if (next === '\n') throw new NotUnderstood('continues a word on another line');
      text += next;
      at++;
      continue;
    }
    if ('*?['.includes(character)) isGlob = true;
    else if (character === '{' || character === '}') isDynamic = true;
    else if (!plain.test(character)) throw new NotUnderstood(`has ${JSON.stringify(character)} in a word`);
    text += character;
  }
  if (isDynamic) return { kind: 'dynamic', text: source };
  return { kind: isGlob ? 'glob' : 'literal', text };
}

/** A text in double quotes: known when nothing is expanded in it. */
function quoted(node: Node): Word {
  const inner = node.text.slice(1, -1);
  const expanded = node.namedChildren.filter((child) => child.type !== 'string_content');
  let rest = '';
  let at = node.startIndex + 1;
  for (const child of expanded) {
    if (!wordTypes.has(child.type)) throw new NotUnderstood('has quotes that are not understood');
    if (child.type !== 'command_substitution') readWord(child);
    rest += inner.slice(at - node.startIndex - 1, child.startIndex - node.startIndex - 1);
    at = child.endIndex;
  }
  rest += inner.slice(at - node.startIndex - 1);
  if (!/^"(?:[^]*)"$/.test(node.text) || !/^(?:[^"\\`$]|\\[^]|\$(?=$|[\s.,;:/)]))*$/.test(rest))
    throw new NotUnderstood('has quotes that are not understood');
  if (expanded.length > 0) return { kind: 'dynamic', text: node.text };
  return {
    kind: 'literal',
    text: inner.replace(/\\(["\\`$\n])/g, (_, mark) => (mark === '\n' ? '' : String(mark))),
  };
}

function joined(node: Node): Word {
  let at = node.startIndex;
  const parts: Word[] = [];
  for (const child of node.children) {
    if (child.startIndex !== at) throw new NotUnderstood('has a word that is torn apart');
    at = child.endIndex;
    parts.push(readWord(child));
  }
  if (at !== node.endIndex) throw new NotUnderstood('has a word that is torn apart');
  const text = parts.map((part) => part.text).join('');
  if (node.text === '{}') return { kind: 'literal', text: '{}' };
  if (parts.every((part) => part.kind === 'literal')) return { kind: 'literal', text };
  const isPattern = parts.every((part) => part.kind === 'glob' || part.kind === 'literal');
  const isPlain = !/['"\\]/.test(node.text);
  return isPattern && isPlain ? { kind: 'glob', text } : { kind: 'dynamic', text: node.text };
}
