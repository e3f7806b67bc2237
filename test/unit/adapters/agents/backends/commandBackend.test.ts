import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCommandBackend } from '../../../../../src/adapters/agents/backends/commandBackend';
import { OutputTail } from '../../../../../src/adapters/agents/backends/outputTail';
import { Progress } from '../../../../../src/adapters/agents/backends/progress';
import type { Work } from '../../../../../src/core/model/plan';
import { testAttempt, type TestAttempt } from '../../../../support/attempt';
import { FakeClock } from '../../../../support/fakeClock';
import { HastyClock } from '../../../../support/hastyClock';
import { temporaryTree } from '../../../../support/temporaryTree';

const activities = (attempt: TestAttempt) =>
  attempt.events.flatMap((event) => (event.type === 'attempt.progress' ? [event] : []));

describe('the command backend', () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'command-'))));
  after(() => rm(folder, { recursive: true }));

  async function run(work: Work, analysis = '', minutes?: number, worktree = folder) {
    const limits = minutes === undefined ? {} : { minutes };
    const attempt = testAttempt({ worktree, task: { work }, context: { limits } });
    const analysisCommand = (of: string) => ({
      file: process.execPath,
      args: ['-e', analysis, of],
      env: { GIVEN: 'yes' },
    });
    const backend = createCommandBackend({ clock: new HastyClock(), analysisCommand });
    return { attempt, result: await backend.run(attempt) };
  }

  const shell = (line: string, minutes?: number) => run({ kind: 'command', run: line }, '', minutes);
  const analyse = (program: string) => run({ kind: 'analysis', of: 'code' }, program);

  it('runs a command line in the worktree and sums up how it went', async () => {
    const { attempt, result } = await shell('echo working; echo all good > made; cat made');
    assert(result.ok);
    assert.match(result.value.summary, /^`echo working.*` succeeded after \d+\.\d s\.$/);
    assert.equal(await readFile(join(folder, 'made'), 'utf8'), 'all good\n');
    assert.equal(activities(attempt).at(-1)!.activity, 'all good');
  });

  it('says of what it did that it succeeded, not what a launcher printed last', async () => {
    const { result } = await shell('echo "npm warn Unknown user config" >&2');
    assert(result.ok && !result.value.summary.includes(' s: npm'));
  });

  it('takes an exit code that the task accepts for work done, and no other', async () => {
    const ended = (code: number) => run({ kind: 'command', run: `exit ${code}`, accepts: [1] });
    const { result } = await ended(1);
    assert(result.ok);
    assert.match(result.value.summary, /with exit code 1, which the plan accepts\.$/);
    assert.equal((await ended(2)).result.ok, false);
    const missing = await run({ kind: 'command', run: 'no-such-linter --fix', accepts: [1] });
    assert.equal(missing.result.ok, false);
  });

  it('mends with the linter of the tree, and fails where its configuration is broken', async () => {
    const tree = temporaryTree({
      'eslint.config.mjs': "export default [{ rules: { 'prefer-const': 'error', 'no-undef': 'error' } }];",
      'a.js': 'let a = 1;\nexport { a };\nmissing();\n',
    });
    try {
      tree.install('eslint', 'eslint');
      const mend = () =>
        run({ kind: 'command', run: 'eslint . --fix', accepts: [1] }, '', undefined, tree.path);
      assert.equal((await mend()).result.ok, true);
      assert.equal(
        await readFile(join(tree.path, 'a.js'), 'utf8'),
        'const a = 1;\nexport { a };\nmissing();\n',
      );
      tree.write('eslint.config.mjs', 'throw new Error("broken");');
      assert.equal((await mend()).result.ok, false);
    } finally {
      tree.dispose();
    }
  }).timeout(60_000);

  it('names a command that fails with its code, the end of its output and what to do', async () => {
    const { result } = await shell('echo before; echo "cannot" >&2; exit 3');
    assert(!result.ok && result.failure.kind === 'agent-exited');
    assert.equal(result.failure.exitCode, 3);
    assert.match(result.failure.outputTail, /cannot/);
    assert.match(result.failure.remedy ?? '', /end of its output/);
  });

  it('says that a program is missing', async () => {
    const { result } = await shell('no-such-program-here');
    assert(!result.ok && result.failure.kind === 'agent-exited');
    assert.match(result.failure.remedy ?? '', /Install the program/);
  });

  it('ends a command after its minutes', async () => {
    const { result } = await shell('sleep 300', 0.005);
    assert(!result.ok);
    assert.equal(result.failure.kind, 'timed-out');
  });

  it('gives the program none of the engine’s secrets', async () => {
    process.env['ENTERPRISE_API_KEY'] = 'secret-value';
    try {
      await shell('echo "[$ENTERPRISE_API_KEY]" > seen');
      assert.equal(await readFile(join(folder, 'seen'), 'utf8'), '[]\n');
    } finally {
      delete process.env['ENTERPRISE_API_KEY'];
    }
  });

  it('brings the documents and the progress of an analysis', async () => {
    const { attempt, result } = await analyse(`
      console.error('(node) a warning that is no progress');
      console.error(JSON.stringify({ percent: 40, activity: 'reading ' + process.argv[1] + ' ' + process.env.GIVEN }));
      console.log(JSON.stringify({ summary: '12 modules', documents: [{ name: 'code.md', text: '# Code' }] }));
    `);
    assert.deepEqual(result, {
      ok: true,
      value: { summary: '12 modules', documents: [{ name: 'code.md', text: '# Code' }] },
    });
    const { activity, percent } = activities(attempt)[0]!;
    assert.deepEqual([activity, percent], ['reading code yes', 40]);
  });

  const broken: [string, string][] = [
    ['prints no JSON', 'console.log("hello")'],
    ['prints nothing', ''],
    [
      'names a document with a path',
      'console.log(JSON.stringify({ summary: "x", documents: [{ name: "../x.md", text: "" }] }))',
    ],
  ];
  for (const [what, program] of broken) {
    it(`does not take an analysis for done that ${what}`, async () => {
      const { result } = await analyse(program);
      assert(!result.ok && result.failure.kind === 'agent-exited');
    });
  }

  it('names an analysis that crashed', async () => {
    const { result } = await analyse('throw new Error("out of luck")');
    assert(!result.ok && result.failure.kind === 'agent-exited');
    assert.match(result.failure.outputTail, /out of luck/);
  });

  it('refuses a prompt, which it cannot do', async () => {
    const { result } = await run({ kind: 'agent', prompt: 'x' });
    assert(!result.ok);
    assert.equal(result.failure.kind, 'usage');
  });
});

