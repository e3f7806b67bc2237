import type { Clock } from '../../base/clock';
import type { Result } from '../../base/result';
import type { NewEvent } from '../model/event';
import type { Failure } from '../model/failure';
import type { ModelAnswer, ModelProvider, ModelRequest } from '../ports';
import { retryInMs } from './backoff';

export interface CallDeps {
  readonly provider: ModelProvider;
  readonly clock: Clock;
  /** From 0 to below 1; spreads the retries of many agents. */
  readonly random: () => number;
  /** Unique ids of model calls. */
  readonly newId: () => string;
}

/** One step of a conversation, and whose it is, as its events say. */
export interface RecordedCall {
  readonly model: string;
  readonly step: number;
  /** Absent for the planning of a run. */
  readonly taskId?: string;
  readonly attempt?: number;
  /** Asked for each try after its intent was recorded: recording it may change what is sent. */
  request(): Omit<ModelRequest, 'model'>;
  /** Resolves when the event is durable. */
  emit(event: NewEvent): Promise<void>;
}

/**
 * One answer of a model, with as many tries as it is worth: the intent is in the journal before each try, its answer
 * or its failure after it. An abort ends it with the last failure; one that the abort itself caused is not recorded.
 */
export async function recordedCall(
  call: RecordedCall,
  deps: CallDeps,
  signal: AbortSignal,
): Promise<Result<ModelAnswer, Failure>> {
  const { model, step, taskId, attempt } = call;
  const caller = {
    ...(taskId === undefined ? {} : { taskId }),
    ...(attempt === undefined ? {} : { attempt }),
    model,
  };
  for (let tries = 1; ; tries++) {
    const callId = deps.newId();
    await call.emit({ type: 'model.called', ...caller, callId, step });
    const startedMs = deps.clock.monotonicMs();
    const answered = await deps.provider.complete({ model, ...call.request() }, signal);
    if (answered.ok) {
      const { text, toolCalls, content, finishReason, usage } = answered.value;
      const durationMs = deps.clock.monotonicMs() - startedMs;
      const result = {
        text,
        toolCalls: [...toolCalls],
        finishReason,
        usage,
        durationMs,
        ...(content === undefined ? {} : { content }),
      };
      await call.emit({ type: 'model.answered', ...caller, callId, step, ...result });
      return answered;
    }
    if (signal.aborted) return answered;
    const waitMs = retryInMs(answered.failure, tries, deps.random());
    const retry = waitMs === undefined ? {} : { retryInMs: waitMs };
    await call.emit({ type: 'model.failed', ...caller, callId, failure: answered.failure, ...retry });
    if (waitMs === undefined || !(await slept(deps.clock, waitMs, signal))) return answered;
  }
}

/** False when an abort ended the sleep. */
function slept(clock: Clock, durationMs: number, signal: AbortSignal): Promise<boolean> {
  return clock.sleep(durationMs, signal).then(
    () => !signal.aborted,
    (error: unknown) => {
      if (signal.aborted) return false;
      throw error;
    },
  );
}
