import type { ScriptedAnswer, ScriptedMessage, ScriptedRequest } from './modelScript';
import { argumentsOf, idOf } from './openaiCalls';
import { pieces, textOf, type Conversation } from './scriptedServer';

/** OpenAI's responses API. Format: platform.openai.com/docs/api-reference/responses-streaming. */
export const openaiResponses = { read, stream, document };

interface InputItem {
  type?: string;
  role?: string;
  content?: unknown;
  call_id?: string;
  name?: string;
  arguments?: string;
  output?: unknown;
}

function read(body: Record<string, unknown>): Conversation {
  const items = body['input'] as InputItem[];
  const isSystem = (item: InputItem) => item.role === 'system' || item.role === 'developer';
  const tools = (body['tools'] ?? []) as { name: string }[];
  return {
    system: items
      .filter(isSystem)
      .map((item) => textOf(item.content))
      .join('\n'),
    messages: merged(items.filter((item) => !isSystem(item))),
    tools: tools.map((tool) => tool.name),
  };
}

/** An answer is spread over several items: neighbours of one role become one message again. */
function merged(items: readonly InputItem[]): ScriptedMessage[] {
  const messages: ScriptedMessage[] = [];
  for (const item of items) {
    const message = messageOf(item);
    if (!message) continue;
    const last = messages.at(-1);
    if (last?.role !== 'assistant' || message.role !== 'assistant') messages.push(message);
    else {
      messages[messages.length - 1] = {
        ...last,
        text: last.text + message.text,
        toolCalls: [...last.toolCalls, ...message.toolCalls],
      };
    }
  }
  return messages;
}

function messageOf(item: InputItem): ScriptedMessage | undefined {
  const empty = { text: '', toolCalls: [], toolResults: [] };
  if (item.type === 'function_call') {
    const input: unknown = JSON.parse(item.arguments ?? '{}');
    return {
      ...empty,
      role: 'assistant',
      toolCalls: [{ id: item.call_id ?? '', name: item.name ?? '', input }],
    };
  }
  if (item.type === 'function_call_output') {
    const output = typeof item.output === 'string' ? item.output : textOf(item.output);
    return { ...empty, role: 'tool', toolResults: [{ id: item.call_id ?? '', output }] };
  }
  if (item.role === 'user' || item.role === 'assistant')
    return { ...empty, role: item.role, text: textOf(item.content) };
  return undefined;
}

function stream(request: ScriptedRequest, answer: ScriptedAnswer) {
  const events: object[] = [
    {
      type: 'response.created',
      response: { id: `resp_${request.index}`, created_at: 1_760_000_000, model: request.model },
    },
  ];
  outputOf(request, answer).forEach((item, output_index) => events.push(...itemEvents(item, output_index)));
  const completed = {
    type: 'response.completed',
    response: { incomplete_details: null, usage: usageOf(answer) },
  };
  const error = {
    type: 'error',
    sequence_number: events.length,
    error: {
      type: 'server_error',
      code: 'server_error',
      message: 'scripted error in the stream',
      param: null,
    },
  };
  return { begun: events.map(event), rest: [event(completed)], error: event(error) };
}

function itemEvents(item: Record<string, unknown>, output_index: number): object[] {
  const item_id = item['id'];
  if (item['type'] === 'function_call') {
    const whole = String(item['arguments']);
    return [
      {
        type: 'response.output_item.added',
        output_index,
        item: { ...item, status: 'in_progress', arguments: '' },
      },
      ...pieces(whole).map((delta) => ({
        type: 'response.function_call_arguments.delta',
        item_id,
        output_index,
        delta,
      })),
      { type: 'response.function_call_arguments.done', item_id, output_index, arguments: whole },
      { type: 'response.output_item.done', output_index, item },
    ];
  }
  const text = textOf(item['content']);
  return [
    { type: 'response.output_item.added', output_index, item: { ...item, content: [] } },
    ...pieces(text).map((delta) => ({
      type: 'response.output_text.delta',
      item_id,
      output_index,
      content_index: 0,
      delta,
    })),
    { type: 'response.output_item.done', output_index, item },
  ];
}

function outputOf(request: ScriptedRequest, answer: ScriptedAnswer): Record<string, unknown>[] {
  const calls = (answer.toolCalls ?? []).map((call, index) => ({
    type: 'function_call',
    id: `fc_${request.index}_${index}`,
    call_id: idOf(request, call, index),
    name: call.name,
    arguments: argumentsOf(call),
    status: 'completed',
  }));
  const content = [{ type: 'output_text', text: answer.text ?? '', annotations: [] }];
  const message = {
    type: 'message',
    id: `msg_${request.index}`,
    role: 'assistant',
    status: 'completed',
    content,
  };
  return answer.text ? [message, ...calls] : calls;
}

function document(request: ScriptedRequest, answer: ScriptedAnswer): unknown {
  return {
    id: `resp_${request.index}`,
    object: 'response',
    created_at: 1_760_000_000,
    model: request.model,
    status: 'completed',
    output: outputOf(request, answer),
    usage: usageOf(answer),
  };
}

function usageOf({ usage = { input: 0, output: 0 } }: ScriptedAnswer) {
  return {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: usage.cached ?? 0 },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: 0 },
  };
}

function event(data: object): string {
  return `event: ${(data as { type: string }).type}\ndata: ${JSON.stringify(data)}\n\n`;
}
