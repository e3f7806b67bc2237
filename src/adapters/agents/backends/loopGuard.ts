import { createHash } from 'node:crypto';
import type { ToolCall } from '../../../core/ports';

/**
 * Notices an agent that goes round in circles, in four ways:
 * - the same call with the same result, also when other calls come in between, unless something was changed meanwhile;
 * - a cycle of the same calls one after another (two edits that undo each other), with more patience where results differ;
 * - the same error of the same tool for different arguments, without a change that succeeded;
 * - no progress: only calls whose result has been seen before.
 */
export interface LoopGuard {
  readonly counts: Readonly<Record<string, number>>;
  /** How often each error was met since the last change that succeeded. */
  readonly errors: Readonly<Record<string, number>>;
  /** The latest calls, oldest first. */
  readonly latest: readonly Made[];
  /** Every call with its result. */
  readonly seen: ReadonlySet<string>;
  /** Calls in a row that brought nothing that had not been seen before. */
  readonly stale: number;
  /** Why the agent is stopped; absent while it may go on. */
  readonly stuck?: string;
}

/** Digests of a call, without and with its result. */
interface Made {
  readonly asked: string;
  readonly key: string;
}

interface Limits {
  readonly warn: number;
  readonly stop: number;
}

const sameResult: Limits = { warn: 3, stop: 5 };
/** Waiting for something looks like this too, so it may take longer. */
const sameCall: Limits = { warn: 6, stop: 10 };
const sameCycle: Limits = { warn: 3, stop: 5 };
const sameError: Limits = { warn: 4, stop: 8 };
const nothingNew: Limits = { warn: 12, stop: 20 };
const longestCycle = 4;

const changing = new Set(['edit', 'write', 'apply_patch', 'bash', 'todo']);
/** A success of these takes back that an error was repeated: the next try starts from something else. */
const editing = new Set(['edit', 'write', 'apply_patch']);
/** Asking again is what these are for. */
const waiting = new Set(['bash_output', 'ask_user']);

export function newGuard(): LoopGuard {
  return { counts: {}, errors: {}, latest: [], seen: new Set(), stale: 0 };
}

export function nextGuard(
  guard: LoopGuard,
  call: ToolCall,
  result: { readonly ok: boolean; readonly output: string },
): { guard: LoopGuard; warning?: string } {
  // Digests, since outputs are long and many are remembered.
  const asked = digest([call.name, sorted(call.input)]);
  const key = digest([asked, result.ok, result.output]);
  const found = [
    repetition(guard, key, call, result.ok),
    waiting.has(call.name) ? { latest: guard.latest } : cycle(guard, { asked, key }),
    mistake(guard, call, result),
    staleness(guard, key),
  ];
  const stuck = found.map((sign) => sign.stuck).find(Boolean);
  const warning = found.map((sign) => sign.warning).find(Boolean);
  const { counts, latest, errors, seen, stale } = Object.assign({}, ...found) as Findings;
  const next = { counts, latest, errors, seen, stale, ...(stuck ? { stuck } : {}) };
  return warning ? { guard: next, warning: `[The engine: ${warning} ${advice}]` } : { guard: next };
}

type Findings = Omit<LoopGuard, 'stuck'>;
type Sign<K extends keyof Findings> = Pick<Findings, K> & {
  readonly warning?: string | undefined;
  readonly stuck?: string | undefined;
};

const advice =
  'Repeating it changes nothing. Try something else, or call `finish` and say what stands in the way.';

function repetition(guard: LoopGuard, key: string, call: ToolCall, isOk: boolean): Sign<'counts'> {
  const known = guard.counts[key] ?? 0;
  if (known === 0 && isOk && changing.has(call.name)) return { counts: { [key]: 1 } };
  const count = known + 1;
  return {
    counts: { ...guard.counts, [key]: count },
    ...judged(
      count,
      sameResult,
      `this is the ${ordinal(count)} time that this very call has this very result.`,
      `made the same call with the same result ${count} times`,
    ),
  };
}

function cycle(guard: LoopGuard, made: Made): Sign<'latest'> {
  const latest = [...guard.latest, made].slice(-longestCycle * sameCall.stop);
  const keys = latest.map(({ key }) => key);
  const asked = latest.map((one) => one.asked);
  for (let length = 1; length <= longestCycle; length++) {
    // The same call with the same result is counted for itself.
    const same = length === 1 ? 0 : roundsOf(keys, length);
    const sign = around(same, length, sameCycle) ?? around(roundsOf(asked, length), length, sameCall);
    if (sign) return { latest, ...sign };
  }
  return { latest };
}

function around(rounds: number, length: number, limits: Limits) {
  if (rounds < limits.warn) return undefined;
  const what = length === 1 ? 'call' : `${length} calls`;
  const warning = `you made the same ${what} ${rounds} times one after another.`;
  return judged(rounds, limits, warning, `made the same ${what} ${rounds} times one after another`);
}

/** How often the last so many entries stand at the end, one after another. A shorter cycle is no longer one. */
function roundsOf(entries: readonly string[], length: number): number {
  const last = entries.slice(-length);
  if (last.length < length || (length > 1 && new Set(last).size < length)) return 0;
  let rounds = 1;
  const fits = (from: number) => last.every((entry, at) => entries[from + at] === entry);
  for (let from = entries.length - 2 * length; from >= 0 && fits(from); from -= length) rounds++;
  return rounds;
}

function mistake(
  guard: LoopGuard,
  call: ToolCall,
  { ok: isOk, output }: { ok: boolean; output: string },
): Sign<'errors'> {
  if (isOk) return { errors: editing.has(call.name) ? {} : guard.errors };
  const [first = ''] = output.trim().split('\n', 1);
  const key = digest([call.name, first.slice(0, 300).replace(/\d+/g, '#')]);
  const count = (guard.errors[key] ?? 0) + 1;
  return {
    errors: { ...guard.errors, [key]: count },
    ...judged(
      count,
      sameError,
      `${call.name} has failed ${count} times with this error.`,
      `met the same error of ${call.name} ${count} times`,
    ),
  };
}

function staleness(guard: LoopGuard, key: string): Sign<'seen' | 'stale'> {
  if (!guard.seen.has(key)) return { seen: new Set([...guard.seen, key]), stale: 0 };
  const stale = guard.stale + 1;
  return {
    seen: guard.seen,
    stale,
    ...judged(
      stale,
      nothingNew,
      `your last ${stale} calls returned only what you had seen before.`,
      `made ${stale} calls in a row that returned only what it had seen before`,
    ),
  };
}

function judged(count: number, limits: Limits, warning: string, stuck: string) {
  return { ...(count >= limits.warn ? { warning } : {}), ...(count >= limits.stop ? { stuck } : {}) };
}

function ordinal(count: number): string {
  return `${count}${['th', 'st', 'nd', 'rd'][count % 100 > 10 && count % 100 < 14 ? 0 : count % 10] ?? 'th'}`;
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64');
}

/** The order of keys does not make a call another one. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}