describe('Progress', () => {
  it('records at most once a second, and always what came last', async () => {
    const clock = new FakeClock();
    const attempt = testAttempt();
    const progress = new Progress(attempt, clock);
    const flush = () => new Promise((resolve) => setImmediate(resolve));
    for (const activity of ['one', 'two', 'three']) progress.report({ activity });
    await flush();
    progress.report({ activity: 'four' });
    clock.advance(1000);
    progress.report({ activity: 'five' });
    await flush();
    progress.report({ activity: 'six' });
    await progress.settled();
    assert.deepEqual(
      activities(attempt).map((event) => event.activity),
      ['one', 'five', 'six'],
    );
  });

  it('lets the failure of the journal out', async () => {
    const progress = new Progress(
      testAttempt({ context: { emit: () => Promise.reject(new Error('disk full')) } }),
      new HastyClock(),
    );
    progress.report({ activity: 'x' });
    await assert.rejects(progress.settled(), /disk full/);
  });
});

describe('OutputTail', () => {
  it('gives whole lines, the last one, and no more than the end', () => {
    const tail = new OutputTail(10);
    assert.deepEqual(tail.append('one\ntw'), ['one']);
    assert.deepEqual(tail.append('o\r\n\n'), ['two']);
    assert.equal(tail.lastLine(), 'two');
    tail.append('10%\r20%');
    assert.equal(tail.lastLine(), '20%');
    assert.equal(tail.text(), '\r\n\n10%\r20%');
  });
});
