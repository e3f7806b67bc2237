import type { Readable, Writable } from 'node:stream';
import {
  client,
  methods,
  PROTOCOL_VERSION,
  RequestError,
  type AnyMessage,
  type RequestPermissionOutcome,
} from '@agentclientprotocol/sdk';
import { messagesOf, type Message } from './messages';
import { sessionNotificationSchema } from './protocol';

/**
 * The protocol's own side of a conversation with an external agent, through the official library. A bundle entry of its
 * own, because the library is large and is needed only when an agent is started.
 */

export const protocolVersion = PROTOCOL_VERSION;

export type PermissionOutcome = RequestPermissionOutcome;

export interface LinkHandlers {
  /** Called in the order of arrival, and before the answer to a prompt that came after it. */
  update(update: unknown): void;
  /** Resolves when more can be taken; until then the agent waits on its full pipe. */
  ready(): Promise<void>;
  permission(request: unknown, signal: AbortSignal): Promise<PermissionOutcome>;
}

/** Why a request has no answer: the agent refused it, or cannot be talked to any more. */
export type LinkProblem =
  | { readonly kind: 'refused'; readonly code: number; readonly message: string; readonly data: unknown }
  | { readonly kind: 'closed'; readonly reason: unknown };

export type LinkAnswer =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly failure: LinkProblem };

export interface Link {
  /** The answer is whatever the agent sent; it is for the caller to check. */
  request(method: string, params: Record<string, unknown>): Promise<LinkAnswer>;
  notify(method: string, params: Record<string, unknown>): void;
  close(): void;
}

export function openLink(
  { input, output }: { input: Writable; output: Readable },
  handlers: LinkHandlers,
): Link {
  const waiting = new Set<unknown>();
  const app = client({ name: 'enterprise-execution-engine' }).onRequest(
    methods.client.session.requestPermission,
    async ({ params, signal }) => ({ outcome: await handlers.permission(params, signal) }),
  );
  const connection = app.connect({
    readable: streamOf(incoming(output, handlers, waiting)),
    writable: outgoing(input, waiting),
  });
  return {
    request: (method, params) =>
      connection.agent.request(method, params).then(
        (value) => ({ ok: true as const, value }),
        (error: unknown) => ({ ok: false as const, failure: problemOf(error) }),
      ),
    notify: (method, params) => {
      // An agent that cannot be told any more has ended; its end is what is acted on.
      connection.agent.notify(method, params).catch(() => undefined);
    },
    close: () => connection.close(),
  };
}

/**
 * Updates are taken here, so that they keep their order and a flood is held back; the library gets requests, and answers
 * to what it asked. Anything else would only make it complain on our standard error.
 */
async function* incoming(
  output: Readable,
  handlers: LinkHandlers,
  waiting: Set<unknown>,
): AsyncGenerator<AnyMessage> {
  for await (const message of messagesOf(output)) {
    if (isNotification(message)) {
      if (message['method'] === methods.client.session.update) {
        const parsed = sessionNotificationSchema.safeParse(message['params']);
        if (parsed.success) handlers.update(parsed.data.update);
        await handlers.ready();
      } else if (message['method'] === methods.protocol.cancelRequest) yield message as AnyMessage;
    } else if ('method' in message || waiting.delete(message['id'])) yield message as AnyMessage;
  }
}

/** Pulls the next message only when it is wanted. */
function streamOf(messages: AsyncGenerator<AnyMessage>): ReadableStream<AnyMessage> {
  return new ReadableStream<AnyMessage>(
    {
      pull: async (controller) => {
        const next = await messages.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: () => {
        // It may wait for output that comes only when the program ends, so nobody waits for it.
        messages.return(undefined).catch(() => undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

function isNotification(message: Message): boolean {
  return 'method' in message && !('id' in message);
}

function outgoing(input: Writable, waiting: Set<unknown>): WritableStream<AnyMessage> {
  return new WritableStream<AnyMessage>({
    write: (message) =>
      new Promise((resolve, reject) => {
        if ('method' in message && 'id' in message) waiting.add(message.id);
        input.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
      }),
  });
}

function problemOf(error: unknown): LinkProblem {
  if (!(error instanceof RequestError)) return { kind: 'closed', reason: error };
  const { code, message, data } = error;
  return { kind: 'refused', code, message, data };
}
