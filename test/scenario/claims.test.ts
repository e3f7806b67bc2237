import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelScript } from '../support/modelScript';
import { startOpenAiServer } from '../support/openaiServer';
import { scenario, typescriptRepository } from '../support/scenario';

const plan = `
name: double
gates: []
tasks:
  - id: double
    title: Add double what is asked
    agent: implementer
    prompt: Change add
    gates: []
`;

const call = (name: string, input: unknown) => ({ toolCalls: [{ name, input }] });

/** Breaks the code and says that all is well; told what the host found, it mends it and says the same. */
const liar: ModelScript = ({ prompt, step }) => {
  const isTold = prompt.includes('What the agent said is not so');
  if (step === 0) {
    const [old, fresh] = isTold ? ['a - b', 'a + b'] : ['a + b', 'a - b'];
    return call('edit', { path: 'src/add.js', old, new: fresh });
  }
  if (step === 1) return call('write', { path: isTold ? 'told.txt' : 'notes.txt', content: 'x\n' });
  return call('finish', { summary: 'Changed it. All tests pass.', verified: ['it reads well'] });
};

describe('A model that lies about its tests', function () {
  this.timeout(120_000);

  it('is refuted by the host, repairs what it said was sound, and every claim is shown for what it is', async () => {
    const server = await startOpenAiServer(liar);
    const fixture = typescriptRepository({ 'plan.yaml': plan });
    const options = { model: 'openai-compatible/scripted', baseUrl: server.baseUrl, apiKey: 'k' };
    const world = await scenario(fixture, options);
    try {
      const { events, view } = await world.run({ request: 'Change add', planPath: 'plan.yaml' });
      const checks = events.flatMap((event) => (event.type === 'claims.checked' ? [event.claims] : []));
      assert.deepEqual(
        checks.map((claims) => claims.map(({ claim, verdict }) => `${verdict}: ${claim}`)),
        [
          ['unproven: it reads well', 'refuted: All tests pass.'],
          ['unproven: it reads well', 'confirmed: All tests pass.'],
        ],
        JSON.stringify(view.failures),
      );
      assert.equal(view.state.name, 'delivered', JSON.stringify(view.failures));
      assert.equal(readFileSync(join(fixture.root, 'told.txt'), 'utf8'), 'x\n', 'the repair was told why');
      const qa = readFileSync(join(view.reportFolder ?? '', 'qa-report.md'), 'utf8');
      assert.match(qa, /~~it reads well~~ — \*\*unproven\*\*/);
      assert.match(qa, /All tests pass\. — \*\*confirmed\*\*: The gate tests passed/);
    } finally {
      await server.close();
      await world.close();
    }
  });
});
