import type { Node } from 'web-tree-sitter';

/**
 * Checks that what the parser saw is the text, so that a grammar that is more forgiving than bash cannot hide anything:
 * between the parts of the tree stand only blanks, line ends where bash takes them as an end, and continued lines.
 */
export function isWholeText(root: Node, source: string): boolean {
  // Other control characters are letters for bash and blanks for the grammar; a line is only continued after a blank.
  if (/[^\P{Cc}\n\t]|\p{Zl}|\p{Zp}/u.test(source) || /[^ \t]\\\n|^\\\n/.test(source)) return false;
  if (/[^\P{Zs} ]/u.test(source)) return false;
  return (
    isCovered(root, source, root.startIndex, root.endIndex, 0) && blank(source, 0, root.startIndex, true)
  );
}

const maxDepth = 80;
/** Their text is looked at as a whole, except for the commands inside. */
const opaque = new Set([
  ...['string', 'raw_string', 'ansi_c_string', 'heredoc_body', 'comment'],
  ...['simple_expansion', 'expansion', 'arithmetic_expansion', 'test_command'],
]);
/** A line end inside of them would end the command for bash. */
const oneLine = new Set([
  'command',
  'redirected_statement',
  'file_redirect',
  'variable_assignments',
  'declaration_command',
  'negated_command',
]);

function isCovered(node: Node, source: string, from: number, to: number, depth: number): boolean {
  if (depth > maxDepth) return false;
  const { children, type } = node;
  if (type === 'comment') return isComment(node, source);
  if (opaque.has(type)) return inner(node).every((child) => covers(child, source, depth));
  if (children.length === 0) return true;
  const mayBreak = !oneLine.has(type);
  let at = from;
  for (const child of children) {
    if (!blank(source, at, child.startIndex, mayBreak)) return false;
    if (!covers(child, source, depth)) return false;
    at = Math.max(at, child.endIndex);
  }
  return blank(source, at, to, mayBreak);
}

function covers(node: Node, source: string, depth: number): boolean {
  return isCovered(node, source, node.startIndex, node.endIndex, depth + 1);
}

function blank(source: string, from: number, to: number, mayBreak: boolean): boolean {
  if (to <= from) return true;
  return (mayBreak ? /^(?:[ \t\n]|\\\n)*$/ : /^(?:[ \t]|\\\n)*$/).test(source.slice(from, to));
}

function inner(node: Node): Node[] {
  return node.namedChildren.flatMap((child) =>
    child.type.endsWith('_substitution') ? [child] : inner(child),
  );
}

/** A comment begins a word and goes to the end of its line. */
function isComment({ text, startIndex, endIndex }: Node, source: string): boolean {
  const before = source[startIndex - 1] ?? '\n';
  const after = source[endIndex] ?? '\n';
  return /[\s;&|(]/.test(before) && after === '\n' && !text.includes('\n') && text.startsWith('#');
}

/** True for the one form that is plain data: ended as bash ends it, and nothing expanded in it. */
export function isHereDocument(node: Node): boolean {
  const part = (type: string) => node.namedChildren.filter((child) => child.type === type);
  const [[start], [body], [end]] = [part('heredoc_start'), part('heredoc_body'), part('heredoc_end')];
  if (!start || !body || !end || part('heredoc_body').length > 1) return false;
  if (node.children.some((child) => child.type === '<<-')) return false;
  const marks = /^(['"]?)(\w+)\1$/.exec(start.text);
  if (!marks || end.text !== marks[2]) return false;
  const lines = body.text.split('\n');
  if (lines.pop() !== '' || lines.includes(end.text)) return false;
  return marks[1] !== '' || !/[$`\\]/.test(body.text);
}
