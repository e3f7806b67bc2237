import assert from 'node:assert/strict';
import type { GateResult } from '../../../../src/core/model/gate';
import { openBench, type Bench } from '../../../support/toolSession';

const names = [
  'read',
  'glob',
  'grep',
  'edit',
  'write',
  'apply_patch',
  'bash',
  'bash_output',
  'bash_kill',
  'todo',
  'diagnostics',
  'message',
  'ask_user',
  'finish',
];

describe('createToolbox', () => {
  let bench: Bench | undefined;
  afterEach(() => bench?.close());

  it('offers the tools of the design with their arguments', async () => {
    bench = await openBench();
    assert.deepEqual(
      bench.session.specs.map((spec) => spec.name),
      names,
    );
    const of = (name: string) =>
      Object.keys(
        bench!.session.specs.find((spec) => spec.name === name)!.inputSchema['properties'] as object,
      );
    assert.deepEqual(of('read'), ['path', 'offset', 'limit']);
    assert.deepEqual(of('grep'), ['pattern', 'path', 'glob', 'mode']);
    assert.deepEqual(of('edit'), ['path', 'old', 'new', 'replaceAll']);
    assert.deepEqual(of('bash'), ['command', 'timeoutMs', 'background']);
    assert.deepEqual(of('finish'), ['summary', 'verified', 'files', 'handoff']);
  });

  it('keeps to the agent’s tools, but it may always speak, ask, plan and finish', async () => {
    bench = await openBench({ tools: ['read'] });
    assert.deepEqual(
      bench.session.specs.map((spec) => spec.name),
      ['read', 'todo', 'message', 'ask_user', 'finish'],
    );
    const outcome = await bench.call('bash', { command: 'touch x' });
    assert.match(outcome.output, /There is no tool "bash"\. There are: read, /);
  });

  it('answers arguments that do not fit with what is wrong, and does nothing', async () => {
    bench = await openBench();
    for (const input of [{}, { path: 5, content: 'x' }, 'text', null, [1]]) {
      const outcome = await bench.call('write', input);
      assert.equal(outcome.ok, false);
      assert.match(outcome.output, /^Invalid arguments for write: [^]*Nothing was done/);
    }
  });

  it('takes null for an argument that is left out', async () => {
    bench = await openBench();
    await bench.put('a', 'x\n');
    assert.equal((await bench.call('read', { path: 'a', offset: null, limit: null })).ok, true);
  });

  it('sums up any call in a few words, whatever its arguments are', async () => {
    bench = await openBench();
    const { session } = bench;
    const summary = (name: string, input: unknown) => session.summary({ id: 'c', name, input });
    assert.equal(summary('read', { path: 'src/a.ts' }), 'read src/a.ts');
    assert.equal(summary('bash', { command: 'npm test\nrm x' }), '$ npm test…');
    for (const name of [...names, 'unknown']) {
      for (const input of [
        undefined,
        null,
        5,
        'x',
        [],
        {},
        { path: {}, patch: 5, items: 'x', paths: 'y', command: null },
      ]) {
        assert.equal(typeof summary(name, input), 'string');
      }
    }
  });

  it('records the plan of the agent and its messages', async () => {
    bench = await openBench();
    const items = [
      { content: 'Look', status: 'completed' as const },
      { content: 'Do', status: 'in_progress' as const },
    ];
    assert.equal((await bench.call('todo', { items })).output, 'Noted: 2 items, 1 open.');
    await bench.call('message', { to: 'docs', text: 'The name is add.' });
    assert.match(
      (await bench.call('message', { to: 'task', text: 'me' })).output,
      /Nobody named task can read a message now\. There are: docs, all, person\./,
    );
    assert.deepEqual(
      bench.attempt.events.map((event) => event.type),
      ['agent.todos', 'message.sent'],
    );
  });

  it('brings a person’s answer, or says that nobody is there', async () => {
    bench = await openBench({ person: () => ({ decision: 'allow', by: 'person', text: 'Use tabs.' }) });
    assert.equal((await bench.call('ask_user', { question: 'Tabs?' })).output, 'Use tabs.');
    assert.equal(bench.attempt.asked[0]!.kind, 'question');
    await bench.close();
    bench = await openBench();
    assert.match((await bench.call('ask_user', { question: 'Tabs?' })).output, /Nobody is there/);
  });

  it('finishes with a summary and what the agent claims to have verified', async () => {
    bench = await openBench();
    const outcome = await bench.call('finish', { summary: 'Done.', verified: 'ran the tests', files: ['a'] });
    assert.deepEqual(outcome.finish, { summary: 'Done.', claims: ['ran the tests'] });
    assert.equal((await bench.call('finish', { summary: ' ' })).finish, undefined);
  });

  it('lists what the gates of the task find, in the files asked about', async () => {
    const result: GateResult = {
      gate: 'types',
      command: 'tsc',
      verdict: 'failed',
      reason: '2 errors',
      durationMs: 1,
      exitCode: 2,
      findings: [
        {
          gate: 'types',
          file: 'src/a.ts',
          range: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 6 },
          severity: 'error',
          rule: 'TS2304',
          message: 'No x.',
          fingerprint: 'f',
        },
        { gate: 'types', file: 'test/b.ts', severity: 'error', message: 'No y.', fingerprint: 'g' },
      ],
      truncated: 0,
      comparable: true,
      outputTail: 'tail',
    };
    bench = await openBench({ task: { gates: ['types'] }, gates: [result] });
    assert.equal(
      (await bench.call('diagnostics', { paths: ['src'] })).output,
      'types: failed (2 errors)\nsrc/a.ts:3:5 error TS2304: No x.',
    );
    assert.match((await bench.call('diagnostics', {})).output, /test\/b\.ts error: No y\./);
  });
});
