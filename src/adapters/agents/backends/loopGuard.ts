import { createHash } from 'node:crypto';
import type { ToolCall } from '../../../core/ports';

/**
 * Notices an agent that goes round in circles: the same call with the same result, also when other calls alternate with
 * it. A change that was made in between (a new successful call of a tool that changes things) starts the count again.
 */
export interface LoopGuard {
  readonly counts: Readonly<Record<string, number>>;
  /** How often the most repeated call was repeated. */
  readonly worst: number;
}

export const warnAt = 3;
export const stopAt = 5;

const changing = new Set(['edit', 'write', 'apply_patch', 'bash', 'todo']);

export function newGuard(): LoopGuard {
  return { counts: {}, worst: 0 };
}

export function nextGuard(
  guard: LoopGuard,
  call: ToolCall,
  result: { readonly ok: boolean; readonly output: string },
): { guard: LoopGuard; warning?: string } {
  // A digest, since outputs are long and many are remembered.
  const key = createHash('sha256')
    .update(JSON.stringify([call.name, sorted(call.input), result.ok, result.output]))
    .digest('base64');
  const known = guard.counts[key] ?? 0;
  if (known === 0 && result.ok && changing.has(call.name))
    return { guard: { counts: { [key]: 1 }, worst: 1 } };
  const count = known + 1;
  const next = { counts: { ...guard.counts, [key]: count }, worst: Math.max(guard.worst, count) };
  return count < warnAt ? { guard: next } : { guard: next, warning: warningOf(count) };
}

function warningOf(count: number): string {
  return `[The engine: this is the ${count}th time that this very call has this very result. Repeating it changes nothing. Try something else, or call \`finish\` and say what stands in the way.]`;
}

/** The order of keys does not make a call another one. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}
