import assert from 'node:assert/strict';
import { createModelProvider } from '../../../../src/adapters/models/modelProvider';
import type { ModelMessage, ModelRequest } from '../../../../src/core/ports';
import { startAnthropicServer } from '../../../support/anthropicServer';
import type { ModelScript } from '../../../support/modelScript';
import { startOpenAiServer } from '../../../support/openaiServer';
import type { ScriptedServer } from '../../../support/scriptedServer';

const tools = ['read', 'write'].map((name) => ({ name, description: name, inputSchema: { type: 'object' } }));
const user = (text: string): ModelMessage => ({ role: 'user', text });
const said = (text: string): ModelMessage => ({ role: 'assistant', text, toolCalls: [] });
const conversation = [user('Task'), said('Hi'), user('Go on'), said('Done?'), user('Not yet')];

/** What the services receive, so that they read from their caches what they were sent before. */
describe('the prompt cache', () => {
  let server: ScriptedServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function sent(
    start: (script: ModelScript) => Promise<ScriptedServer>,
    ...requests: Partial<ModelRequest>[]
  ): Promise<Record<string, unknown>[]> {
    server = await start(() => ({ text: 'ok' }));
    const provider = createModelProvider({ baseUrl: server.baseUrl, apiKey: 'k', environment: {} });
    for (const request of requests) {
      const whole = { model: 'anthropic/x', system: 'S', messages: conversation, tools, ...request };
      const answered = await provider.complete(whole, new AbortController().signal);
      assert(answered.ok, JSON.stringify(answered));
    }
    return server.requests.map(({ body }) => body);
  }

  it('of Anthropic is marked after the tools, the system and the last two ends of a conversation', async () => {
    const [body] = await sent(startAnthropicServer, {});
    const marked = (blocks: unknown) =>
      (blocks as { cache_control?: object }[]).map((block) => block.cache_control !== undefined);
    assert.deepEqual(marked(body?.['tools']), [false, true]);
    assert.deepEqual(marked(body?.['system']), [true]);
    const messages = body?.['messages'] as { content: object[] }[];
    assert.deepEqual(
      messages.map(({ content }) => marked(content).at(-1)),
      [false, false, true, false, true],
    );
  });

  it('of Anthropic gets no more marks than the four it allows, however long the conversation is', async () => {
    const long = Array.from({ length: 30 }, (_, at) => (at % 2 === 0 ? user(`${at}`) : said(`${at}`)));
    const [body] = await sent(startAnthropicServer, { messages: [...long, user('last')] });
    assert.equal(JSON.stringify(body).split('"cache_control"').length - 1, 4);
  });

  it('of Anthropic finds, at a mark, exactly what the request before it marked as its end', async () => {
    const before = conversation.slice(0, 3);
    const [first, second] = await sent(startAnthropicServer, { messages: before }, {});
    const ends = (body: Record<string, unknown> | undefined) =>
      (body?.['messages'] as { content: { text: string; cache_control?: object }[] }[])
        .flatMap(({ content }) => content)
        .flatMap(({ text, cache_control }) => (cache_control ? [text] : []));
    assert.deepEqual(
      [ends(first), ends(second)],
      [
        ['Task', 'Go on'],
        ['Go on', 'Not yet'],
      ],
    );
  });

  it('of OpenAI gets one key for one conversation, and another for another', async () => {
    const model = 'openai/x';
    const bodies = await sent(
      startOpenAiServer,
      { model, messages: conversation.slice(0, 1) },
      { model },
      { model, messages: [user('Another task')] },
    );
    const [first, second, other] = bodies.map((body) => body['prompt_cache_key']);
    assert.equal(typeof first, 'string');
    assert.equal(second, first);
    assert.notEqual(other, first);
  });
});
