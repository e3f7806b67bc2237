import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { folderFixture, gitFixture } from '../support/gitFixture';
import { installed, scenario, typescriptRepository } from '../support/scenario';

describe('The embedded default', () => {
  it('analyses, checks and mends a repository without a model, and says that none took part', async () => {
    const fixture = typescriptRepository({
      '.prettierrc.json': '{ "singleQuote": true }\n',
      'src/untidy.js': 'exports.a   =   1 ;\n',
      'src/wrong.js': '/** @param {number} a */\nexports.twice = (a) => a.double();\n',
    });
    installed(fixture.root, 'prettier');
    const before = fixture.fingerprint();
    const world = await scenario(fixture);
    try {
      const { view, report } = await world.run({ request: 'Check and tidy this repository' });
      assert.equal(view.state.name, 'delivered', JSON.stringify(view.failures));
      assert.equal(fixture.read('src/untidy.js'), 'exports.a = 1;\n');
      assert.equal(fixture.fingerprint(), before);
      assert.equal(report.usage.modelCalls, 0);
      assert.match(view.plan?.rationale ?? '', /no model/i);
      const types = report.gates.find((gate) => gate.name === 'types' && gate.tree === 'base');
      assert.equal(types?.verdict, 'failed', 'the type error that was there is not hidden');
      const finding = report.findings.find((found) => found.gate === 'types');
      assert.deepEqual(
        [finding?.file, finding?.range?.startLine, finding?.status],
        ['src/wrong.js', 2, 'known'],
      );
      assert.equal(report.tasks.find((task) => task.id === 'check-types')?.state, 'failed');
      const folder = join(fixture.root, '.enterprise', 'runs', view.runId);
      for (const name of [
        'report.json',
        'report.md',
        'plan.json',
        'todos.json',
        'coordination-plan.md',
        'qa-report.md',
        'performance.md',
        'lessons-learned.md',
        'code-analysis.md',
        'documentation.md',
      ]) {
        assert.ok(existsSync(join(folder, name)), name);
      }
      const undone = await world.engine.undo(view.runId);
      assert.ok(undone.ok);
      assert.equal(fixture.read('src/untidy.js'), 'exports.a   =   1 ;\n');
      assert.deepEqual(fixture.git('status', '--porcelain').trim(), '');
    } finally {
      await world.close();
    }
  });

  it('works on a folder without git, and makes none', async () => {
    const fixture = folderFixture({
      'notes/read.me': 'hello\n',
      'plan.yaml': 'tasks:\n  - id: add\n    run: echo added > added.txt\n',
    });
    const world = await scenario(fixture);
    try {
      const { view } = await world.run({ planPath: 'plan.yaml' });
      assert.equal(view.state.name, 'delivered', JSON.stringify(view.failures));
      assert.equal(view.baseKind, 'snapshot');
      assert.equal(fixture.read('added.txt'), 'added\n');
      assert.deepEqual(readdirSync(fixture.root).sort(), ['.enterprise', 'added.txt', 'notes', 'plan.yaml']);
      assert.ok((await world.engine.undo(view.runId)).ok);
      assert.equal(existsSync(join(fixture.root, 'added.txt')), false);
    } finally {
      await world.close();
    }
  });

  it('keeps a file with local changes: the delivery is refused by name and nothing else is written either', async () => {
    const fixture = gitFixture({
      'a.txt': 'one\n',
      'b.txt': 'two\n',
      'plan.yaml': 'tasks:\n  - id: both\n    run: echo changed > a.txt && echo changed > b.txt\n',
    });
    fixture.write('a.txt', 'the person works here\n');
    const before = fixture.fingerprint();
    const world = await scenario(fixture);
    try {
      const { view } = await world.run({ planPath: 'plan.yaml' });
      assert.equal(view.state.name, 'awaiting_delivery');
      assert.deepEqual(
        view.failures.map(({ failure }) => failure.kind === 'delivery-refused' && failure.paths),
        [['a.txt']],
      );
      assert.deepEqual([fixture.read('a.txt'), fixture.read('b.txt')], ['the person works here\n', 'two\n']);
      assert.equal(fixture.fingerprint(), before);
      fixture.write('a.txt', 'one\n');
      assert.ok((await world.engine.deliver(view.runId)).ok);
      assert.deepEqual([fixture.read('a.txt'), fixture.read('b.txt')], ['changed\n', 'changed\n']);
    } finally {
      await world.close();
    }
  });

  it('gives programs of a task no secret of the environment', async () => {
    process.env['DEMO_API_KEY'] = 'do-not-show';
    const fixture = gitFixture({ 'plan.yaml': 'tasks:\n  - id: env\n    run: env > seen.txt\n' });
    const world = await scenario(fixture);
    try {
      const { view } = await world.run({ planPath: 'plan.yaml' });
      assert.equal(view.state.name, 'delivered', JSON.stringify(view.failures));
      const seen = readFileSync(join(fixture.root, 'seen.txt'), 'utf8');
      assert.match(seen, /^PATH=/m);
      assert.doesNotMatch(seen, /do-not-show/);
    } finally {
      delete process.env['DEMO_API_KEY'];
      await world.close();
    }
  });

  it('refuses a workflow that does not exist before anything is created', async () => {
    const world = await scenario(gitFixture({ 'a.txt': 'one\n' }));
    try {
      const started = await world.engine.start({ request: 'x', workflow: 'verifi' });
      assert.ok(!started.ok);
      assert.match(
        `${started.failure.message} ${started.failure.remedy ?? ''}`,
        /no workflow named verifi.*verify/s,
      );
      assert.deepEqual(await world.engine.runs(), []);
    } finally {
      await world.close();
    }
  });
});
