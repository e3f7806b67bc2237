import assert from 'node:assert/strict';
import { createModelProvider } from '../../../../src/adapters/models/modelProvider';
import { startAnthropicServer } from '../../../support/anthropicServer';
import { inOrder } from '../../../support/modelScript';
import { startOpenAiServer } from '../../../support/openaiServer';

describe('the effort an agent’s definition asks for', () => {
  async function sent(model: string, effort: string | undefined) {
    const start = model.startsWith('anthropic/') ? startAnthropicServer : startOpenAiServer;
    const server = await start(inOrder({ text: 'ok' }));
    try {
      const provider = createModelProvider({ baseUrl: server.baseUrl, apiKey: 'key', environment: {} });
      const request = { model, system: 'S', messages: [{ role: 'user' as const, text: 'Task' }], tools: [] };
      const answer = await provider.complete(
        { ...request, ...(effort === undefined ? {} : { effort }) },
        new AbortController().signal,
      );
      assert.ok(answer.ok, JSON.stringify(answer));
      return JSON.stringify(server.requests[0]?.body);
    } finally {
      await server.close();
    }
  }

  it('reaches the models that can be told', async () => {
    assert.match(await sent('openai/gpt-5.2', 'high'), /"effort":"high"/);
    assert.match(await sent('anthropic/claude-opus-5-5', 'low'), /"effort":"low"|"thinking"/);
  });

  it('changes no request of a server that may not know it, nor one with a word nobody knows', async () => {
    const plain = await sent('openai-compatible/x', undefined);
    assert.equal(await sent('openai-compatible/x', 'high'), plain);
    assert.equal(await sent('openai/gpt-5.2', 'heroic'), await sent('openai/gpt-5.2', undefined));
  });
});
