import type { Clock } from '../../src/base/clock';

/** A clock on which every sleep is over at once: time jumps, and what was slept is remembered. */
export class HastyClock implements Clock {
  readonly slept: number[] = [];
  private elapsedMs = 0;

  now(): string {
    return new Date(Date.UTC(2026, 0, 1) + this.elapsedMs).toISOString();
  }

  monotonicMs(): number {
    return this.elapsedMs;
  }

  async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(durationMs);
    this.elapsedMs += durationMs;
  }
}
