import type { LanguageModelChat, LanguageModelChatMessage } from 'vscode';
import { fail, ok, type Result } from '../base/result';
import type { Failure } from '../core/model/failure';
import type { ModelAnswer, ModelMessage, ModelProvider, ModelRequest, ToolCall } from '../core/ports';
import { editorModelFailure, missingModel } from './languageModelFailure';
import type { VsCode } from './vscodeApi';

/** A model that the editor itself offers, through whichever extension brought it. */
export interface EditorModel {
  /** `vscode/<its id>`, with its vendor in between where two vendors have that id. */
  readonly id: string;
  readonly name: string;
  readonly vendor: string;
}

export interface EditorModels extends ModelProvider {
  list(): Promise<EditorModel[]>;
  /** Tokens a model reads, once it was seen; undefined before. */
  windowOf(model: string): number | undefined;
}

/** Three minutes, as for models over the network. */
const defaultStallMs = 180_000;

/** The models of `vscode.lm` as `vscode/…`. The editor asks the person for consent at the first call that follows a click. */
export function languageModels(api: VsCode, stallTimeoutMs = defaultStallMs): EditorModels {
  const windows = new Map<string, number>();
  const find = async (model: string) => {
    const all = await api.lm.selectChatModels({});
    const found = named(model.slice(model.indexOf('/') + 1), all);
    if (found) windows.set(model, found.maxInputTokens);
    return (
      found ??
      missingModel(
        model,
        all.map((one) => idOf(one, all)),
      )
    );
  };
  return {
    list: async () => {
      const all = await api.lm.selectChatModels({});
      return all.map((one) => ({ id: idOf(one, all), name: one.name, vendor: one.vendor }));
    },
    windowOf: (model) => windows.get(model),
    complete: async (request, signal, onText) => {
      try {
        signal.throwIfAborted();
        const chat = await find(request.model);
        if ('kind' in chat) return fail(chat);
        return await answerOf(api, chat, request, { signal, stallTimeoutMs, ...(onText ? { onText } : {}) });
      } catch (error) {
        return fail(signal.aborted ? cancelled(request.model) : editorModelFailure(request.model, error));
      }
    },
  };
}

/** By its id, by vendor and id, or by its family (`gpt-5`), in this order. */
function named(name: string, all: readonly LanguageModelChat[]): LanguageModelChat | undefined {
  return (
    all.find(({ id }) => id === name) ??
    all.find(({ vendor, id }) => `${vendor}/${id}` === name) ??
    all.find(({ family }) => family === name)
  );
}

function idOf({ id, vendor }: LanguageModelChat, all: readonly LanguageModelChat[]): string {
  const isUnique = all.filter((other) => other.id === id).length === 1;
  return isUnique ? `vscode/${id}` : `vscode/${vendor}/${id}`;
}

function cancelled(model: string): Failure {
  return { kind: 'cancelled', message: `The call of ${model} was cancelled.` };
}

interface AnswerOptions {
  readonly signal: AbortSignal;
  readonly stallTimeoutMs: number;
  readonly onText?: (delta: string) => void;
}

async function answerOf(
  api: VsCode,
  chat: LanguageModelChat,
  request: ModelRequest,
  options: AnswerOptions,
): Promise<Result<ModelAnswer, Failure>> {
  const stopping = new api.CancellationTokenSource();
  const patience = new Patience(options.signal, options.stallTimeoutMs, () => stopping.cancel());
  let text = '';
  const toolCalls: ToolCall[] = [];
  try {
    const call = {
      justification: 'An agent of the Enterprise Execution Engine works at a task you started.',
      tools: request.tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
    };
    const sending = chat.sendRequest(messagesOf(api, request), call, stopping.token);
    const parts = (await patience.within(sending)).stream[Symbol.asyncIterator]();
    for (;;) {
      const next = await patience.within(parts.next());
      if (next.done === true) break;
      const part: unknown = next.value;
      if (part instanceof api.LanguageModelTextPart) {
        text += part.value;
        options.onText?.(part.value);
      }
      if (part instanceof api.LanguageModelToolCallPart)
        toolCalls.push({ id: part.callId, name: part.name, input: part.input });
    }
    const usage = estimate(request, text + JSON.stringify(toolCalls));
    return ok({ text, toolCalls, finishReason: toolCalls.length > 0 ? 'tool-calls' : 'stop', usage });
  } finally {
    patience.end();
    stopping.dispose();
  }
}

/** The editor has no message of a system: its text is the first one of the user. */
function messagesOf(api: VsCode, { system, messages }: ModelRequest): LanguageModelChatMessage[] {
  const first = system === '' ? [] : [api.LanguageModelChatMessage.User(system)];
  return [...first, ...messages.map((message) => messageOf(api, message))];
}

function messageOf(api: VsCode, message: ModelMessage): LanguageModelChatMessage {
  const { LanguageModelChatMessage: Chat, LanguageModelTextPart: Text } = api;
  if (message.role === 'user') return Chat.User(message.text);
  if (message.role === 'tool') {
    return Chat.User(
      message.results.map(({ id, output }) => new api.LanguageModelToolResultPart(id, [new Text(output)])),
    );
  }
  const calls = message.toolCalls.map(
    ({ id, name, input }) => new api.LanguageModelToolCallPart(id, name, asObject(input)),
  );
  const said = message.text !== '' || calls.length === 0 ? [new Text(message.text || '(no answer)')] : [];
  return Chat.Assistant([...said, ...calls]);
}

function asObject(input: unknown): object {
  return typeof input === 'object' && input !== null ? input : { unparsed: input };
}

/** The editor reports no usage: four characters are taken for a token, and marked as an estimate. */
function estimate({ system, messages, tools }: ModelRequest, answered: string): ModelAnswer['usage'] {
  const tokensOf = (text: string) => Math.ceil(text.length / 4);
  return {
    inputTokens: tokensOf(JSON.stringify([system, messages, tools])),
    outputTokens: tokensOf(answered),
    isEstimate: true,
    costUsd: null,
  };
}

/** Ends the waiting for a model that stays silent, or whose call was aborted, whether or not it notices. */
class Patience {
  private readonly abort = () => this.stop(this.signal.reason as Error);
  private readonly stopped: Promise<never>;
  private rejectStopped: (reason: Error) => void = () => undefined;

  constructor(
    private readonly signal: AbortSignal,
    private readonly stallTimeoutMs: number,
    private readonly onStop: () => void,
  ) {
    this.stopped = new Promise((_resolve, reject) => (this.rejectStopped = reject));
    // Nobody may be waiting when it happens; the next wait still sees it.
    this.stopped.catch(() => undefined);
    signal.addEventListener('abort', this.abort, { once: true });
  }

  async within<T>(work: PromiseLike<T>): Promise<T> {
    const seconds = this.stallTimeoutMs / 1000;
    const timer = setTimeout(
      () => this.stop(new Error(`it sent nothing for ${seconds} s`)),
      this.stallTimeoutMs,
    );
    try {
      return await Promise.race([work, this.stopped]);
    } finally {
      clearTimeout(timer);
    }
  }

  end(): void {
    this.signal.removeEventListener('abort', this.abort);
  }

  private stop(reason: Error): void {
    this.rejectStopped(reason);
    this.onStop();
  }
}
