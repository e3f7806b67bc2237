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
    lines.splice(place.value, hunk.old.length, ...hunk.fresh);
    from = place.value + hunk.fresh.length;
  }
  if (lines.length === 0) return ok('');
  return ok(lines.join('\n') + (endsWithBreak ? '\n' : ''));
}

function placeOf(path: string, lines: readonly string[], hunk: Hunk, from: number): Result<number, string> {
  let start = from;
  for (const anchor of hunk.anchors) {
    const at = lines.findIndex((line, index) => index >= start && line.trim() === anchor);
    if (at < 0) return fail(`The line "@@ ${anchor}" does not stand in ${path} (after line ${start}).`);
    start = at + 1;
  }
  if (hunk.old.length === 0) return ok(hunk.anchors.length > 0 && !hunk.atEnd ? start : lines.length);
  const places = placesOf(lines, hunk.old, start).filter(
    (at) => !hunk.atEnd || at + hunk.old.length === lines.length,
  );
  const [first] = places;
  if (first === undefined)
    return fail(
      `These lines do not stand in ${path}:\n${hunk.old.join('\n')}\n${nearestRegion(lines.join('\n'), hunk.old.join('\n'))}`,
    );
  // With an anchor the first place after it is meant; without one it must be the only place.
  if (places.length > 1 && hunk.anchors.length === 0) {
    const numbers = places.slice(0, 10).map((at) => at + 1);
    return fail(
      `These lines stand more than once in ${path} (lines ${numbers.join(', ')}). Add context, or a line "@@ ..." above:\n${hunk.old.join('\n')}`,
    );
  }
  return ok(first);
}

function placesOf(lines: readonly string[], old: readonly string[], from: number): number[] {
  const places: number[] = [];
  for (let at = from; at + old.length <= lines.length; at++) {
    if (old.every((line, index) => lines[at + index] === line)) places.push(at);
  }
  return places;
}
