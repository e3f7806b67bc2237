import type { Clock } from '../../base/clock';
import type { Result } from '../../base/result';
import type { NewEvent } from '../model/event';
import type { Failure } from '../model/failure';
import type { ModelAnswer, ModelProvider, ModelRequest } from '../ports';

export interface CallDeps {
  readonly provider: ModelProvider;
  readonly clock: Clock;
  /** A number from 0 to 1, to spread the retries of many agents. */
  readonly random: () => number;
}

/** Whose call it is, as its events say; `emit` resolves when they are durable. */
export interface CallRecord {
  readonly callId: string;
  readonly step: number;
  /** Absent for the planning of a run. */
  readonly taskId?: string;
  readonly attempt?: number;
  emit(event: NewEvent): Promise<void>;
}

const maxTries = 5;
const firstDelayMs = 1_000;
const longestDelayMs = 60_000;

/**
 * Calls a model with its intent before and its result after in the journal. A failure that time may mend is tried again,
 * at most five times: after what the service asked for, else after an exponential delay with jitter.
 */
export async function recordedCall(
  request: ModelRequest,
  record: CallRecord,
  deps: CallDeps,
  signal: AbortSignal,
): Promise<Result<ModelAnswer, Failure>> {
  const { model } = request;
  const { callId, step, taskId, attempt } = record;
  const caller = { ...(taskId === undefined ? {} : { taskId }), ...(attempt === undefined ? {} : { attempt }), callId, model };
  for (let tries = 1; ; tries++) {
    await record.emit({ type: 'model.called', ...caller, step });
    const startedMs = deps.clock.monotonicMs();
    const answered = await deps.provider.complete(request, signal);
    if (answered.ok) {
      const { text, toolCalls, content, finishReason, usage } = answered.value;
      const durationMs = deps.clock.monotonicMs() - startedMs;
      const result = { text, toolCalls: [...toolCalls], finishReason, usage, durationMs, ...(content === undefined ? {} : { content }) };
      await record.emit({ type: 'model.answered', ...caller, step, ...result });
      return answered;
    }
    const retryInMs = tries < maxTries ? delayOf(answered.failure, tries, deps.random) : undefined;
    const retry = retryInMs === undefined ? {} : { retryInMs };
    await record.emit({ type: 'model.failed', ...caller, failure: answered.failure, ...retry });
    if (retryInMs === undefined || signal.aborted) return answered;
    await deps.clock.sleep(retryInMs, signal);
  }
}

/** Milliseconds until the next try; undefined when another try cannot help. */
export function delayOf(failure: Failure, tries: number, random: () => number): number | undefined {
  if (failure.kind !== 'model-unavailable' || !failure.retryable) return undefined;
  if (failure.retryAfterMs !== undefined) return failure.retryAfterMs;
  const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (tries - 1));
  return Math.round(delayMs * (0.5 + random() / 2));
}
