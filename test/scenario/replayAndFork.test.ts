import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelScript, ScriptedRequest } from '../support/modelScript';
import { startOpenAiServer } from '../support/openaiServer';
import { expectOk } from '../support/realGit';
import { TerminalRun } from '../support/terminalRun';
import { scenario, typescriptRepository } from '../support/scenario';

const planWith = (gates: string) => `
name: pair
gates: ${gates}
tasks:
  - id: shape
    title: Describe the shape
    agent: implementer
    prompt: "SHAPE: write src/shape.js"
    scope: ["src/shape.js"]
  - id: area
    title: Compute the area
    agent: implementer
    prompt: "AREA: write src/area.js"
    needs: [shape]
    scope: ["src/area.js"]
`;

const call = (name: string, input: unknown) => ({ toolCalls: [{ name, input }] });
const write = (path: string, content: string) => call('write', { path, content });

/** The task `area` looks around, writes, and writes again: a conversation with a middle to fork from. */
const script: ModelScript = ({ prompt, step, messages }) => {
  if (prompt.includes('SHAPE: write'))
    return step === 0 ? write('src/shape.js', 'exports.sides = 4;\n') : call('finish', { summary: 'Shape.' });
  const isTold = messages.some(({ text }) => text.includes('Call it surface.'));
  if (step === 0) return call('glob', { pattern: 'src/**' });
  if (step === 1) return write('src/area.js', 'exports.area = 1;\n');
  if (step === 2) return call('read', { path: 'src/area.js' });
  if (step === 3) return write('src/area.js', `exports.${isTold ? 'surface' : 'area'} = 2;\n`);
  return call('finish', { summary: isTold ? 'Surface.' : 'Area.' });
};

async function recorded(gates = '[]') {
  const server = await startOpenAiServer(script);
  const fixture = typescriptRepository({ 'plan.yaml': planWith(gates) });
  const options = { model: 'openai-compatible/scripted', baseUrl: server.baseUrl, apiKey: 'k' };
  const world = await scenario(fixture, options);
  const run = await world.run({ request: 'Compute', planPath: 'plan.yaml' });
  assert.equal(run.view.state.name, 'delivered', JSON.stringify(run.view.failures));
  const read = (path: string) => readFileSync(join(fixture.root, path), 'utf8');
  return { ...run, world, server, fixture, read, runId: run.view.runId };
}

describe('A recorded run', () => {
  it('replays without its model to the same trees, and leaves the checkout alone', async () => {
    const { world, server, fixture, runId } = await recorded('[types]');
    await server.close();
    try {
      const before = fixture.fingerprint();
      const runs = (await world.engine.runs()).length;
      const replayed = expectOk(await world.engine.replay(runId, new AbortController().signal));
      assert.deepEqual(replayed.differences, []);
      assert.equal(replayed.sameResult, true);
      assert.deepEqual(replayed.compared, { trees: 3, answers: 7, tools: 7, gates: 4 });
      assert.equal((await world.engine.runs()).length, runs, 'a replay is not a run of its own');
      assert.equal(fixture.fingerprint(), before);
    } finally {
      await world.close();
    }
  });

  it('goes on differently from a middle step: what came before is said again, not asked again', async () => {
    const { world, server, read, events, runId } = await recorded();
    try {
      const asked = server.requests.length;
      const forked = expectOk(
        await world.engine.fork(runId, { from: 'area:4', tell: 'Call it surface.', deliver: 'never' }),
      );
      const view = await world.engine.settled(forked.runId);
      assert.equal(view.state.name, 'awaiting_delivery', JSON.stringify(view.failures));
      assert.equal(server.requests.length - asked, 2, 'steps 4 and 5');
      const area = await world.engine.fileOf(forked.runId, 'result', 'src/area.js');
      assert.equal(Buffer.from(expectOk(area) ?? []).toString(), 'exports.surface = 2;\n');
      assert.equal(read('src/area.js'), 'exports.area = 2;\n', 'what the first run delivered stands');
      const first = events.filter((event) => event.type === 'model.answered');
      const own = (await world.engine.events(forked.runId)).filter(
        (event) => event.type === 'model.answered',
      );
      assert.equal(own.length, first.length);
      assert.equal(
        view.usage.inputTokens,
        own.slice(-2).reduce((sum, { usage }) => sum + usage.inputTokens, 0),
      );
    } finally {
      await server.close();
      await world.close();
    }
  });

  it('is forked by a program that is killed, and resumed by another, without asking again what was recorded', async () => {
    const { world, server, fixture, runId } = await recorded();
    const env = { ENTERPRISE_HOME: fixture.state, ENTERPRISE_BASE_URL: server.baseUrl };
    const start = (...args: string[]) =>
      new TerminalRun([...args, '--workspace', fixture.root, '--json'], env);
    try {
      await world.engine.dispose();
      const asked = server.requests.length;
      const forking = start('fork', runId, '--from', 'area:4', '--no-deliver');
      const second = await forking.until(
        (event) => event.type === 'tool.returned' && event.taskId === 'area' && event.tool === 'write',
      );
      forking.kill('SIGKILL');
      await forking.ended;
      const resumed = start('resume', second.runId, '--no-deliver');
      assert.equal(await resumed.ended, 0, resumed.told());
      assert.deepEqual(stepsAsked(server.requests.slice(asked)), [3, 4]);
    } finally {
      await server.close();
      await world.close();
    }
  });
});

/** How many answers each conversation held when it was asked; one that was asked twice counts once. */
function stepsAsked(requests: readonly ScriptedRequest[]): number[] {
  return [...new Set(requests.map(({ step }) => step))].sort();
}
