import type { ModelScript, ScriptedAnswer, ScriptedMessage, ScriptedRequest } from './modelScript';
import { argumentsOf } from './openaiCalls';
import {
  pieces,
  startScriptedServer,
  textOf,
  type Conversation,
  type ScriptedServer,
  type WireProtocol,
} from './scriptedServer';

/**
 * A server that speaks Google's generative language API. Format: ai.google.dev/api/generate-content. Arguments of calls
 * are JSON values there and calls may have no ids; a script’s `rawArguments` go out as a JSON string.
 */
export function startGoogleServer(script: ModelScript): Promise<ScriptedServer> {
  return startScriptedServer(google, script);
}

const google: WireProtocol = {
  basePath: '/v1beta',
  serves: (path) => /^\/v1beta\/models\/[^/]+:(stream)?generateContent$/i.test(path),
  read: (_path, body) => read(body),
  stream,
  document,
};

interface Part {
  text?: string;
  functionCall?: { id?: string; name: string; args: unknown };
  functionResponse?: { id?: string; name: string; response: { content?: unknown } };
}

function read(body: Record<string, unknown>): Conversation {
  const contents = body['contents'] as { role: string; parts: Part[] }[];
  const tools = (body['tools'] ?? []) as { functionDeclarations?: { name: string }[] }[];
  const system = body['systemInstruction'] as { parts: Part[] } | undefined;
  return {
    system: textOf(system?.parts),
    messages: contents.map(readMessage),
    tools: tools.flatMap((tool) => (tool.functionDeclarations ?? []).map((declared) => declared.name)),
  };
}

function readMessage({ role, parts }: { role: string; parts: Part[] }): ScriptedMessage {
  const toolCalls = parts.flatMap(({ functionCall: call }) =>
    call ? [{ id: call.id ?? '', name: call.name, input: call.args }] : [],
  );
  const toolResults = parts.flatMap(({ functionResponse: result }) =>
    result ? [{ id: result.id ?? '', output: outputOf(result.response) }] : [],
  );
  return {
    role: role === 'model' ? 'assistant' : toolResults.length > 0 ? 'tool' : 'user',
    text: textOf(parts),
    toolCalls,
    toolResults,
  };
}

function outputOf(response: { content?: unknown }): string {
  return typeof response.content === 'string' ? response.content : JSON.stringify(response);
}

function stream(_request: ScriptedRequest, answer: ScriptedAnswer) {
  const chunk = (parts: Part[], more: object = {}) =>
    event({ candidates: [{ index: 0, content: { role: 'model', parts }, ...more }] });
  const begun = pieces(answer.text ?? '').map((text) => chunk([{ text }]));
  for (const call of callsOf(answer)) begun.push(chunk([call]));
  const rest = [
    event({
      candidates: [{ index: 0, content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP' }],
      usageMetadata: usageOf(answer),
    }),
  ];
  const error = event({
    error: { code: 503, status: 'UNAVAILABLE', message: 'scripted error in the stream' },
  });
  return { begun, rest, error };
}

function document(_request: ScriptedRequest, answer: ScriptedAnswer): unknown {
  const parts = [...(answer.text ? [{ text: answer.text }] : []), ...callsOf(answer)];
  return {
    candidates: [{ index: 0, content: { role: 'model', parts }, finishReason: 'STOP' }],
    usageMetadata: usageOf(answer),
  };
}

function callsOf(answer: ScriptedAnswer): Part[] {
  return (answer.toolCalls ?? []).map((call) => {
    const args: unknown = call.rawArguments === undefined ? JSON.parse(argumentsOf(call)) : call.rawArguments;
    return { functionCall: { name: call.name, args, ...(call.id === undefined ? {} : { id: call.id }) } };
  });
}

function usageOf({ usage = { input: 0, output: 0 } }: ScriptedAnswer) {
  return {
    promptTokenCount: usage.input,
    candidatesTokenCount: usage.output,
    totalTokenCount: usage.input + usage.output,
    cachedContentTokenCount: usage.cached ?? 0,
  };
}

function event(data: unknown): string {
  return `data: ${JSON.stringify(data)}\r\n\r\n`;
}
