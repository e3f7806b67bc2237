import type { Clock } from '../../../base/clock';
import type { NewEvent } from '../../../core/model/event';
import type { Failure } from '../../../core/model/failure';
import type { AttemptContext, ModelProvider, ToolSpec } from '../../../core/ports';
import { retryInMs } from './backoff';
import type { Conversation } from './conversation';
import { fitted } from './window';

export interface ModelCall {
  readonly provider: ModelProvider;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
  readonly context: AttemptContext;
  readonly signal: AbortSignal;
  readonly system: string;
  readonly tools: readonly ToolSpec[];
  /** The conversation as it is now: recording the call may elide something from it. */
  readonly state: () => Conversation;
  readonly emit: (event: NewEvent) => Promise<void>;
}

/**
 * One step of the model, with as many tries as it is worth: the intent is recorded before each try, its answer or its
 * failure after it. Gives the failure that ended it; after an abort the caller knows why.
 */
export async function callModel(call: ModelCall): Promise<Failure | undefined> {
  const { context, signal, clock } = call;
  const { model } = context;
  const step = call.state().steps + 1;
  const ids = { taskId: context.task.id, attempt: context.attempt, model };
  for (let tries = 1; ; tries++) {
    const callId = call.newId();
    await call.emit({ type: 'model.called', ...ids, callId, step });
    const startedAt = clock.monotonicMs();
    const { messages, elided } = call.state();
    const request = { model, system: call.system, messages: fitted(messages, elided), tools: call.tools };
    const answer = await call.provider.complete(request, signal);
    const durationMs = clock.monotonicMs() - startedAt;
    if (answer.ok) {
      const { text, toolCalls, content, finishReason, usage } = answer.value;
      const kept = content === undefined ? {} : { content };
      await call.emit({
        type: 'model.answered',
        ...ids,
        callId,
        step,
        text,
        toolCalls: [...toolCalls],
        ...kept,
        finishReason,
        usage,
        durationMs,
      });
      return undefined;
    }
    if (signal.aborted) return undefined;
    const waitMs = retryInMs(answer.failure, tries, call.random());
    await call.emit({
      type: 'model.failed',
      ...ids,
      callId,
      failure: answer.failure,
      ...(waitMs === undefined ? {} : { retryInMs: waitMs }),
    });
    if (waitMs === undefined) return answer.failure;
    if (!(await slept(clock, waitMs, signal))) return undefined;
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
