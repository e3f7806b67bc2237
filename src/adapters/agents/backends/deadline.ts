import type { Clock } from '../../../base/clock';
import type { AttemptContext } from '../../../core/ports';

/**
 * The time an attempt has: one signal that is aborted by the attempt's own, and when its minutes are over. Time spent
 * waiting for people does not count.
 */
export class Deadline {
  readonly signal: AbortSignal;
  private readonly over = new AbortController();
  private readonly disposed = new AbortController();
  private readonly startedAt: number;
  private waitedMs = 0;
  private waits = 0;
  private waitingSince = 0;

  /** @param spentMs time that went into the attempt before it was resumed */
  constructor(
    private readonly clock: Clock,
    context: Pick<AttemptContext, 'signal' | 'limits'>,
    private readonly spentMs: number,
  ) {
    this.startedAt = clock.monotonicMs();
    this.signal = AbortSignal.any([context.signal, this.over.signal]);
    const { minutes } = context.limits;
    if (minutes === undefined) return;
    this.watch(minutes * 60_000).catch((error: unknown) => {
      // The sleep was ended by `dispose`; anything else ends the attempt, whose time can no longer be kept.
      if (!this.disposed.signal.aborted) this.over.abort(error);
    });
  }

  elapsedMs(): number {
    const now = this.clock.monotonicMs();
    const waiting = this.waits > 0 ? now - this.waitingSince : 0;
    return this.spentMs + now - this.startedAt - this.waitedMs - waiting;
  }

  /** Lets the clock stand still while people are waited for. */
  async excluding<T>(work: () => Promise<T>): Promise<T> {
    if (this.waits++ === 0) this.waitingSince = this.clock.monotonicMs();
    try {
      return await work();
    } finally {
      if (--this.waits === 0) this.waitedMs += this.clock.monotonicMs() - this.waitingSince;
    }
  }

  /** What the work gives, or undefined when the time is over first; how the work itself takes the end does not matter. */
  race<T>(work: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const abandon = () => resolve(undefined);
      if (this.signal.aborted) abandon();
      this.signal.addEventListener('abort', abandon, { once: true });
      const failed = (error: Error) => (this.signal.aborted ? abandon() : reject(error));
      void work.then(resolve, failed).finally(() => this.signal.removeEventListener('abort', abandon));
    });
  }

  dispose(): void {
    this.disposed.abort(new Error('disposed'));
  }

  private async watch(limitMs: number): Promise<void> {
    for (let left = limitMs - this.elapsedMs(); left > 0; left = limitMs - this.elapsedMs()) {
      await this.clock.sleep(left, this.disposed.signal);
    }
    this.over.abort(new Error('out of time'));
  }
}
