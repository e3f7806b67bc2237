import {
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client';
import type { AddressTarget } from './launch';

/** Of one answer; a stream of events may carry several. */
const maxBytes = 16 * 1024 * 1024;

/** The ways to reach a server, in the order they are tried: older servers speak only server-sent events. */
export function* httpTransports({ url, headers, isSse }: AddressTarget): Generator<Transport> {
  const options = { requestInit: { headers: { ...headers } }, fetch: boundedFetch };
  if (!isSse)
    yield new StreamableHTTPClientTransport(url, {
      ...options,
      reconnectionOptions: {
        initialReconnectionDelay: 500,
        maxReconnectionDelay: 2000,
        reconnectionDelayGrowFactor: 2,
        maxRetries: 1,
      },
    });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- servers of 2024 speak nothing else
  yield new SSEClientTransport(url, options);
}

/** An answer without end would fill the memory. */
async function boundedFetch(input: string | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (!response.body) return response;
  let received = 0;
  const bounded = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      received += chunk.byteLength;
      if (received > maxBytes)
        controller.error(new Error(`the answer is larger than ${maxBytes / 1024 ** 2} MB`));
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(bounded), { status, statusText, headers });
}
