import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok } from '../../../src/base/result';
import { commandLine } from '../../../src/commandline/commandLine';
import type { NewEvent } from '../../../src/core/model/event';
import type { Plan } from '../../../src/core/model/plan';
import { FakeEngine } from '../../support/fakeEngine';
import { FakeTerminal } from '../../support/fakeTerminal';
import { agent, task } from '../core/planning/sampleTasks';

const plan: Plan = {
  tasks: [task('a'), task('b', { needs: ['a'] })],
  rationale: '',
  risks: [],
  contingencies: [],
  gates: [],
  origin: 'file',
};
const proposed: NewEvent = { type: 'plan.proposed', plan, revision: 1 };
const underWay: NewEvent[] = [
  proposed,
  { type: 'plan.approved', revision: 1, by: 'person' },
  { type: 'task.preparing', taskId: 'a' },
];

describe('enterprise replan', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'replan-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  async function replan(
    events: readonly NewEvent[],
    args: string[],
    environment: Record<string, string> = {},
  ) {
    const engine = new FakeEngine(folder, {
      agents: { agents: [agent('implementer', []), agent('tester', [])], problems: [] },
    });
    const created = engine.created({ request: 'Do it', model: 'fake/m' });
    engine.play('run-1', [created, ...events]);
    const terminal = new FakeTerminal();
    const code = await commandLine(['replan', 'last', ...args], {
      terminal,
      folder,
      environment,
      version: '0',
      openEngine: () => Promise.resolve(ok(engine)),
      onInterrupt: () => ({ dispose: () => undefined }),
      exitNow: () => assert.fail('the process must not be ended'),
      nowMs: () => 0,
    });
    return {
      code,
      requests: engine.planRequests,
      printed: terminal.printed.join('\n'),
      said: terminal.complaints.join('\n'),
    };
  }

  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return name;
  };

  it('takes each kind of change as an option and says what it comes to', async () => {
    const { code, requests, printed } = await replan(underWay, [
      '--agent', 'a=tester',
      '--priority', 'b=high',
      '--needs', 'b=',
      '--scope', 'b=src/**,docs/**',
      '--add', file('c.yaml', 'id: c\nprompt: Write it.\n'),
    ]); // prettier-ignore
    assert.equal(code, 0);
    assert.deepEqual(requests, [
      {
        kind: 'replan',
        by: 'person',
        changes: [
          { kind: 'add', task: { id: 'c', prompt: 'Write it.' } },
          { kind: 'prioritise', taskId: 'b', priority: 'high' },
          { kind: 'reassign', taskId: 'a', agent: 'tester' },
          { kind: 'reorder', taskId: 'b', needs: [] },
          { kind: 'rescope', taskId: 'b', scope: ['src/**', 'docs/**'] },
        ],
      },
    ]);
    assert.match(
      printed,
      /^The plan of run-1 is changed:\n {2}`a`: Its agent is tester instead of implementer\./,
    );
  });

  it('reads changes from a file, and only says what they would come to with --dry-run', async () => {
    const changes = file('changes.yaml', '- kind: cancel\n  taskId: a\n');
    const { code, requests, printed } = await replan(underWay, ['--changes', changes, '--dry-run']);
    assert.deepEqual([code, requests], [0, []]);
    assert.match(printed, /This would change the plan of run-1:\n {2}`a` is cancelled/);
  });

  const wrong: [string, string[], RegExp][] = [
    ['no change', [], /No change is named/],
    ['a priority that is none', ['--priority', 'a=huge'], /"huge" is no priority/],
    ['a change without its value', ['--agent', 'a'], /task=value/],
    ['a task that is not there', ['--cancel', 'x'], /`x` is not in the plan/],
    ['a file that is not there', ['--changes', 'none.yaml'], /cannot be read/],
    ['a plan for a run that is under way', ['--plan', 'p.yaml'], /cannot be changed/],
  ];
  for (const [what, args, message] of wrong)
    it(`refuses ${what} with exit code 2`, async () => {
      file('p.yaml', 'tasks: [{id: a, prompt: x}]\n');
      const { code, requests, said } = await replan(underWay, args);
      assert.deepEqual([code, requests], [2, []]);
      assert.match(said, message);
    });

  it('names line and column of what is wrong in a file', async () => {
    const { code, said } = await replan(underWay, [
      '--changes',
      file('c.yaml', '- kind: cancel\n  task: a\n'),
    ]);
    assert.equal(code, 2);
    assert.match(said, /2:3 .*unknown key `task`/);
  });

  it('opens the plan that waits in the editor and hands in what was saved there', async function () {
    if (process.platform === 'win32') return this.skip();
    const editor = join(folder, 'editor.sh');
    writeFileSync(editor, `#!/bin/sh\nsed -i 's/Do b/Do less/' "$2"\n`);
    chmodSync(editor, 0o755);
    const { code, requests } = await replan([proposed], ['--edit'], { EDITOR: `${editor} --wait` });
    assert.equal(code, 0);
    const [request] = requests;
    assert.ok(request?.kind === 'propose');
    assert.deepEqual(
      request.file.tasks.map(({ title }) => title),
      ['Do a', 'Do less'],
    );
  });

  it('changes nothing when nothing was edited', async function () {
    if (process.platform === 'win32') return this.skip();
    const { code, requests, said } = await replan([proposed], ['--edit'], { EDITOR: 'true' });
    assert.deepEqual([code, requests], [2, []]);
    assert.match(said, /Nothing was changed in it/);
  });
});
