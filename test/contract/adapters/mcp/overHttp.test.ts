import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { McpBench } from '../../../support/mcpBench';
import { mcpHttpServer, type McpHttpServer } from '../../../support/mcpHttpServer';

function adder(): McpServer {
  const server = new McpServer({ name: 'adder', version: '1.0.0' });
  server.registerTool(
    'add',
    { description: 'Adds.', inputSchema: z.object({ a: z.number(), b: z.number() }) },
    ({ a, b }) => ({ content: [{ type: 'text', text: String(a + b) }] }),
  );
  server.registerTool('big', { description: 'Much.' }, () => ({
    content: [{ type: 'text', text: 'x'.repeat(20_000_000) }],
  }));
  return server;
}

describe('an MCP server over HTTP', () => {
  let bench: McpBench;
  let server: McpHttpServer | undefined;
  beforeEach(() => {
    bench = new McpBench();
  });
  afterEach(async () => {
    await bench.close();
    await server?.close();
    server = undefined;
  });

  const notesOf = (attempt: { events: readonly { type: string }[] }) =>
    attempt.events.flatMap((event) => ('message' in event ? [String(event.message)] : []));

  for (const legacy of ['stateless', 'reject'] as const) {
    it(`is called over streamable HTTP (servers of the newest protocol ${legacy === 'reject' ? 'only' : 'and older'})`, async () => {
      const handler = createMcpHandler(adder, { legacy });
      server = await mcpHttpServer((request) => handler.fetch(request));
      const { call } = await bench.define('calc', { type: 'http', url: server.url }).open();
      assert.deepEqual(await call('mcp__calc__add', { a: 2, b: 3 }), { ok: true, output: '5' });
    });
  }

  it('is shown by its address before anything is sent, and gets its headers from the environment', async () => {
    const handler = createMcpHandler(adder);
    server = await mcpHttpServer((request) => handler.fetch(request));
    const { url, seen } = server;
    bench.environment['CALC_TOKEN'] = 'token-of-the-person';
    bench.define('calc', { url, headers: { Authorization: 'Bearer ${CALC_TOKEN}' } });
    bench.answer = () => {
      assert.equal(seen.length, 0);
      return undefined;
    };
    const { tools } = await bench.open();
    assert.deepEqual(
      tools.specs.map(({ name }) => name),
      ['mcp__calc__add', 'mcp__calc__big'],
    );
    assert.ok(seen.every(({ authorization }) => authorization === 'Bearer token-of-the-person'));
    const [asked] = bench.asked;
    assert.equal(asked?.title, 'Connect to the MCP server "calc"?');
    assert.match(
      asked.detail,
      new RegExp(`address    ${url}\\nheaders    Authorization\\nfrom your environment  CALC_TOKEN`),
    );
    assert.doesNotMatch(JSON.stringify(bench.asked), /token-of-the-person/);
  });

  it('answers more than anybody reads: the call fails, the memory stays', async () => {
    const handler = createMcpHandler(adder);
    server = await mcpHttpServer((request) => handler.fetch(request));
    const { call } = await bench.define('calc', { url: server.url }).open();
    const { ok, output } = await call('mcp__calc__big');
    assert.equal(ok, false);
    assert.match(output, /larger than 16 MB|The call failed/);
  });

  it('that is not there is not used, and the note says why without its token', async () => {
    bench.environment['CALC_TOKEN'] = 'token-of-the-person';
    bench.define('calc', { url: 'http://127.0.0.1:9/mcp?key=${CALC_TOKEN}' });
    const { attempt } = await bench.open();
    assert.match(notesOf(attempt)[0] ?? '', /^The MCP server "calc" is not used: /);
    assert.doesNotMatch(JSON.stringify(attempt.events), /token-of-the-person/);
  });

  it('that redirects elsewhere is not followed', async () => {
    let reached = false;
    const elsewhere = await mcpHttpServer(() => {
      reached = true;
      return Promise.resolve(new Response('{}'));
    });
    server = await mcpHttpServer(() =>
      Promise.resolve(new Response(null, { status: 307, headers: { location: elsewhere.url } })),
    );
    const { tools } = await bench.define('calc', { url: server.url }).open();
    await elsewhere.close();
    assert.deepEqual(tools.specs, []);
    assert.equal(reached, false);
  });

  it('that speaks only server-sent events is reached that way', async () => {
    const old = sseServer();
    await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
    const { port } = old.address() as AddressInfo;
    try {
      const { call, tools } = await bench.define('old', { url: `http://127.0.0.1:${port}/sse` }).open();
      assert.deepEqual(await call('mcp__old__ping'), { ok: true, output: 'pong' });
      await tools.close();
    } finally {
      old.closeAllConnections();
      old.close();
    }
  });
});

/** The transport of 2024: a stream of events that names an address to post to. */
function sseServer() {
  let stream: ServerResponse | undefined;
  const say = (event: string, data: string) => stream?.write(`event: ${event}\ndata: ${data}\n\n`);
  const answer = (id: unknown, result: unknown) =>
    say('message', JSON.stringify({ jsonrpc: '2.0', id, result }));
  return createServer((request, response) => {
    if (request.method === 'GET') {
      stream = response.writeHead(200, { 'content-type': 'text/event-stream' });
      say('endpoint', '/post');
      return;
    }
    if (request.url !== '/post') {
      response.writeHead(405).end();
      return;
    }
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      response.writeHead(202).end();
      const { id, method, params } = JSON.parse(body) as {
        id?: number;
        method: string;
        params?: { protocolVersion?: string };
      };
      if (method === 'initialize')
        answer(id, {
          protocolVersion: params?.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: 'old', version: '1' },
        });
      else if (method === 'tools/list')
        answer(id, { tools: [{ name: 'ping', inputSchema: { type: 'object' } }] });
      else if (method === 'tools/call') answer(id, { content: [{ type: 'text', text: 'pong' }] });
      else if (id !== undefined)
        say(
          'message',
          JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } }),
        );
    });
  });
}
