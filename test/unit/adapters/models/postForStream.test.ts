import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { postForStream } from '../../../../src/adapters/models/postForStream';

describe('postForStream', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  async function serving(answer: RequestListener): Promise<URL> {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  }

  const post = (url: URL, init: RequestInit = {}, onSign: () => void = () => undefined) =>
    postForStream(url, { method: 'POST', body: 'grüße', ...init }, onSign);

  it('sends the text whole and gives status, headers and body as they came', async () => {
    const url = await serving((request, response) => {
      response.writeHead(429, 'Slow down', {
        'retry-after': '2',
        'x-length': request.headers['content-length'],
      });
      request.pipe(response);
    });
    const response = await post(url, { headers: { 'content-type': 'text/plain' } });
    const { status, statusText, headers } = response;
    assert.deepEqual([status, statusText, headers.get('retry-after')], [429, 'Slow down', '2']);
    assert.equal(headers.get('x-length'), '7');
    assert.equal(await response.text(), 'grüße');
  });

  it('keeps the connection for the next request', async () => {
    const ports = new Set<number | undefined>();
    const url = await serving((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{}');
    });
    for (let times = 0; times < 3; times++) await (await post(url)).text();
    assert.equal(ports.size, 1);
  });

  it('follows a service that moved, and leaves the key behind where that is another one', async () => {
    const seen: unknown[] = [];
    const there = await serving((request, response) => {
      seen.push(request.method, request.headers.authorization, request.headers['x-api-key']);
      response.end('there');
    });
    const here = await serving((_request, response) =>
      response.writeHead(307, { location: there.href }).end(),
    );
    const response = await post(here, { headers: { Authorization: 'Bearer k', 'x-api-key': 'k' } });
    assert.equal(await response.text(), 'there');
    assert.deepEqual(seen, ['POST', undefined, undefined]);
  });

  it('ends a request that goes round in circles', async () => {
    const url = await serving((request, response) =>
      response.writeHead(308, { location: `http://${request.headers.host}/again` }).end(),
    );
    assert.equal((await post(url)).status, 308);
  });

  it('gives a large body to a slow reader whole', async () => {
    const body = Buffer.alloc(4_000_000, 'x');
    const url = await serving((_request, response) => void response.end(body));
    let length = 0;
    for await (const chunk of (await post(url)).body ?? []) {
      length += (chunk as Uint8Array).byteLength;
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(length, body.length);
  });

  it('breaks off the body when the connection is lost, and tells of each sign of life before', async () => {
    const url = await serving((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.socket?.destroy());
    });
    let signs = 0;
    const response = await post(url, {}, () => signs++);
    await assert.rejects(response.text());
    assert.equal(signs, 2);
  });

  it('closes the connection of a body nobody wants, whatever is still on its way', async () => {
    let closed: Promise<void> | undefined;
    const url = await serving((_request, response) => {
      closed = new Promise((resolve) => response.on('close', resolve));
      response.write('x'.repeat(200_000));
    });
    const response = await post(url);
    await response.body?.cancel();
    await closed;
  });

  it('rejects with the reason of the signal, before and after it was sent', async () => {
    const controller = new AbortController();
    const url = await serving(() => controller.abort(new Error('enough')));
    await assert.rejects(post(url, { signal: controller.signal }), /enough/);
    await assert.rejects(post(url, { signal: controller.signal }), /enough/);
  });

  it('names the error of the network as the cause when nobody listens', async () => {
    const url = await serving(() => undefined);
    servers[0]?.close();
    await assert.rejects(post(url), (error: Error) => {
      assert(error instanceof TypeError);
      assert.match(String(error.cause), /ECONNREFUSED/);
      return true;
    });
  });
});
