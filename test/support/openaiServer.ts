import type { ModelScript, ScriptedAnswer, ScriptedMessage, ScriptedRequest } from './modelScript';
import { argumentsOf, idOf } from './openaiCalls';
import { openaiResponses } from './openaiResponses';
import {
  pieces,
  startScriptedServer,
  textOf,
  type Conversation,
  type ScriptedServer,
  type WireProtocol,
} from './scriptedServer';

/**
 * A server that speaks OpenAI's chat completions (what every "OpenAI-compatible" service offers) and its responses API,
 * streaming or not. Formats: platform.openai.com/docs/api-reference.
 */
export function startOpenAiServer(script: ModelScript): Promise<ScriptedServer> {
  return startScriptedServer(openai, script);
}

const openai: WireProtocol = {
  serves: (path) => path === '/v1/chat/completions' || path === '/v1/responses',
  read: (path, body) => (path.endsWith('/responses') ? openaiResponses.read(body) : readChat(body)),
  stream: (request, answer) =>
    request.path.endsWith('/responses')
      ? openaiResponses.stream(request, answer)
      : streamChat(request, answer),
  document: (request, answer) =>
    request.path.endsWith('/responses')
      ? openaiResponses.document(request, answer)
      : chatDocument(request, answer),
};

interface ChatMessage {
  role: string;
  content?: unknown;
  tool_call_id?: string;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
}

function readChat(body: Record<string, unknown>): Conversation {
  const messages = body['messages'] as ChatMessage[];
  const tools = (body['tools'] ?? []) as { function: { name: string } }[];
  return {
    system: messages
      .filter((message) => message.role === 'system')
      .map((message) => textOf(message.content))
      .join('\n'),
    messages: messages.filter((message) => message.role !== 'system').map(readMessage),
    tools: tools.map((tool) => tool.function.name),
  };
}

function readMessage(message: ChatMessage): ScriptedMessage {
  const text = textOf(message.content);
  if (message.role === 'tool') {
    return {
      role: 'tool',
      text: '',
      toolCalls: [],
      toolResults: [{ id: message.tool_call_id ?? '', output: text }],
    };
  }
  const toolCalls = (message.tool_calls ?? []).map((call) => ({
    id: call.id,
    name: call.function.name,
    // As the real service does, arguments in the history must be JSON: anything else fails this request.
    input: JSON.parse(call.function.arguments) as unknown,
  }));
  return { role: message.role === 'assistant' ? 'assistant' : 'user', text, toolCalls, toolResults: [] };
}

function streamChat(request: ScriptedRequest, answer: ScriptedAnswer) {
  const chunk = (delta: object, finish: string | null = null) =>
    event({
      ...head(request, 'chat.completion.chunk'),
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
  const begun = [chunk({ role: 'assistant', content: '' })];
  for (const piece of pieces(answer.text ?? '')) begun.push(chunk({ content: piece }));
  const calls = answer.toolCalls ?? [];
  calls.forEach((call, index) => {
    const [first = '', second = ''] = pieces(argumentsOf(call));
    const opening = {
      index,
      id: idOf(request, call, index),
      type: 'function',
      function: { name: call.name, arguments: first },
    };
    begun.push(
      chunk({ tool_calls: [opening] }),
      chunk({ tool_calls: [{ index, function: { arguments: second } }] }),
    );
  });
  const rest = [chunk({}, calls.length > 0 ? 'tool_calls' : 'stop')];
  if (answer.usage)
    rest.push(event({ ...head(request, 'chat.completion.chunk'), choices: [], usage: usageOf(answer) }));
  rest.push('data: [DONE]\n\n');
  return {
    begun,
    rest,
    error: event({ error: { message: 'scripted error in the stream', type: 'server_error', code: 500 } }),
  };
}

function chatDocument(request: ScriptedRequest, answer: ScriptedAnswer): unknown {
  const calls = (answer.toolCalls ?? []).map((call, index) => ({
    id: idOf(request, call, index),
    type: 'function',
    function: { name: call.name, arguments: argumentsOf(call) },
  }));
  const message = {
    role: 'assistant',
    content: answer.text ?? null,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  const choices = [{ index: 0, message, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }];
  return {
    ...head(request, 'chat.completion'),
    choices,
    ...(answer.usage ? { usage: usageOf(answer) } : {}),
  };
}

function usageOf({ usage = { input: 0, output: 0 } }: ScriptedAnswer) {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cached ?? 0 },
  };
}

function head(request: ScriptedRequest, object: string) {
  return { id: `chatcmpl-${request.index}`, object, created: 1_760_000_000, model: request.model };
}

function event(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
