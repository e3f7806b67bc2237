import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createModelProvider,
  type ModelProviderOptions,
} from '../../../../src/adapters/models/modelProvider';
import type { Failure } from '../../../../src/core/model/failure';
import type { ModelAnswer, ModelMessage } from '../../../../src/core/ports';
import { startAnthropicServer } from '../../../support/anthropicServer';
import { inOrder, type ModelScript } from '../../../support/modelScript';
import { startOpenAiServer } from '../../../support/openaiServer';
import type { ScriptedServer } from '../../../support/scriptedServer';

const key = 'sk-very+secret/key=';
const user: ModelMessage = { role: 'user', text: 'Task' };

describe('createModelProvider', () => {
  let server: ScriptedServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function over(
    start: (script: ModelScript) => Promise<ScriptedServer>,
    script: ModelScript,
    options: Partial<ModelProviderOptions> = {},
  ) {
    server = await start(script);
    return createModelProvider({
      baseUrl: server.baseUrl,
      apiKey: key,
      environment: {},
      ...options,
    });
  }

  function call(
    provider: ReturnType<typeof createModelProvider>,
    model: string,
    messages: ModelMessage[] = [user],
  ) {
    return provider.complete({ model, system: 'S', messages, tools: [] }, new AbortController().signal);
  }

  async function failed(provider: ReturnType<typeof createModelProvider>, model: string): Promise<Failure> {
    const result = await call(provider, model);
    assert(!result.ok, 'should fail');
    return result.failure;
  }

  async function answered(
    provider: ReturnType<typeof createModelProvider>,
    model: string,
    messages?: ModelMessage[],
  ): Promise<ModelAnswer> {
    const result = await call(provider, model, messages);
    assert(result.ok, JSON.stringify(result));
    return result.value;
  }

  it('loads the SDK only when a model is called', async () => {
    let loads = 0;
    const provider = createModelProvider({
      environment: {},
      load: async () => {
        loads++;
        return { complete: async () => ({ ok: false, failure: { kind: 'not-found', message: 'x' } }) };
      },
    });
    await call(provider, 'anthropic/no-key');
    assert.equal(loads, 0);
    await call(provider, 'ollama/x');
    assert.equal(loads, 1);
  });

  it('keeps the key out of a message in which the service repeats it, in any encoding', async () => {
    const echo = `bad key ${key}, ${encodeURIComponent(key)}, ${Buffer.from(key).toString('base64')}`;
    const provider = await over(
      startOpenAiServer,
      inOrder({ status: 401, body: { error: { message: echo, type: 'auth' } } }),
    );
    const failure = await failed(provider, 'openai/x');
    assert.match(failure.message, /bad key \[redacted\], \[redacted\], \[redacted\]/);
    assert.match(failure.remedy ?? '', /OPENAI_API_KEY/);
    assert.equal(server!.requests[0]!.headers.authorization, `Bearer ${key}`);
  });

  it('asks for no retry when the account is empty', async () => {
    const body = {
      error: {
        message: 'You exceeded your current quota',
        code: 'insufficient_quota',
        type: 'insufficient_quota',
      },
    };
    const provider = await over(startOpenAiServer, inOrder({ status: 429, body }));
    const failure = await failed(provider, 'openai-compatible/x');
    assert(failure.kind === 'model-unavailable');
    assert.equal(failure.retryable, false);
  });

  it('reads a Retry-After that is a date', async () => {
    const headers = { 'retry-after': 'Fri, 20 Nov 2026 10:00:30 GMT' };
    const provider = await over(startAnthropicServer, inOrder({ status: 429, headers }), {
      wallMs: () => Date.parse('2026-11-20T10:00:00Z'),
    });
    const failure = await failed(provider, 'anthropic/x');
    assert(failure.kind === 'model-unavailable');
    assert.equal(failure.retryAfterMs, 30_000);
  });

  it('makes one request per call, whatever comes back', async () => {
    const provider = await over(startOpenAiServer, inOrder({ status: 500 }, { text: 'too late' }));
    await failed(provider, 'openai-compatible/x');
    assert.equal(server!.requests.length, 1);
  });

  it('names the address when nobody listens there', async () => {
    const gone = await startOpenAiServer(() => ({}));
    await gone.close();
    const provider = createModelProvider({ baseUrl: gone.baseUrl, environment: {} });
    const failure = await failed(provider, 'openai-compatible/x');
    assert(failure.kind === 'model-unavailable');
    assert.equal(failure.retryable, true);
    assert.match(failure.message + (failure.remedy ?? ''), /127\.0\.0\.1/);
  });

  it('finds a compatible service under /v1 when only its origin is given', async () => {
    const { baseUrl } = (server = await startOpenAiServer(() => ({ text: 'found' })));
    const provider = createModelProvider({ baseUrl: new URL(baseUrl).origin, environment: {} });
    assert.equal((await answered(provider, 'openai-compatible/x')).text, 'found');
  });

  it('names a web page for what it is', async () => {
    const portal = createServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>'),
    );
    await new Promise<void>((resolve) => portal.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(portal.address() as AddressInfo).port}/v1`;
    const failure = await failed(createModelProvider({ baseUrl, environment: {} }), 'openai-compatible/x');
    portal.close();
    assert(failure.kind === 'model-unavailable');
    assert.equal(failure.retryable, false);
    assert.match(failure.message, /web page/);
  });

  it('returns Anthropic’s thinking with its signature unchanged, also after a trip through JSON', async () => {
    const first = {
      thinking: { text: 'I should look.', signature: 'sig-1' },
      text: 'Looking.',
      toolCalls: [{ id: 'a', name: 'read', input: { path: 'x' } }],
    };
    const provider = await over(startAnthropicServer, inOrder(first, { text: 'Done.' }));
    const answer = await answered(provider, 'anthropic/x');
    const { text, toolCalls, content } = JSON.parse(JSON.stringify(answer)) as ModelAnswer;
    await answered(provider, 'anthropic/x', [
      user,
      { role: 'assistant', text, toolCalls, content },
      { role: 'tool', results: [{ id: 'a', name: 'read', output: 'file', ok: true }] },
    ]);
    const sent = server!.requests[1]!.body['messages'] as { role: string; content: object[] }[];
    assert.deepEqual(sent[1]!.content, [
      { type: 'thinking', thinking: 'I should look.', signature: 'sig-1' },
      { type: 'text', text: 'Looking.' },
      { type: 'tool_use', id: 'a', name: 'read', input: { path: 'x' } },
    ]);
  });

  it('rebuilds a message from text and calls for a provider that did not write it', async () => {
    const provider = await over(startOpenAiServer, inOrder({ text: 'ok' }));
    const foreign = { provider: 'anthropic', parts: [{ type: 'reasoning', text: 'secret thoughts' }] };
    await answered(provider, 'openai-compatible/x', [
      user,
      { role: 'assistant', text: 'Hi.', toolCalls: [], content: foreign },
      user,
    ]);
    assert.deepEqual(
      server!.requests[0]!.messages.map((message) => message.text),
      ['Task', 'Hi.', 'Task'],
    );
  });

  it('gives a model’s thinking to no other model of the same provider, only what it said and called', async () => {
    const thinking = { thinking: { text: 'Hm.', signature: 'sig' }, text: 'Hi.' };
    const provider = await over(startAnthropicServer, inOrder(thinking, { text: 'Done.' }));
    const { text, toolCalls, content } = await answered(provider, 'anthropic/x');
    await answered(provider, 'anthropic/y', [user, { role: 'assistant', text, toolCalls, content }, user]);
    const sent = server!.requests[1]!.body['messages'] as { content: object[] }[];
    assert.deepEqual(sent[1]!.content, [{ type: 'text', text: 'Hi.' }]);
  });

  it('asks once more without thinking where the service refuses it, and not again', async () => {
    const refusal = {
      status: 400,
      body: {
        type: 'error',
        error: { type: 'invalid_request_error', message: '`thinking` blocks cannot be modified.' },
      },
    };
    const thought = { thinking: { text: 'Hm.', signature: 'sig' }, text: 'Hi.' };
    const provider = await over(startAnthropicServer, inOrder(thought, refusal, { text: 'Done.' }, refusal));
    const { text, toolCalls, content } = await answered(provider, 'anthropic/x');
    const history: ModelMessage[] = [user, { role: 'assistant', text, toolCalls, content }, user];
    assert.equal((await answered(provider, 'anthropic/x', history)).text, 'Done.');
    const sent = server!.requests[2]!.body['messages'] as { content: object[] }[];
    assert.deepEqual(sent[1]!.content, [{ type: 'text', text: 'Hi.' }]);
    assert.equal((await call(provider, 'anthropic/x', history)).ok, false);
    assert.equal(server!.requests.length, 5);
    assert.equal((await call(provider, 'anthropic/x')).ok, false);
    assert.equal(server!.requests.length, 6, 'there was no thinking to leave out');
  });

  it('sends an answer that was empty as a message that services accept', async () => {
    const provider = await over(startAnthropicServer, inOrder({ text: 'ok' }));
    await answered(provider, 'anthropic/x', [user, { role: 'assistant', text: '', toolCalls: [] }, user]);
    assert.equal(server!.requests[0]!.messages[1]!.text, '(no answer)');
  });

  it('marks the system prompt and the end of the conversation for Anthropic’s cache', async () => {
    const provider = await over(startAnthropicServer, inOrder({ text: 'ok' }));
    await answered(provider, 'anthropic/x');
    const { system, messages } = server!.requests[0]!.body as {
      system: object[];
      messages: { content: object[] }[];
    };
    const cache_control = { type: 'ephemeral' };
    assert.deepEqual(system, [{ type: 'text', text: 'S', cache_control }]);
    assert.deepEqual(messages[0]!.content, [{ type: 'text', text: 'Task', cache_control }]);
  });

  it('leaves no copy of the conversation with OpenAI', async () => {
    const provider = await over(startOpenAiServer, inOrder({ text: 'ok' }));
    await answered(provider, 'openai/x');
    assert.equal(server!.requests[0]!.body['store'], false);
  });

  it('tells calls apart that a server gave the same id', async () => {
    const toolCalls = [
      { id: 'same', name: 'read', input: { path: 'a' } },
      { id: 'same', name: 'read', input: { path: 'b' } },
    ];
    const provider = await over(startAnthropicServer, inOrder({ toolCalls }));
    const answer = await answered(provider, 'anthropic/x');
    assert.equal(new Set(answer.toolCalls.map((item) => item.id)).size, 2);
  });

  it('prices a call where the price is known, and says so where it is not', async () => {
    const usage = { input: 1_000_000, output: 1_000_000 };
    const provider = await over(startAnthropicServer, () => ({ text: 'ok', usage }));
    assert.equal((await answered(provider, 'anthropic/claude-sonnet-5-5')).usage.costUsd, 12);
    assert.equal((await answered(provider, 'anthropic/unheard-of')).usage.costUsd, null);
  });

  it('estimates the tokens of a server that does not count, without a price', async () => {
    const provider = await over(startOpenAiServer, () => ({ text: 'x'.repeat(400) }));
    const { usage } = await answered(provider, 'openai-compatible/x');
    assert(usage.inputTokens > 0 && usage.outputTokens >= 100);
    assert.equal(usage.costUsd, null);
    assert.equal((await answered(provider, 'ollama/x')).usage.costUsd, 0);
  });
});
