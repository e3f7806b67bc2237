/** What a Markdown document contains that can be checked. Lines count from 1. */
export interface MarkdownFacts {
  readonly links: readonly { readonly target: string; readonly line: number }[];
  /** Anchors other documents and its own links can point to. */
  readonly anchors: ReadonlySet<string>;
  readonly samples: readonly CodeSample[];
}

export interface CodeSample {
  readonly language: string;
  readonly line: number;
  readonly text: string;
}

const fence = /^(\s*(?:>\s*|[-*+]\s+|\d+[.)]\s+)*)(`{3,}|~{3,})\s*([^\s`{]*)(.*)$/;

/** Reads CommonMark as far as links, headings and fenced code go; anchors are made as GitHub makes them. */
export function readMarkdown(text: string): MarkdownFacts {
  const links: { target: string; line: number }[] = [];
  const samples: CodeSample[] = [];
  const anchors = new Anchors();
  const lines = text.split(/\r?\n/);
  let index = frontMatterEnd(lines);
  let isComment = false;
  for (; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const opening = isComment ? null : fence.exec(line);
    if (opening) {
      const sample = readFence(lines, index, opening);
      samples.push({ language: sample.language, line: index + 1, text: sample.text });
      index = sample.end;
      continue;
    }
    isComment = isComment
      ? !line.includes('-->')
      : line.includes('<!--') && !line.slice(line.indexOf('<!--')).includes('-->');
    if (isComment) continue;
    anchors.addFrom(line, lines[index + 1]);
    if (!/^( {4}|\t)/.test(line) || /^\s+([-*+]|\d+\.)\s/.test(line))
      for (const target of linksIn(line)) links.push({ target, line: index + 1 });
  }
  return { links, anchors: anchors.names, samples };
}

function frontMatterEnd(lines: readonly string[]): number {
  if (lines[0] !== '---') return 0;
  const end = lines.indexOf('---', 1);
  return end < 0 ? 0 : end + 1;
}

function readFence(
  lines: readonly string[],
  start: number,
  [, indent = '', marks = '', language = '', info = '']: RegExpExecArray,
) {
  const closing = new RegExp(`^[\\s>]*${marks.charAt(0)}{${marks.length},}\\s*$`);
  let end = start + 1;
  while (end < lines.length && !closing.test(lines[end] ?? '')) end++;
  const body = lines.slice(start + 1, end).map((line) => withoutIndent(line, indent));
  // Words behind the language mark samples that are not meant to stand alone.
  const isPartial = /\b(ignore|no-check|nocheck|diff|skip|no-test|does not compile)\b|\{.*\}/.test(info);
  return { end, text: body.join('\n'), language: isPartial ? '' : language.toLowerCase() };
}

function withoutIndent(line: string, indent: string): string {
  let at = 0;
  while (at < indent.length && /[\s>]/.test(line.charAt(at))) at++;
  return line.slice(at);
}

/** Targets of inline links, images, definitions and HTML attributes; code spans are no links. */
function linksIn(line: string): string[] {
  const text = line.replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
  const inline = [
    ...text.matchAll(
      /!?\[(?:[^[\]\\]|\\.|\[[^\]]*\])*\]\(\s*(?:<([^>]*)>|((?:[^\s()\\]|\\.|\([^\s()]*\))*))(?:\s+(?:"[^"]*"|'[^']*'|\([^)]*\)))?\s*\)/g,
    ),
  ];
  const definition = /^\s{0,3}\[(?!\^)[^\]]+\]:\s*(?:<([^>]*)>|(\S+))/.exec(text);
  const html = [...text.matchAll(/<(?:a|img|source|video)\b[^>]*?\b(?:href|src)=(?:"([^"]*)"|'([^']*)')/gi)];
  return [...inline, ...(definition ? [definition] : []), ...html]
    .map((match) => match[1] ?? match[2] ?? '')
    .filter((target) => target !== '');
}

class Anchors {
  readonly names = new Set<string>();

  addFrom(line: string, next: string | undefined): void {
    for (const [, quoted] of line.matchAll(/\b(?:id|name)=["']([^"']+)["']/g))
      if (quoted) this.names.add(quoted.toLowerCase());
    const heading =
      /^\s{0,3}(?:>\s*)*#{1,6}\s+(.*?)\s*#*\s*$/.exec(line)?.[1] ??
      (/^\s{0,3}(=+|-{2,})\s*$/.test(next ?? '') && line.trim() !== '' ? line.trim() : undefined);
    if (heading === undefined) return;
    const custom = /\{#([\w-]+)\}\s*$/.exec(heading)?.[1];
    if (custom !== undefined) this.names.add(custom.toLowerCase());
    this.addSlug(slug(heading.replace(/\s*\{#[\w-]+\}\s*$/, '')));
  }

  private addSlug(base: string): void {
    let name = base;
    for (let number = 1; this.names.has(name); number++) name = `${base}-${number}`;
    this.names.add(name);
  }
}

/** GitHub's rule: lower case, without marks other than `-` and `_`, spaces to hyphens. */
function slug(heading: string): string {
  const plain = heading
    .replace(/<[^>]*>/g, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/!?\[([^\]]*)\]\[[^\]]*\]/g, '$1')
    .replace(/:[\w+-]+:/g, '')
    .split(/(`[^`]*`)/)
    // Emphasis is gone once the heading is shown; in code an underscore is an underscore.
    .map((part) => (part.startsWith('`') ? part : part.replace(/(^|[^\w])_+([^_]+)_+(?=[^\w]|$)/g, '$1$2')))
    .join('');
  return plain
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}
