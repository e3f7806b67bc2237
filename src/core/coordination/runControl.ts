import type { Failure } from '../model/failure';

/**
 * Why the work at a run stops. `left` and `broken` stop this process only: the run can be resumed. It is `broken` when
 * its journal failed, so that nothing can be said of it any more.
 */
export type StopReason =
  | { readonly kind: 'cancelled'; readonly by: string }
  | { readonly kind: 'budget'; readonly failure: Failure }
  | { readonly kind: 'left' }
  | { readonly kind: 'broken'; readonly error: unknown };

/** The person's hand on a run: stop and pause. */
export class RunControl {
  private readonly stopping = new AbortController();
  private resumeWaiting: (() => void) | undefined;
  private paused: Promise<void> | undefined;

  /** Aborted when the run stops for any reason. */
  readonly signal: AbortSignal = this.stopping.signal;
  stopReason: StopReason | undefined;

  stop(reason: StopReason): void {
    if (this.stopReason) return;
    this.stopReason = reason;
    const error = new Error('The run was stopped.');
    error.name = 'AbortError';
    this.stopping.abort(error);
  }

  get isPaused(): boolean {
    return this.paused !== undefined;
  }

  pause(): void {
    this.paused ??= new Promise((resolve) => (this.resumeWaiting = resolve));
  }

  resume(): void {
    this.resumeWaiting?.();
    this.paused = undefined;
    this.resumeWaiting = undefined;
  }

  /** Waits while the run is paused. Rejects when the run or the given signal stops meanwhile. */
  async whileRunning(signal: AbortSignal): Promise<void> {
    while (this.paused) await untilAborted(this.paused, signal);
    signal.throwIfAborted();
  }
}

function untilAborted(waiting: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abandon = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abandon, { once: true });
    void waiting.then(() => {
      signal.removeEventListener('abort', abandon);
      resolve();
    });
  });
}
