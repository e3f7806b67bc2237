/** Time as the engine sees it. Durations come from `monotonicMs`; `now` is only for showing a date to a person. */
export interface Clock {
  /** Wall-clock time in ISO 8601, UTC. May jump; never used to order or to measure. */
  now(): string;
  /** Milliseconds since an arbitrary origin; never goes backwards within one process. */
  monotonicMs(): number;
  /** Resolves after the given milliseconds; rejects with the signal's reason when it is aborted first. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}
