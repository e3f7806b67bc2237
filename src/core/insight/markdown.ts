/** Pieces of GitHub-flavoured Markdown. Texts come from models, programs and files: they must not break out of their place. */

/** A heading with its parts; nothing at all when there are none, so that no document holds an empty section. */
export function section(title: string, ...parts: (string | undefined)[]): string | undefined {
  const filled = parts.filter((part) => part !== undefined && part !== '');
  return filled.length === 0 ? undefined : [`## ${title}`, ...filled].join('\n\n');
}

export function page(title: string, ...parts: (string | undefined)[]): string {
  return `${[`# ${inline(title)}`, ...parts.filter((part) => part !== undefined && part !== '')].join('\n\n')}\n`;
}

export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string | undefined {
  if (rows.length === 0) return undefined;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(headers), line(headers.map(() => '---')), ...rows.map((row) => line(row.map(cell)))].join(
    '\n',
  );
}

export function list(items: readonly string[]): string | undefined {
  return items.length === 0 ? undefined : items.map((item) => `- ${item}`).join('\n');
}

/** Text on one line. Markdown of its own is kept harmless: no HTML, no headings, no links or images by accident. */
export function inline(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[<>]/g, (mark) => (mark === '<' ? '&lt;' : '&gt;'))
    .replace(/!?\[/g, '\\$&');
}

/** A code span, whatever backticks the text holds. */
export function code(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  const longest = Math.max(0, ...(flat.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${flat} ${fence}` : `${fence}${flat}${fence}`;
}

/** A quotation of a text of several lines. */
export function quote(text: string): string {
  const lines = text.trim().split('\n');
  return lines.map((line) => `> ${inline(line)}`.trimEnd()).join('\n');
}

function cell(text: string): string {
  return text.replace(/\n/g, ' ').replace(/(?<!\\)\|/g, '\\|');
}
