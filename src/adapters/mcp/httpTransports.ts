import type { Transport } from '@modelcontextprotocol/client';
import type { AddressTarget } from './launch';

type Library = Pick<
  typeof import('@modelcontextprotocol/client'),
  'StreamableHTTPClientTransport' | 'SSEClientTransport'
>;

/** Of one answer; a stream of events may carry several. */
const maxBytes = 16 * 1024 * 1024;

/** The ways to reach a server, in the order they are tried: older servers speak only server-sent events. */
export function* httpTransports(
  { url, headers, isSse }: AddressTarget,
  library: Library,
): Generator<Transport> {
  const options = { requestInit: { headers: { ...headers } }, fetch: boundedFetch };
  if (!isSse)
    yield new library.StreamableHTTPClientTransport(url, {
      ...options,
      reconnectionOptions: {
        initialReconnectionDelay: 500,
        maxReconnectionDelay: 2000,
        reconnectionDelayGrowFactor: 2,
        maxRetries: 1,
      },
    });
  yield new library.SSEClientTransport(url, options);
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
