/** Rows of a table in a document; more stand in the JSON twin. */
export const maxRows = 20;

/** A Markdown table, cut at a number of rows with a line that says how many are left out; a sentence when there is none. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  none: string,
  limit = maxRows,
): string {
  if (rows.length === 0) return `${none}\n`;
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  const numeric = head.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  const rule = `|${numeric.map((isNumber) => (isNumber ? '---:' : '---')).join('|')}|`;
  const shown = rows
    .slice(0, limit)
    .map((row) => line(row.map((cell) => (typeof cell === 'number' ? grouped(cell) : cell))));
  const more =
    rows.length > limit
      ? `\n… and ${grouped(rows.length - limit)} more in the JSON file beside this document.\n`
      : '';
  return `${[line(head), rule, ...shown].join('\n')}\n${more}`;
}

/** A path or a name as code. */
export function code(text: string | number): string {
  return `\`${text}\``;
}

export function grouped(number: number): string {
  return number.toLocaleString('en-US');
}

/** Rounded down, so that only all of it is 100 %; nothing of nothing is no share at all. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.floor((100 * part) / whole)} %`;
}

export function plural(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}
