import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { foundModels } from '../../../../src/adapters/health/foundModels';
import { discoverModels } from '../../../../src/adapters/models/discoverModels';
import { listModels } from '../../../../src/adapters/models/listModels';

const servers: Server[] = [];

/** A server that answers every request with the given text; resolves with its origin and the headers it got. */
async function answering(status: number, body: unknown) {
  const seen: { path: string; headers: NodeJS.Dict<string | string[]> }[] = [];
  const server = createServer((request, response) => {
    seen.push({ path: request.url ?? '', headers: request.headers });
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const nobody = 'http://127.0.0.1:9/v1';
const none = () => Promise.resolve(undefined);

describe('discoverModels', () => {
  it('finds a running Ollama and LM Studio with their models, without those nobody can talk to', async () => {
    const ollama = await answering(200, { data: [{ id: 'qwen3:8b' }, { id: 'nomic-embed-text' }] });
    const studio = await answering(200, { data: [{ id: 'openai/gpt-oss-20b' }] });
    const found = await discoverModels({
      environment: { OLLAMA_HOST: ollama.origin },
      findProgram: none,
      lmStudio: `${studio.origin}/v1`,
    });
    assert.deepEqual(
      found.map(({ provider, models, baseUrl }) => ({ provider, models, baseUrl })),
      [
        { provider: 'ollama', models: ['ollama/qwen3:8b'], baseUrl: `${ollama.origin}/v1` },
        {
          provider: 'openai-compatible',
          models: ['openai-compatible/openai/gpt-oss-20b'],
          baseUrl: `${studio.origin}/v1`,
        },
      ],
    );
    assert.equal(ollama.seen[0]?.path, '/v1/models');
  });

  it('finds installed agents and keys in the environment, and never shows a key', async () => {
    const found = await discoverModels({
      environment: { OLLAMA_HOST: nobody, ANTHROPIC_API_KEY: 'sk-secret', GEMINI_API_KEY: 'g-secret' },
      findProgram: (name) => Promise.resolve(name === 'claude' ? '/usr/bin/claude' : undefined),
      lmStudio: nobody,
    });
    assert.deepEqual(
      found.map(({ kind, name, models, place }) => [kind, name, models.join(), place]),
      [
        ['agent', 'Claude Code', 'acp/claude', '/usr/bin/claude'],
        ['key', 'Anthropic', '', 'ANTHROPIC_API_KEY'],
        ['key', 'Google', '', 'GEMINI_API_KEY'],
      ],
    );
    assert.doesNotMatch(JSON.stringify(found), /secret/);
  });

  it('takes a server that answers something else, or never, for none', async () => {
    const page = await answering(200, '<html>');
    const silent = createServer(() => undefined);
    servers.push(silent);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const found = await discoverModels({
      environment: { OLLAMA_HOST: page.origin },
      findProgram: none,
      lmStudio: `http://127.0.0.1:${(silent.address() as AddressInfo).port}/v1`,
      timeoutMs: 50,
    });
    assert.deepEqual(found, []);
  });

  it('is told by doctor, with the day of the prices', async () => {
    const ollama = {
      kind: 'server' as const,
      name: 'Ollama at http://127.0.0.1:11434',
      provider: 'ollama',
      models: ['a', 'b', 'c', 'd'].map((name) => `ollama/${name}`),
      place: 'http://127.0.0.1:11434',
    };
    const check = await foundModels(() => Promise.resolve([ollama]), '2026-11-20');
    assert.equal(
      check.message,
      'Ollama at http://127.0.0.1:11434 (ollama/a, ollama/b, ollama/c and 1 more). Costs are counted with list prices of 2026-11-20.',
    );
  });
});

describe('listModels', () => {
  const key = 'sk-key';

  it('asks Anthropic with its own headers', async () => {
    const { origin, seen } = await answering(200, { data: [{ id: 'claude-sonnet-5-5' }] });
    const listed = await listModels('anthropic', { baseUrl: origin, apiKey: key, environment: {} });
    assert.deepEqual(listed, { ok: true, value: ['claude-sonnet-5-5'] });
    assert.equal(seen[0]?.path, '/v1/models?limit=1000');
    assert.equal(seen[0].headers['x-api-key'], key);
    assert.equal(seen[0].headers['authorization'], undefined);
  });

  it('lists OpenAI’s newest first, only those one can talk to', async () => {
    const data = [
      { id: 'gpt-6-sol', created: 1 },
      { id: 'gpt-image-2', created: 3 },
      { id: 'text-embedding-4', created: 4 },
      { id: 'gpt-6.1-sol', created: 2 },
    ];
    const { origin, seen } = await answering(200, { data });
    const listed = await listModels('openai', { baseUrl: origin, apiKey: key, environment: {} });
    assert.deepEqual(listed, { ok: true, value: ['gpt-6.1-sol', 'gpt-6-sol'] });
    assert.equal(seen[0]?.headers['authorization'], `Bearer ${key}`);
  });

  it('reads Google’s form', async () => {
    const models = [
      { name: 'models/gemini-3.8-flash', supportedGenerationMethods: ['generateContent'] },
      { name: 'models/aqa', supportedGenerationMethods: ['generateAnswer'] },
    ];
    const { origin, seen } = await answering(200, { models });
    const listed = await listModels('google', { baseUrl: origin, apiKey: key, environment: {} });
    assert.deepEqual(listed, { ok: true, value: ['gemini-3.8-flash'] });
    assert.doesNotMatch(seen[0]?.path ?? '', /key/, 'no key in an address');
  });

  const faults: [string, number, unknown, RegExp][] = [
    [
      'a refused key',
      401,
      { error: 'no' },
      /answered 401.*Check the API key \(ENTERPRISE_API_KEY or OPENAI_API_KEY/,
    ],
    ['no such path', 404, {}, /answered 404.*Name the model yourself/],
    ['a page', 200, '<html>', /no list of models/],
    ['another JSON', 200, { data: 'none' }, /no list of models/],
  ];
  for (const [what, status, body, expected] of faults) {
    it(`says what is wrong: ${what}`, async () => {
      const { origin } = await answering(status, body);
      const listed = await listModels('openai', { baseUrl: origin, apiKey: key, environment: {} });
      assert(!listed.ok);
      assert.match(`${listed.failure.message} ${listed.failure.remedy ?? ''}`, expected);
    });
  }

  it('says where nobody answers', async () => {
    const listed = await listModels('openai-compatible', { baseUrl: nobody, environment: {} });
    assert(!listed.ok);
    assert.match(listed.failure.message, /http:\/\/127\.0\.0\.1:9 cannot be listed/);
  });

  it('takes its key to no other address', async () => {
    const thief = await answering(200, { data: [] });
    const server = createServer((_request, response) =>
      response.writeHead(302, { location: `${thief.origin}/v1/models` }).end(),
    );
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    assert(!(await listModels('openai', { baseUrl, apiKey: key, environment: {} })).ok);
    assert.equal(thief.seen.length, 0);
  });
});
