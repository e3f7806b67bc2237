/** What a model needs to mend a search that found nothing: the region most like it, with numbered lines. */
export function nearestRegion(text: string, wanted: string): string {
  const lines = text.split('\n');
  const sought = wanted.split('\n');
  const at = bestStart(lines, sought);
  if (at === undefined) return 'Nothing in it is similar: read the file again.';
  const from = Math.max(0, at - margin);
  const region = lines.slice(from, Math.min(at + sought.length + margin, from + maxLines));
  const shown = region.map(
    (line, index) => `${String(from + index + 1).padStart(6)}\t${line.slice(0, maxLineChars)}`,
  );
  const same = sought.every((line, index) => normal(lines[at + index] ?? '') === normal(line));
  const hint = same ? 'These lines differ from it only in white space' : 'The most similar lines are';
  return `${hint}:\n${shown.join('\n')}`;
}

const margin = 3;
const maxLines = 60;
const maxLineChars = 300;
/** Below this a resemblance is an accident. */
const minScore = 0.4;

function bestStart(lines: readonly string[], sought: readonly string[]): number | undefined {
  const keys = lines.map(normal);
  const wanted = sought.map(normal);
  let best = { at: 0, score: 0 };
  for (let at = 0; at < keys.length; at++) {
    const score = exactScore(keys, wanted, at);
    if (score > best.score) best = { at, score };
  }
  if (best.score >= minScore) return best.at;
  // No line stands there as it is: look for the longest sought line by its pairs of characters.
  const longest = wanted.reduce(
    (found, line, index) => (line.length > (wanted[found] ?? '').length ? index : found),
    0,
  );
  const pairs = pairsOf(wanted[longest] ?? '');
  for (let at = 0; at < keys.length; at++) {
    const score = likeness(pairs, pairsOf(keys[at] ?? ''));
    if (score > best.score) best = { at: Math.max(0, at - longest), score };
  }
  return best.score >= minScore ? best.at : undefined;
}

/** The share of sought lines with something in them that stand where they should. */
function exactScore(keys: readonly string[], wanted: readonly string[], at: number): number {
  const filled = wanted.filter((line) => line !== '').length;
  if (filled === 0) return 0;
  const hits = wanted.filter((line, index) => line !== '' && keys[at + index] === line).length;
  return hits / filled;
}

/** Sørensen–Dice coefficient of the sets of neighbouring characters. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  const common = [...a].filter((pair) => b.has(pair)).length;
  return (2 * common) / (a.size + b.size);
}

function pairsOf(line: string): Set<string> {
  const short = line.slice(0, maxLineChars);
  return new Set(
    Array.from({ length: Math.max(0, short.length - 1) }, (_, index) => short.slice(index, index + 2)),
  );
}

function normal(line: string): string {
  return line.trim().replace(/\s+/g, ' ');
}
