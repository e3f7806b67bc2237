import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ModelScript, ScriptedAnswer, ScriptedMessage, ScriptedRequest } from './modelScript';

export interface ScriptedServer {
  /** `http://127.0.0.1:<port>/v1` (for Google `/v1beta`). */
  readonly baseUrl: string;
  readonly requests: readonly ScriptedRequest[];
  /** Ends every connection, also the stalled ones. */
  close(): Promise<void>;
}

export interface Conversation {
  readonly system: string;
  readonly messages: readonly ScriptedMessage[];
  readonly tools: readonly string[];
}

/** How one service speaks: the paths it serves, how its requests are read and its answers written. */
export interface WireProtocol {
  serves(path: string): boolean;
  /** Default: `/v1`. */
  readonly basePath?: string;
  read(path: string, body: Record<string, unknown>): Conversation;
  /** Server-sent events of the answer, in order. `whole` are all of them, `begun` those before a fault strikes. */
  stream(
    request: ScriptedRequest,
    answer: ScriptedAnswer,
  ): { begun: readonly string[]; rest: readonly string[]; error: string };
  /** The answer as one JSON document; for requests that do not ask for a stream. */
  document(request: ScriptedRequest, answer: ScriptedAnswer): unknown;
}

/** Starts a server on a free port of the loopback address. */
export async function startScriptedServer(wire: WireProtocol, script: ModelScript): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = [];
  const server = createServer((incoming, response) => {
    answer(wire, script, requests, incoming, response).catch((error: unknown) => {
      response.writeHead(599).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}${wire.basePath ?? '/v1'}`,
    requests,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function answer(
  wire: WireProtocol,
  script: ModelScript,
  requests: ScriptedRequest[],
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const path = (incoming.url ?? '').replace(/\?.*$/, '');
  if (!wire.serves(path)) {
    response
      .writeHead(404, { 'content-type': 'application/json' })
      .end('{"error":{"message":"no such path"}}');
    return;
  }
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
  const request = requestOf(wire, requests.length, path, incoming, body);
  requests.push(request);
  const scripted = await script(request);
  if ('silent' in scripted) return;
  if ('status' in scripted) {
    const content = scripted.body ?? { error: { message: `scripted ${scripted.status}`, type: 'scripted' } };
    response.writeHead(scripted.status, { 'content-type': 'application/json', ...scripted.headers });
    response.end(typeof content === 'string' ? content : JSON.stringify(content));
    return;
  }
  if (scripted.startAfterMs) await new Promise((resolve) => setTimeout(resolve, scripted.startAfterMs));
  if (body['stream'] === true || path.endsWith(':streamGenerateContent'))
    await stream(wire, request, scripted, response);
  else {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(wire.document(request, scripted)));
  }
}

async function stream(
  wire: WireProtocol,
  request: ScriptedRequest,
  scripted: ScriptedAnswer,
  response: ServerResponse,
) {
  const { begun, rest, error } = wire.stream(request, scripted);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const event of begun) await written(response, event);
  switch (scripted.fault) {
    case undefined:
      for (const event of rest) await written(response, event);
      response.end();
      return;
    case 'cut':
      response.destroy();
      return;
    case 'ended':
      response.end();
      return;
    case 'malformed':
      response.end('data: {"this is": not json\n\n');
      return;
    case 'error':
      response.end(error);
      return;
    case 'stall':
      return;
  }
}

/** Each event is a write of its own, flushed before the next, so that a client sees them arrive one after another. */
function written(response: ServerResponse, event: string): Promise<void> {
  return new Promise((resolve) => response.write(event, () => resolve()));
}

function requestOf(
  wire: WireProtocol,
  index: number,
  path: string,
  incoming: IncomingMessage,
  body: Record<string, unknown>,
): ScriptedRequest {
  const { system, messages, tools } = wire.read(path, body);
  const last = messages.findLastIndex((message) => message.role === 'assistant');
  return {
    index,
    path,
    headers: incoming.headers,
    body,
    model: typeof body['model'] === 'string' ? body['model'] : path,
    system,
    messages,
    tools,
    prompt: messages.find((message) => message.role === 'user')?.text ?? '',
    step: messages.filter((message) => message.role === 'assistant').length,
    toolOutputs: messages
      .slice(last + 1)
      .flatMap((message) => message.toolResults.map((result) => result.output)),
  };
}

/** The text of a message's content, which is a string or a list of parts. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: { type?: string; text?: unknown }) => (typeof part.text === 'string' ? part.text : ''))
    .join('');
}

/** Splits a text into pieces, so that it arrives in more than one event. */
export function pieces(text: string): string[] {
  if (text.length < 2) return text ? [text] : [];
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
}
