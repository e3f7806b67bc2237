import { fail, ok, type Result } from '../../src/base/result';
import type { Failure } from '../../src/core/model/failure';
import type { ModelAnswer, ModelMessage, ModelProvider, ModelRequest } from '../../src/core/ports';
import type { ModelScript, Scripted, ScriptedAnswer, ScriptedMessage, ScriptedRequest } from './modelScript';

export interface ScriptedProvider extends ModelProvider {
  readonly requests: readonly ScriptedRequest[];
}

/** A `ModelProvider` without a network that behaves as the real one does over a server with the same script. */
export function scriptedProvider(script: ModelScript, stallTimeoutMs = 50): ScriptedProvider {
  const requests: ScriptedRequest[] = [];
  return {
    requests,
    complete: async (request, signal, onText) => {
      if (signal.aborted) return fail(cancelled);
      const asked = requestOf(request, requests.length);
      requests.push(asked);
      const scripted = await script(asked);
      const answer = await settled(scripted, request, asked, stallTimeoutMs, signal);
      if (answer.ok && answer.value.text) onText?.(answer.value.text);
      return answer;
    },
  };
}

const cancelled: Failure = { kind: 'cancelled', message: 'The model call was cancelled.' };

async function settled(
  scripted: Scripted,
  request: ModelRequest,
  asked: ScriptedRequest,
  stallTimeoutMs: number,
  signal: AbortSignal,
): Promise<Result<ModelAnswer, Failure>> {
  const { model } = request;
  const unavailable = (why: string, status?: number, retryable = true): Failure => ({
    kind: 'model-unavailable',
    model,
    retryable,
    message: `${model} is not available: ${why}.`,
    ...(status === undefined ? {} : { status }),
  });
  if ('silent' in scripted || ('fault' in scripted && scripted.fault === 'stall')) {
    return fail((await pause(stallTimeoutMs, signal)) ? unavailable('it sent nothing') : cancelled);
  }
  if ('status' in scripted) {
    const wait = Number(scripted.headers?.['retry-after'] ?? Number.NaN);
    const failure = unavailable(
      String(scripted.status),
      scripted.status,
      scripted.status === 429 || scripted.status >= 500,
    );
    return fail(Number.isNaN(wait) ? failure : { ...failure, retryAfterMs: wait * 1000 });
  }
  if (scripted.startAfterMs && !(await pause(scripted.startAfterMs, signal))) return fail(cancelled);
  switch (scripted.fault) {
    case undefined:
      return ok(answerOf(scripted, asked));
    case 'malformed':
      return fail({ kind: 'model-misbehaved', model, message: `The answer of ${model} cannot be read.` });
    default:
      return fail(unavailable('its answer was cut off'));
  }
}

/** False when the signal was aborted first. */
function pause(durationMs: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), durationMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}

function answerOf(answer: ScriptedAnswer, asked: ScriptedRequest): ModelAnswer {
  const toolCalls = (answer.toolCalls ?? []).map((call, index) => ({
    id: call.id ?? `call_${asked.step}_${index}`,
    name: call.name,
    input: call.rawArguments ?? call.input ?? {},
  }));
  const { input = 0, output = 0, cached } = answer.usage ?? {};
  return {
    text: answer.text ?? '',
    toolCalls,
    content: { scripted: asked.index },
    finishReason: toolCalls.length > 0 ? 'tool-calls' : 'stop',
    usage: {
      inputTokens: input,
      outputTokens: output,
      costUsd: 0,
      ...(cached ? { cachedInputTokens: cached } : {}),
    },
  };
}

function requestOf(request: ModelRequest, index: number): ScriptedRequest {
  const messages = request.messages.map(messageOf);
  const last = messages.findLastIndex((message) => message.role === 'assistant');
  return {
    index,
    path: '',
    headers: {},
    body: {},
    model: request.model,
    system: request.system,
    messages,
    tools: request.tools.map((tool) => tool.name),
    prompt: messages.find((message) => message.role === 'user')?.text ?? '',
    step: messages.filter((message) => message.role === 'assistant').length,
    toolOutputs: messages
      .slice(last + 1)
      .flatMap((message) => message.toolResults.map((result) => result.output)),
  };
}

function messageOf(message: ModelMessage): ScriptedMessage {
  switch (message.role) {
    case 'user':
      return { role: 'user', text: message.text, toolCalls: [], toolResults: [] };
    case 'assistant':
      return { role: 'assistant', text: message.text, toolCalls: message.toolCalls, toolResults: [] };
    case 'tool':
      return { role: 'tool', text: '', toolCalls: [], toolResults: message.results };
  }
}
