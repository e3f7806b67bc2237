import type { Failure } from '../model/failure';

const maxTries = 5;
const firstMs = 1000;
const maxMs = 60_000;
/** A service that asks for more patience than this, or refuses a call for longer, is as good as away. */
export const patienceMs = 15 * 60_000;

/**
 * How long to wait before the next try, or undefined when there should be none. Doubles from one second, half of it
 * random so that agents that failed together do not come back together; never shorter than the service asks for.
 * @param tries how many calls have failed, this one included
 * @param random from 0 to below 1
 */
export function retryInMs(failure: Failure, tries: number, random: number): number | undefined {
  if (tries >= maxTries || !isWorthRetrying(failure)) return undefined;
  const step = Math.min(maxMs, firstMs * 2 ** (tries - 1));
  const jittered = Math.round(step / 2 + (step / 2) * random);
  const asked = failure.kind === 'model-unavailable' ? (failure.retryAfterMs ?? 0) : 0;
  if (asked > patienceMs) return undefined;
  return Math.max(jittered, asked);
}

function isWorthRetrying(failure: Failure): boolean {
  return failure.kind === 'model-misbehaved' || (failure.kind === 'model-unavailable' && failure.retryable);
}

/** Whether a service refused a call because it gets too many: 429, and Anthropic's 529 (overloaded). */
export function isRateLimited(failure: Failure): boolean {
  if (failure.kind !== 'model-unavailable' || !failure.retryable) return false;
  return failure.status === 429 || failure.status === 529;
}
