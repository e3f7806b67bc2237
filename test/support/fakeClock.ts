import type { Clock } from '../../src/base/clock';

/** A clock that stands still until it is told to move; sleepers wake in the order of their time. */
export class FakeClock implements Clock {
  private elapsedMs = 0;
  private sleepers: { at: number; wake: () => void }[] = [];

  now(): string {
    return new Date(Date.UTC(2026, 0, 1) + this.elapsedMs).toISOString();
  }

  monotonicMs(): number {
    return this.elapsedMs;
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      this.sleepers.push({ at: this.elapsedMs + durationMs, wake: resolve });
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  }

  /** Moves time on and wakes everybody whose time has come. */
  advance(durationMs: number): void {
    this.elapsedMs += durationMs;
    const due = this.sleepers.filter((sleeper) => sleeper.at <= this.elapsedMs).sort((a, b) => a.at - b.at);
    this.sleepers = this.sleepers.filter((sleeper) => sleeper.at > this.elapsedMs);
    for (const sleeper of due) sleeper.wake();
  }
}
