import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
} from '@ai-sdk/provider';
import type { ModelMessage, ModelRequest, ToolSpec } from '../../core/ports';
import type { ProviderName } from './modelService';

export type AssistantPart = Extract<LanguageModelV4Message, { role: 'assistant' }>['content'][number];

/** What an answer's `content` holds: the provider's parts, returned only to the provider they came from. */
export interface ProviderContent {
  readonly provider: ProviderName;
  readonly parts: readonly AssistantPart[];
}

/** A request in the SDK's form. */
export function callOptionsOf(provider: ProviderName, request: ModelRequest): LanguageModelV4CallOptions {
  const tools = request.tools.map((tool) => toolOf(provider, tool));
  return {
    prompt: promptOf(provider, request),
    ...(tools.length > 0 ? { tools, toolChoice: { type: 'auto' } } : {}),
    // The service keeps no copy of the conversation; thinking comes back encrypted instead of by reference.
    ...(provider === 'openai' ? { providerOptions: { openai: { store: false } } } : {}),
  };
}

function promptOf(provider: ProviderName, request: ModelRequest): LanguageModelV4Prompt {
  const system: LanguageModelV4Message = { role: 'system', content: request.system };
  const prompt = [system, ...request.messages.map((message) => messageOf(provider, message))];
  return provider === 'anthropic' ? withCacheMarks(prompt) : prompt;
}

/** Anthropic caches up to a mark: one after what never changes, one after the whole conversation so far. */
function withCacheMarks(prompt: LanguageModelV4Prompt): LanguageModelV4Prompt {
  const providerOptions = { anthropic: { cacheControl: { type: 'ephemeral' } } };
  const last = prompt.length - 1;
  return prompt.map((message, index) =>
    index === 0 || index === last ? { ...message, providerOptions } : message,
  );
}

function messageOf(provider: ProviderName, message: ModelMessage): LanguageModelV4Message {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: [{ type: 'text', text: message.text }] };
    case 'assistant':
      return { role: 'assistant', content: assistantParts(provider, message) };
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
  message: Extract<ModelMessage, { role: 'assistant' }>,
): AssistantPart[] {
  if (isContentOf(provider, message.content)) return [...message.content.parts];
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

function isContentOf(provider: ProviderName, content: unknown): content is ProviderContent {
  if (typeof content !== 'object' || content === null || !('provider' in content) || !('parts' in content))
    return false;
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
