import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../base/clock';

/** The machine's clocks: the wall clock for dates, the monotonic one for everything that is measured or timed. */
export const systemClock: Clock = {
  now: () => new Date().toISOString(),
  monotonicMs: () => performance.now(),
  sleep: (durationMs, signal) => delay(durationMs, undefined, signal ? { signal } : {}),
};
