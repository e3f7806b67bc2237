import assert from 'node:assert/strict';
import type { ModelScript } from '../support/modelScript';
import { startOpenAiServer } from '../support/openaiServer';
import { scenario, typescriptRepository } from '../support/scenario';

const plan = `
gates: [types]
tasks:
  - id: contract
    title: Settle the interface
    agent: implementer
    prompt: "CONTRACT: write src/api.js"
    scope: ["src/api.js"]
    freezes: ["src/api.js"]
  - id: client
    title: Use the interface
    agent: implementer
    prompt: "CLIENT: write src/client.js"
    needs: [contract]
`;

const api = '/** @param {string} name */\nexports.greet = (name) => `Hello ${name}`;\n';
const bent =
  '/** @param {string} name @param {string} greeting */\nexports.greet = (name, greeting) => `${greeting} ${name}`;\n';
const client = "const { greet } = require('./api.js');\nexports.hello = () => greet('you');\n";

const write = (path: string, content: string) => ({
  toolCalls: [{ name: 'write', input: { path, content } }],
});
const finish = { toolCalls: [{ name: 'finish', input: { summary: 'Written.' } }] };

/** The client's agent bends the interface first, and puts it back when it is told. */
const script: ModelScript = ({ prompt, step }) => {
  if (prompt.includes('CONTRACT: write')) return step === 0 ? write('src/api.js', api) : finish;
  const isRepair = prompt.includes('## Repair');
  const steps = isRepair
    ? [{ toolCalls: [{ name: 'read', input: { path: 'src/api.js' } }] }, write('src/api.js', api)]
    : [
        write('src/client.js', client),
        { toolCalls: [{ name: 'read', input: { path: 'src/api.js' } }] },
        write('src/api.js', bent),
      ];
  return steps[step] ?? finish;
};

describe('An interface that a task settled', () => {
  it('comes through a whole run as it was settled: who bends it is sent back, and its repaired work is delivered', async () => {
    const server = await startOpenAiServer(script);
    const fixture = typescriptRepository({ 'plan.yaml': plan });
    const world = await scenario(fixture, {
      model: 'openai-compatible/m',
      baseUrl: server.baseUrl,
      apiKey: 'k',
    });
    try {
      const { view, events } = await world.run({ request: 'Greet', planPath: 'plan.yaml' });
      assert.equal(view.state.name, 'delivered', JSON.stringify(view.failures));
      assert.equal(fixture.read('src/api.js'), api);
      assert.equal(fixture.read('src/client.js'), client);
      const sentBack = events.filter((event) => event.type === 'task.repairing');
      assert.deepEqual(
        sentBack.map(({ taskId }) => taskId),
        ['client'],
      );
      assert.match(
        sentBack[0]?.because.join() ?? '',
        /changed what contract settled for all others: src\/api\.js/,
      );
    } finally {
      await server.close();
      await world.close();
    }
  });
});
