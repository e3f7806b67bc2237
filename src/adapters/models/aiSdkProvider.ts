import { fail, type Result } from '../../base/result';
import type { Failure } from '../../core/model/failure';
import type { ModelAnswer, ModelRequest } from '../../core/ports';
import { collectAnswer } from './answerStream';
import { fetchOfCall, languageModel } from './languageModel';
import type { CallOptions } from './modelCaller';
import { cancelledCall, failureOfCall, stalledCall } from './modelFailure';
import type { ModelService } from './modelService';
import { callOptionsOf, withoutThinking } from './prompt';
import { StallWatch } from './stallWatch';

/**
 * One streamed call through the AI SDK's provider interface (LanguageModelV4): no loop, no tool executed, and no retry but
 * one: where a service refuses the thinking in a conversation, it is asked without. A bundle entry of its own, because
 * the SDKs are large and are needed only when a model is called.
 */
export async function complete(
  service: ModelService,
  request: ModelRequest,
  signal: AbortSignal,
  options: CallOptions,
): Promise<Result<ModelAnswer, Failure>> {
  const answered = await streamed(service, request, signal, options);
  const bare = answered.ok || !refusesThinking(answered.failure) ? undefined : withoutThinking(request);
  return bare ? streamed(service, bare, signal, options) : answered;
}

async function streamed(
  service: ModelService,
  request: ModelRequest,
  signal: AbortSignal,
  options: CallOptions,
): Promise<Result<ModelAnswer, Failure>> {
  const watch = new StallWatch(options.stallTimeoutMs);
  const aborted = AbortSignal.any([signal, watch.signal]);
  try {
    const model = await languageModel(service, options.made ?? new Map<string, unknown>());
    const call = { ...callOptionsOf(service.provider, request), abortSignal: aborted };
    const streaming = fetchOfCall.run(watch.fetch, () => Promise.resolve(model.doStream(call)));
    const { stream } = await untilAborted(streaming, aborted);
    return await collectAnswer(stream, service, request, { signal: aborted, ...options });
  } catch (error) {
    if (signal.aborted) return fail(cancelledCall(service));
    if (watch.signal.aborted) return fail(stalledCall(service, options.stallTimeoutMs));
    return fail(failureOfCall(error, service, options.wallMs()));
  } finally {
    watch.stop();
  }
}

/**
 * Anthropic's thinking is bound to the model and the conversation it came from: in one that was condensed since, or after
 * a change of the account, the service answers 400 from then on, which would be the end of the attempt.
 */
function refusesThinking(failure: Failure): boolean {
  return failure.kind === 'model-unavailable' && failure.status === 400 && /thinking/i.test(failure.message);
}

/** An SDK that does not notice the abort must not keep the caller waiting. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abandon = () => reject(signal.reason as Error);
    if (signal.aborted) abandon();
    signal.addEventListener('abort', abandon, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abandon));
  });
}
