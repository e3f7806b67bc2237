import type {
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolCall,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import { fail, ok, type Result } from '../../base/result';
import type { Failure } from '../../core/model/failure';
import type { ModelAnswer, ModelRequest, ToolCall } from '../../core/ports';
import { cutCall, failureOfCall } from './modelFailure';
import type { ModelService } from './modelService';
import { asObject, type AssistantPart, type ProviderContent } from './prompt';
import { usageOf } from './usage';

export interface CollectOptions {
  readonly signal: AbortSignal;
  readonly wallMs: () => number;
  readonly onText?: (delta: string) => void;
}

/** Reads a stream to its end. A stream without its last part, or with an error in it, is a failure, not an answer. */
export async function collectAnswer(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  service: ModelService,
  request: ModelRequest,
  options: CollectOptions,
): Promise<Result<ModelAnswer, Failure>> {
  const parts = new AnswerParts();
  let finish: { reason: LanguageModelV4FinishReason; usage: LanguageModelV4Usage } | undefined;
  for await (const part of readable(stream, options.signal)) {
    if (part.type === 'error') return fail(failureOfCall(part.error, service, options.wallMs()));
    if (part.type === 'finish') finish = { reason: part.finishReason, usage: part.usage };
    if (part.type === 'text-delta') options.onText?.(part.delta);
    parts.add(part);
  }
  if (!finish || isCut(finish.reason)) return fail(cutCall(service));
  const { text, toolCalls } = parts;
  return ok({
    text,
    toolCalls,
    content: {
      provider: service.provider,
      model: service.model,
      parts: parts.content,
    } satisfies ProviderContent,
    finishReason: finish.reason.unified,
    usage: usageOf(service, finish.usage, request, text + JSON.stringify(toolCalls)),
  });
}

/** Every service names the reason for its end; an SDK that saw none says `other`, `interrupted` or `error`. */
function isCut({ unified, raw }: LanguageModelV4FinishReason): boolean {
  return unified === 'interrupted' || unified === 'error' || (unified === 'other' && raw === undefined);
}

async function* readable<T>(stream: ReadableStream<T>, signal: AbortSignal): AsyncGenerator<T> {
  const reader = stream.getReader();
  // The rest is of no interest, and a stream that is already broken rejects this. What is being read ends with it.
  const stop = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return;
      yield value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

type Block = { type: 'text' | 'reasoning'; text: string; providerOptions?: AssistantPart['providerOptions'] };

/** Puts the pieces of an answer together, in the order in which its parts began. */
class AnswerParts {
  private readonly blocks = new Map<string, Block>();
  private readonly ordered: (Block | AssistantPart)[] = [];
  private readonly calls: ToolCall[] = [];

  get text(): string {
    return this.ordered.map((part) => (part.type === 'text' ? part.text : '')).join('');
  }

  get toolCalls(): readonly ToolCall[] {
    return this.calls;
  }

  get content(): AssistantPart[] {
    const kept = this.ordered.filter((part) => part.type !== 'text' || part.text !== '');
    return kept as AssistantPart[];
  }

  add(part: LanguageModelV4StreamPart): void {
    switch (part.type) {
      case 'text-start':
      case 'text-delta':
      case 'text-end':
        this.grow('text', part);
        return;
      case 'reasoning-start':
      case 'reasoning-delta':
      case 'reasoning-end':
        this.grow('reasoning', part);
        return;
      case 'tool-call':
        this.call(part);
        return;
      case 'custom':
        // The SDK's own mark of a beginning; no part of the answer.
        if (part.kind === 'anthropic.message_start') return;
        this.ordered.push({ type: 'custom', kind: part.kind, ...optionsOf(part) });
        return;
      default:
        return;
    }
  }

  private grow(
    type: Block['type'],
    part: { id: string; delta?: string; providerMetadata?: Block['providerOptions'] },
  ): void {
    const key = `${type} ${part.id}`;
    let block = this.blocks.get(key);
    if (!block) {
      block = { type, text: '' };
      this.blocks.set(key, block);
      this.ordered.push(block);
    }
    block.text += part.delta ?? '';
    // Later metadata completes earlier: a signature arrives after the thinking it signs.
    for (const [provider, values] of Object.entries(part.providerMetadata ?? {})) {
      block.providerOptions = {
        ...block.providerOptions,
        [provider]: { ...block.providerOptions?.[provider], ...values },
      };
    }
  }

  private call(part: LanguageModelV4ToolCall): void {
    const taken = new Set(this.calls.map((call) => call.id));
    let id = part.toolCallId || `call_${this.calls.length}`;
    // Some local servers give every call the same id.
    while (taken.has(id)) id = `${id}_${this.calls.length}`;
    const input = inputOf(part.input);
    this.calls.push({ id, name: part.toolName, input });
    this.ordered.push({
      type: 'tool-call',
      toolCallId: id,
      toolName: part.toolName,
      input: asObject(input),
      ...optionsOf(part),
    });
  }
}

function optionsOf(part: { providerMetadata?: Block['providerOptions'] }): {
  providerOptions?: NonNullable<Block['providerOptions']>;
} {
  return part.providerMetadata ? { providerOptions: part.providerMetadata } : {};
}

/** The arguments as an object, or the text as it came when it is no JSON object: the caller tells the model. */
function inputOf(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : text;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
