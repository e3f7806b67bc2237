import { fail, ok, type Result } from '../../base/result';
import { nearestRegion } from './nearestRegion';
import type { Hunk } from './patchFormat';

/** A text after its hunks, each at the one place where its old lines stand, in order. Never guesses. */
export function applyHunks(path: string, text: string, hunks: readonly Hunk[]): Result<string, string> {
  const endsWithBreak = text === '' || text.endsWith('\n');
  const lines = text === '' ? [] : (endsWithBreak ? text.slice(0, -1) : text).split('\n');
  let from = 0;
  for (const hunk of hunks) {
    const place = placeOf(path, lines, hunk, from);
    if (!place.ok) return place;
    const old = oldLines(hunk);
    const fresh = freshLines(hunk, lines.slice(place.value, place.value + old.length));
    lines.splice(place.value, old.length, ...fresh);
    from = place.value + fresh.length;
  }
  if (lines.length === 0) return ok('');
  return ok(lines.join('\n') + (endsWithBreak ? '\n' : ''));
}

function oldLines({ lines }: Hunk): string[] {
  return lines.filter((line) => !line.startsWith('+')).map((line) => line.slice(1));
}

/** Lines of context stay as the file has them, also where the patch wrote them a little differently. */
function freshLines({ lines }: Hunk, there: readonly string[]): string[] {
  let at = 0;
  return lines.flatMap((line) => {
    if (line.startsWith('+')) return [line.slice(1)];
    const own = there[at++] ?? '';
    return line.startsWith('-') ? [] : [own];
  });
}

function placeOf(path: string, lines: readonly string[], hunk: Hunk, from: number): Result<number, string> {
  let start = from;
  for (const anchor of hunk.anchors) {
    const at = lines.findIndex((line, index) => index >= start && line.trim() === anchor);
    if (at < 0) return fail(`The line "@@ ${anchor}" does not stand in ${path} (after line ${start}).`);
    start = at + 1;
  }
  const old = oldLines(hunk);
  if (old.length === 0) return ok(hunk.anchors.length > 0 && !hunk.atEnd ? start : lines.length);
  const places = placesOf(lines, old, start).filter((at) => !hunk.atEnd || at + old.length === lines.length);
  const [first] = places;
  if (first === undefined)
    return fail(
      `These lines do not stand in ${path}:\n${old.join('\n')}\n${nearestRegion(lines.join('\n'), old.join('\n'))}`,
    );
  // With an anchor the first place after it is meant; without one it must be the only place.
  if (places.length > 1 && hunk.anchors.length === 0) {
    const numbers = places.slice(0, 10).map((at) => at + 1);
    return fail(
      `These lines stand more than once in ${path} (lines ${numbers.join(', ')}). Add context, or a line "@@ ..." above:\n${old.join('\n')}`,
    );
  }
  return ok(first);
}

/**
 * Where the lines stand exactly; if nowhere, where they stand but for white space at their ends; if nowhere, where they
 * stand but for typographic signs that models replace by plain ones. Indentation always counts.
 */
function placesOf(lines: readonly string[], old: readonly string[], from: number): number[] {
  for (const normal of [same, trimmed, plain]) {
    const wanted = old.map(normal);
    const there = lines.map(normal);
    const places: number[] = [];
    for (let at = from; at + old.length <= lines.length; at++) {
      if (wanted.every((line, index) => there[at + index] === line)) places.push(at);
    }
    if (places.length > 0) return places;
  }
  return [];
}

function same(line: string): string {
  return line;
}

function trimmed(line: string): string {
  return line.trimEnd();
}

function plain(line: string): string {
  return line
    .trimEnd()
    .normalize('NFC')
    .replace(/\p{Dash_Punctuation}|\u2212/gu, '-')
    .replace(/[\u2018-\u201B]/g, "'")
    .replace(/[\u201C-\u201F]/g, '"')
    .replace(/[\u00A0\u2000-\u200A\u202F\u205F\u3000]/g, ' ');
}
