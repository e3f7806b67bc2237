import assert from 'node:assert/strict';
import { enterprise, PlayedEngine } from '../../support/enterprise';

describe('enterprise replay', () => {
  it('ends with 0 for the same result, and says what was compared', async () => {
    const engine = new PlayedEngine();
    const started = await engine.start({ request: 'r' });
    assert(started.ok);
    const { code, terminal } = await enterprise(['replay', 'last'], engine);
    assert.equal(code, 0);
    assert.equal(
      terminal.printed.at(-1),
      'The same result, to the byte.\nCompared 3 trees, 4 answers of models, 1 result of tools, 2 gates.',
    );
  });

  it('ends with 1 for another result, and shows where it parted', async () => {
    const engine = new PlayedEngine();
    const started = await engine.start({ request: 'r' });
    assert(started.ok);
    engine.comparison = {
      sameResult: false,
      compared: { trees: 1, answers: 1, tools: 0, gates: 0 },
      differences: [{ where: 'docs', what: 'tree', before: 'aaa', now: 'bbb' }],
    };
    const { code, terminal } = await enterprise(['replay', 'last'], engine);
    assert.equal(code, 1);
    assert.match(
      terminal.printed.at(-1) ?? '',
      /Another result\.\n.*\n1 difference:\n {2}tree of docs\n {4}was {2}aaa\n {4}is {3}bbb/,
    );
  });
});

describe('enterprise fork', () => {
  it('hands over where to begin, what to tell and which model to ask, and follows the new run', async () => {
    const engine = new PlayedEngine();
    const started = await engine.start({ request: 'r' });
    assert(started.ok);
    const args = ['fork', started.value.runId, '--from', 'docs:3', '--tell', 'Use tabs.', '--no-deliver'];
    await enterprise([...args, '--model', 'ollama/q'], engine);
    assert.deepEqual(engine.forks, [
      { from: 'docs:3', tell: 'Use tabs.', model: 'ollama/q', deliver: 'never' },
    ]);
  });

  it('wants to know from where', async () => {
    const { code, terminal } = await enterprise(['fork', 'last']);
    assert.equal(code, 2);
    assert.match(terminal.complaints.join('\n'), /--from/);
  });
});
