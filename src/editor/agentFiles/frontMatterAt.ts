/** Where in the front matter of a file somebody is writing. Knows texts; of YAML only what can be seen while it is unfinished. */

export type FrontMatterPlace =
  /** At the name of a field; `used` are those that are there already. */
  | {
      readonly kind: 'field';
      readonly typed: string;
      readonly start: number;
      readonly used: readonly string[];
    }
  /** At a value of a field, or at one item of its list. `field` is `handoffs.agent` for one inside a list of maps. */
  | { readonly kind: 'value'; readonly field: string; readonly typed: string; readonly start: number };

const fieldStart = /^([A-Za-z][\w-]*):/;

/** Undefined outside the front matter. Lines and columns count from 0. */
export function frontMatterAt(
  lines: readonly string[],
  line: number,
  column: number,
): FrontMatterPlace | undefined {
  if (!isInside(lines, line)) return undefined;
  const text = lines[line] ?? '';
  const before = text.slice(0, column);
  if (/^[\w-]*$/.test(before)) {
    const used = lines
      .slice(1, endOf(lines))
      .flatMap((one, at) => (at + 1 === line ? [] : (fieldStart.exec(one)?.[1] ?? [])));
    return { kind: 'field', typed: before, start: 0, used };
  }
  const field = fieldOf(lines, line);
  if (field === undefined) return undefined;
  const nested = /^\s+(?:-\s+)?([A-Za-z][\w-]*):\s*(.*)$/.exec(before);
  const value = nested?.[2] ?? valueOf(before);
  if (value === undefined) return undefined;
  const typed = /[^,[{\s"']*$/.exec(value)?.[0] ?? '';
  const name = nested === null ? field : `${field}.${nested[1] ?? ''}`;
  return { kind: 'value', field: name, typed, start: column - typed.length };
}

/** The name or value under a position, whole. */
export function wordAt(
  lines: readonly string[],
  line: number,
  column: number,
):
  | { readonly field: string; readonly value?: string; readonly start: number; readonly end: number }
  | undefined {
  const place = frontMatterAt(lines, line, column);
  if (!place) return undefined;
  const rest = /^[^,\]}\s"':]*/.exec((lines[line] ?? '').slice(column))?.[0] ?? '';
  const word = place.typed + rest;
  if (word === '') return undefined;
  const span = { start: place.start, end: place.start + word.length };
  return place.kind === 'field' ? { field: word, ...span } : { field: place.field, value: word, ...span };
}

function isInside(lines: readonly string[], line: number): boolean {
  return lines[0]?.trimEnd() === '---' && line > 0 && line < endOf(lines);
}

/** The line of the closing fence; the end of the text while there is none. */
function endOf(lines: readonly string[]): number {
  const end = lines.findIndex((text, at) => at > 0 && /^(?:---|\.\.\.)\s*$/.test(text));
  return end < 0 ? lines.length : end;
}

/** The field a line belongs to: its own, or the closest one above it. */
function fieldOf(lines: readonly string[], line: number): string | undefined {
  for (let at = line; at > 0; at--) {
    const field = fieldStart.exec(lines[at] ?? '')?.[1];
    if (field !== undefined) return field;
  }
  return undefined;
}

function valueOf(before: string): string | undefined {
  return /^[A-Za-z][\w-]*:\s+(.*)$/.exec(before)?.[1] ?? /^\s*-\s+(.*)$/.exec(before)?.[1];
}
