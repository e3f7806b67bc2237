import { createHash } from 'node:crypto';
import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
} from '@ai-sdk/provider';
import type { ModelMessage, ModelRequest, ToolSpec } from '../../core/ports';
import type { ProviderName } from './modelService';

export type AssistantPart = Extract<LanguageModelV4Message, { role: 'assistant' }>['content'][number];

/**
 * What an answer's `content` holds: the provider's parts, returned only to the very model they came from, because
 * thinking of one model is refused by another one of the same provider.
 */
export interface ProviderContent {
  readonly provider: ProviderName;
  /** `provider/model`. Absent in journals of earlier versions. */
  readonly model?: string;
  readonly parts: readonly AssistantPart[];
}

/** A request in the SDK's form. */
export function callOptionsOf(provider: ProviderName, request: ModelRequest): LanguageModelV4CallOptions {
  const tools = request.tools.map((tool) => toolOf(provider, tool));
  const marked = provider === 'anthropic' ? withCacheMark(tools) : tools;
  return {
    prompt: promptOf(provider, request),
    ...(tools.length > 0 ? { tools: marked, toolChoice: { type: 'auto' } } : {}),
    ...effortOf(provider, request),
    // The service keeps no copy of the conversation; thinking comes back encrypted instead of by reference.
    ...(provider === 'openai'
      ? { providerOptions: { openai: { store: false, promptCacheKey: cacheKeyOf(request) } } }
      : {}),
  };
}

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

/** Servers that only resemble a provider may refuse a request with a field they do not know. */
function effortOf(
  provider: ProviderName,
  { effort }: ModelRequest,
): Pick<LanguageModelV4CallOptions, 'reasoning'> {
  const known = efforts.find((name) => name === effort?.toLowerCase());
  const canBeTold = provider === 'anthropic' || provider === 'openai' || provider === 'google';
  return known === undefined || !canBeTold ? {} : { reasoning: known };
}

function promptOf(provider: ProviderName, request: ModelRequest): LanguageModelV4Prompt {
  const system: LanguageModelV4Message = { role: 'system', content: request.system };
  const prompt = [system, ...request.messages.map((message) => messageOf(provider, request.model, message))];
  return provider === 'anthropic' ? withCacheMarks(prompt) : prompt;
}

/** The conversation as it was said and called, without what models thought; undefined when there is no thinking in it. */
export function withoutThinking(request: ModelRequest): ModelRequest | undefined {
  const messages = request.messages.map((message) => {
    if (message.role !== 'assistant' || !hasThinking(message.content)) return message;
    const { content: _thought, ...said } = message;
    return said;
  });
  const isChanged = messages.some((message, index) => message !== request.messages[index]);
  return isChanged ? { ...request, messages } : undefined;
}

function hasThinking(content: unknown): boolean {
  if (typeof content !== 'object' || content === null || !('parts' in content)) return false;
  const parts: unknown[] = Array.isArray(content.parts) ? content.parts : [];
  const typed = parts.filter((part): part is { type: unknown } => {
    return typeof part === 'object' && part !== null && 'type' in part;
  });
  return typed.some(({ type }) => type === 'reasoning');
}

const cacheMark = { anthropic: { cacheControl: { type: 'ephemeral' } } };

/**
 * Anthropic caches up to a mark, and reads at a mark what an earlier request left there; four are allowed. After the
 * tools (shared by all agents that have them), after the system's text, and after the last two messages that are not the
 * model's: where the request before this one ended, and where this one ends.
 */
function withCacheMarks(prompt: LanguageModelV4Prompt): LanguageModelV4Prompt {
  const ends = prompt.flatMap(({ role }, index) => (role === 'assistant' || index === 0 ? [] : [index]));
  const marked = new Set([0, ...ends.slice(-2)]);
  return prompt.map((message, index) =>
    marked.has(index) ? { ...message, providerOptions: cacheMark } : message,
  );
}

function withCacheMark(tools: readonly LanguageModelV4FunctionTool[]): LanguageModelV4FunctionTool[] {
  return tools.map((tool, index) =>
    index === tools.length - 1 ? { ...tool, providerOptions: cacheMark } : tool,
  );
}

/** OpenAI sends requests with the same key to the same cache: those of one conversation begin alike. */
function cacheKeyOf({ model, system, messages }: ModelRequest): string {
  const first = messages[0]?.role === 'user' ? messages[0].text : '';
  return createHash('sha256').update(`${model}\n${system}\n${first}`).digest('hex').slice(0, 32);
}

function messageOf(provider: ProviderName, model: string, message: ModelMessage): LanguageModelV4Message {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: [{ type: 'text', text: message.text }] };
    case 'assistant':
      return { role: 'assistant', content: assistantParts(provider, model, message) };
    case 'tool':
      return {
        role: 'tool',
        content: message.results.map(({ id, name, output, ok }) => ({
          type: 'tool-result',
          toolCallId: id,
          toolName: name,
          // Anthropic has a mark for errors; elsewhere the SDK would wrap the text.
          output: { type: !ok && provider === 'anthropic' ? 'error-text' : 'text', value: output },
        })),
      };
  }
}

function assistantParts(
  provider: ProviderName,
  model: string,
  message: Extract<ModelMessage, { role: 'assistant' }>,
): AssistantPart[] {
  if (isContentOf(provider, model, message.content)) return [...message.content.parts];
  const text: AssistantPart[] = message.text ? [{ type: 'text', text: message.text }] : [];
  const calls = message.toolCalls.map(({ id, name, input }): AssistantPart => ({
    type: 'tool-call',
    toolCallId: id,
    toolName: name,
    input: asObject(input),
  }));
  const parts = [...text, ...calls];
  // Services refuse an empty message, and leaving it out would join two messages of the user.
  return parts.length > 0 ? parts : [{ type: 'text', text: '(no answer)' }];
}

function isContentOf(provider: ProviderName, model: string, content: unknown): content is ProviderContent {
  if (typeof content !== 'object' || content === null || !('provider' in content) || !('parts' in content))
    return false;
  if ('model' in content && content.model !== model) return false;
  return content.provider === provider && Array.isArray(content.parts) && content.parts.length > 0;
}

/** Arguments in a conversation must be an object everywhere; what was none is shown to the model as it was. */
export function asObject(input: unknown): unknown {
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? input : { unparsed: input };
}

function toolOf(provider: ProviderName, tool: ToolSpec): LanguageModelV4FunctionTool {
  return {
    type: 'function',
    name: tool.name,
    description: tool.description,
    inputSchema: tool.inputSchema,
    // OpenAI would otherwise make every optional argument required.
    ...(provider === 'openai' ? { strict: false } : {}),
  };
}
