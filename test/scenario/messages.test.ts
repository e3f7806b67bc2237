import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelScript } from '../support/modelScript';
import { startOpenAiServer } from '../support/openaiServer';
import { scenario, typescriptRepository } from '../support/scenario';

const plan = `
name: pair
gates: []
tasks:
  - id: server
    title: Choose the port
    agent: implementer
    prompt: "SERVER: choose a port"
    scope: ["src/port.txt"]
  - id: client
    title: Use the port
    agent: implementer
    prompt: "CLIENT: use the port"
    scope: ["src/client.txt"]
  - id: docs
    title: Document the port
    agent: implementer
    prompt: "DOCS: document the port"
    needs: [server]
    scope: ["docs.txt"]
`;

const call = (name: string, input: unknown) => ({ toolCalls: [{ name, input }] });

/** One agent chooses a port and tells the other, which is at work and writes what it is told; a third builds on the first. */
function team(): ModelScript {
  let told: () => void = () => undefined;
  const isTold = new Promise<void>((resolve) => (told = resolve));
  return async ({ prompt, step, messages }) => {
    if (prompt.includes('SERVER: choose')) {
      if (step === 0) return call('message', { to: 'client', text: 'The port is 7411.' });
      told();
      if (step === 1) return call('write', { path: 'src/port.txt', content: '7411\n' });
      return call('finish', { summary: 'Chose it.', handoff: { interfaces: ['port 7411'] } });
    }
    if (prompt.includes('DOCS: document')) {
      const port = /You may rely on:\n- port (\d+)/.exec(prompt)?.[1] ?? 'unknown';
      if (step === 0) return call('write', { path: 'docs.txt', content: `${port}\n` });
      return call('finish', { summary: 'Documented it.' });
    }
    if (step === 0) {
      await isTold;
      return call('glob', { pattern: 'src/*' });
    }
    const port = /The port is (\d+)\./.exec(messages.at(-1)?.text ?? '')?.[1] ?? 'unknown';
    if (step === 1) return call('write', { path: 'src/client.txt', content: `${port}\n` });
    return call('finish', { summary: 'Used it.' });
  };
}

describe('Agents that share a decision', () => {
  it('agree on it by a message while both are at work, and by a handoff with who comes after', async () => {
    const server = await startOpenAiServer(team());
    const fixture = typescriptRepository({ 'plan.yaml': plan });
    const options = { model: 'openai-compatible/scripted', baseUrl: server.baseUrl, apiKey: 'k' };
    const world = await scenario(fixture, options);
    try {
      const { events, view } = await world.run({ request: 'Use one port', planPath: 'plan.yaml' });
      assert.equal(view.state.name, 'delivered', JSON.stringify(view.failures));
      for (const path of ['src/port.txt', 'src/client.txt', 'docs.txt'])
        assert.equal(readFileSync(join(fixture.root, path), 'utf8'), '7411\n', path);
      const sent = events.find((event) => event.type === 'message.sent');
      const received = events.find((event) => event.type === 'message.received');
      assert(received?.type === 'message.received');
      const { taskId, from, sentSeq } = received;
      assert.deepEqual({ taskId, from, sentSeq }, { taskId: 'client', from: 'server', sentSeq: sent?.seq });
    } finally {
      await server.close();
      await world.close();
    }
  });
});
