import type { ModelScript, ScriptedAnswer, ScriptedMessage, ScriptedRequest } from './modelScript';
import { argumentsOf, idOf } from './openaiCalls';
import {
  pieces,
  startScriptedServer,
  textOf,
  type Conversation,
  type ScriptedServer,
  type WireProtocol,
} from './scriptedServer';

/** A server that speaks Anthropic's messages API. Format: docs.anthropic.com/en/api/messages-streaming. */
export function startAnthropicServer(script: ModelScript): Promise<ScriptedServer> {
  return startScriptedServer(anthropic, script);
}

const anthropic: WireProtocol = {
  serves: (path) => path === '/v1/messages',
  read: (_path, body) => read(body),
  stream,
  document,
};

interface Block {
  type: string;
  text?: string;
  id?: string;
  name?: string;
  input?: unknown;
  tool_use_id?: string;
  content?: unknown;
}

function read(body: Record<string, unknown>): Conversation {
  const messages = body['messages'] as { role: string; content: string | Block[] }[];
  const tools = (body['tools'] ?? []) as { name: string }[];
  return {
    system: textOf(body['system']),
    messages: messages.map((message) => readMessage(message.role, message.content)),
    tools: tools.map((tool) => tool.name),
  };
}

function readMessage(role: string, content: string | Block[]): ScriptedMessage {
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  const toolResults = blocks
    .filter((block) => block.type === 'tool_result')
    .map((block) => ({ id: block.tool_use_id ?? '', output: textOf(block.content) }));
  const toolCalls = blocks
    .filter((block) => block.type === 'tool_use')
    .map((block) => ({ id: block.id ?? '', name: block.name ?? '', input: block.input }));
  const text = textOf(blocks.filter((block) => block.type === 'text'));
  if (role === 'assistant') return { role, text, toolCalls, toolResults: [] };
  return { role: toolResults.length > 0 ? 'tool' : 'user', text, toolCalls: [], toolResults };
}

function stream(request: ScriptedRequest, answer: ScriptedAnswer) {
  const usage = { ...inputUsage(answer), output_tokens: 1 };
  const message = {
    id: `msg_${request.index}`,
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: [],
    usage,
  };
  const begun = [
    event({ type: 'message_start', message: { ...message, stop_reason: null, stop_sequence: null } }),
    event({ type: 'ping' }),
  ];
  blocksOf(request, answer).forEach((block, index) => begun.push(...blockEvents(block, index)));
  const stop_reason = (answer.toolCalls ?? []).length > 0 ? 'tool_use' : 'end_turn';
  const output = { output_tokens: answer.usage?.output ?? 0 };
  const rest = [
    event({ type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: output }),
    event({ type: 'message_stop' }),
  ];
  const error = {
    type: 'error',
    error: { type: 'overloaded_error', message: 'scripted error in the stream' },
  };
  return { begun, rest, error: event(error) };
}

interface ScriptedBlock {
  readonly start: object;
  readonly deltas: readonly object[];
}

function blocksOf(request: ScriptedRequest, answer: ScriptedAnswer): ScriptedBlock[] {
  const blocks: ScriptedBlock[] = [];
  if (answer.thinking) {
    const { text, signature } = answer.thinking;
    const deltas = [
      ...pieces(text).map((thinking) => ({ type: 'thinking_delta', thinking })),
      { type: 'signature_delta', signature },
    ];
    blocks.push({ start: { type: 'thinking', thinking: '', signature: '' }, deltas });
  }
  if (answer.text) {
    const deltas = pieces(answer.text).map((text) => ({ type: 'text_delta', text }));
    blocks.push({ start: { type: 'text', text: '' }, deltas });
  }
  (answer.toolCalls ?? []).forEach((call, index) => {
    const deltas = pieces(argumentsOf(call)).map((partial_json) => ({
      type: 'input_json_delta',
      partial_json,
    }));
    blocks.push({
      start: { type: 'tool_use', id: idOf(request, call, index), name: call.name, input: {} },
      deltas,
    });
  });
  return blocks;
}

function blockEvents({ start, deltas }: ScriptedBlock, index: number): string[] {
  return [
    event({ type: 'content_block_start', index, content_block: start }),
    ...deltas.map((delta) => event({ type: 'content_block_delta', index, delta })),
    event({ type: 'content_block_stop', index }),
  ];
}

function document(request: ScriptedRequest, answer: ScriptedAnswer): unknown {
  const calls = (answer.toolCalls ?? []).map((call, index) => ({
    type: 'tool_use',
    id: idOf(request, call, index),
    name: call.name,
    input: call.input ?? {},
  }));
  const text = answer.text ? [{ type: 'text', text: answer.text }] : [];
  return {
    id: `msg_${request.index}`,
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: [...text, ...calls],
    stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: { ...inputUsage(answer), output_tokens: answer.usage?.output ?? 0 },
  };
}

function inputUsage({ usage = { input: 0, output: 0 } }: ScriptedAnswer) {
  const cached = usage.cached ?? 0;
  return {
    input_tokens: usage.input - cached,
    cache_read_input_tokens: cached,
    cache_creation_input_tokens: 0,
  };
}

function event(data: { readonly type: string; readonly [field: string]: unknown }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
