import assert from 'node:assert/strict';
import type { Failure } from '../../../../src/core/model/failure';
import type { RunView } from '../../../../src/core/model/run';
import type { TaskState } from '../../../../src/core/model/taskState';
import { experienceWith, pointsOf, trackRecord } from '../../../../src/core/planning/outcomes';
import { selectAgent } from '../../../../src/core/planning/selectAgent';
import { needsOf } from '../../../../src/core/planning/taskNeeds';
import { agent, task } from './sampleTasks';

const done: TaskState = { name: 'done', at: '', summary: '' };
const failed = (failure: Failure): TaskState => ({ name: 'failed', at: '', failure });
const red = failed({ kind: 'gate-failed', message: 'Tests are red.', gate: 'tests', newFindings: 1 });

const delivered = { name: 'delivered', paths: [], undone: false } as const;
let tasks = 0;

/** A task of an earlier run, and how it ended. */
function ended(title: string, by: string, state: TaskState, prompt = title): RunView['tasks'][number] {
  const one = task(`t${++tasks}`, { title, agent: by, work: { kind: 'agent', prompt } });
  return { task: one, state, attempts: [] };
}

function run(...ends: RunView['tasks']): Pick<RunView, 'tasks' | 'state'> {
  return { tasks: ends, state: delivered };
}

const times = (count: number, title: string, by: string, state: TaskState) =>
  Array.from({ length: count }, () => ended(title, by, state));

const testing = needsOf({ title: 'Test the parser', work: { kind: 'agent', prompt: 'Test the parser' } });

describe('trackRecord', () => {
  const experience = (runs: readonly Pick<RunView, 'tasks' | 'state' | 'forkedFrom'>[]) =>
    experienceWith(testing, 'Tester', trackRecord(runs));

  it('counts what an agent did of one kind of work, done and failed', () => {
    const runs = [
      run(...times(4, 'Test the basket', 'tester', done), ended('Test it', 'tester', red)),
      run(ended('Document it', 'tester', red), ended('Test it', 'other', red)),
    ];
    assert.deepEqual(experience(runs), { done: 4, of: 5 });
  });

  it('counts for the agent that worked last, not for the one that was planned', () => {
    const moved = ended('Test it', 'somebody', done);
    const attempts = [{ agent: 'tester' }] as unknown as RunView['tasks'][number]['attempts'];
    assert.deepEqual(experience([run({ ...moved, attempts })]), { done: 1, of: 1 });
  });

  const blameless: [string, TaskState][] = [
    [
      'a model that was away',
      failed({ kind: 'model-unavailable', message: '', model: 'x', retryable: false }),
    ],
    ['a person who stopped it', { name: 'cancelled', at: '' }],
    ['a task before it that failed', failed({ kind: 'dependency-failed', message: '', taskId: 'a' })],
    ['a full disk', failed({ kind: 'worktree-failed', message: '', path: '/x' })],
    ['a merge that met another task', failed({ kind: 'merge-conflict', message: '', paths: [] })],
  ];
  for (const [fact, state] of blameless)
    it(`does not blame an agent for ${fact}`, () =>
      assert.equal(experience([run(ended('Test it', 'tester', state))]), undefined));

  it('learns nothing from a run that was taken back, nor twice from one that was forked', () => {
    const one = run(ended('Test it', 'tester', done));
    assert.equal(experience([{ ...one, state: { ...delivered, undone: true } }]), undefined);
    assert.equal(experience([{ ...one, forkedFrom: { runId: 'a', seq: 3 } }]), undefined);
  });

  it('takes the tasks of the same subject where there were enough of them', () => {
    const runs = [
      run(
        ...times(3, 'Test the security of the login', 'tester', red),
        ...times(9, 'Test the parser', 'tester', done),
      ),
    ];
    const secure = needsOf({
      title: 'Test the security of passwords',
      work: { kind: 'agent', prompt: 'Test passwords' },
    });
    assert.deepEqual(experienceWith(secure, 'tester', trackRecord(runs)), { done: 0, of: 3 });
    assert.deepEqual(experience(runs), { done: 9, of: 12 });
  });
});

describe('pointsOf', () => {
  it('says little after one task, more after many, and never more than eight', () => {
    const points = [1, 5, 20, 1_000].map((of) => pointsOf({ done: of, of }));
    assert.deepEqual(points, [1.6, 4.4, 6.7, 8]);
    assert.deepEqual(
      [1, 5, 20, 1_000].map((of) => pointsOf({ done: 0, of })),
      points.map((one) => -one),
    );
    assert.equal(pointsOf({ done: 3, of: 6 }), 0);
  });
});

describe('selectAgent with experience', () => {
  const twins = [agent('adam', ['testing']), agent('berta', ['testing'])];
  const choose = (
    runs: readonly Pick<RunView, 'tasks' | 'state'>[],
    agents = twins,
    load?: Map<string, number>,
  ) => {
    const choice = selectAgent(
      { id: 'x', title: 'Test the parser', work: { kind: 'agent', prompt: 'Test the parser' } },
      agents,
      { record: trackRecord(runs), ...(load === undefined ? {} : { load }) },
    );
    assert.ok(choice.ok);
    return choice.value;
  };

  it('takes the one of two equals that did better, and says how well', () => {
    const choice = choose([
      run(...times(4, 'Test it', 'berta', done), ended('Test it', 'berta', red)),
      run(ended('Test it', 'adam', red)),
    ]);
    assert.equal(choice.agent.name, 'berta');
    assert.deepEqual(choice.reasons, [
      'does this kind of work: testing',
      '4 of 5 earlier tasks of this kind succeeded',
    ]);
  });

  it('says what speaks against the one that is taken nevertheless', () => {
    const choice = choose([run(...times(3, 'Test it', 'adam', red))], [agent('adam', ['testing'])]);
    assert.ok(choice.reasons.includes('although only 0 of 3 earlier tasks of this kind succeeded'));
  });

  it('never takes experience for the ability to do the work', () => {
    const choice = choose(
      [run(...times(50, 'Test it', 'adam', done), ...times(50, 'Test it', 'berta', red))],
      [agent('adam', ['documentation']), agent('berta', ['testing'])],
    );
    assert.equal(choice.agent.name, 'berta');
  });

  it('gives the next task to an equal that has none yet', () =>
    assert.equal(choose([], twins, new Map([['adam', 1]])).agent.name, 'berta'));

  it('does not leave a specialist for being busy', () => {
    const agents = [agent('adam', ['testing']), agent('berta', ['generalist', 'implementation'])];
    assert.equal(choose([], agents, new Map([['adam', 40]])).agent.name, 'adam');
  });

  it('passes over an agent that is only taken by name', () => {
    const agents = [agent('adam', ['testing'], { onlyByName: true }), agent('berta', [])];
    assert.equal(choose([], agents).agent.name, 'berta');
    const named = selectAgent({ id: 'x', title: 'x', work: { kind: 'agent', prompt: 'x' } }, agents, {
      agent: 'adam',
    });
    assert.ok(named.ok && named.value.agent.name === 'adam');
  });

  it('tells how the agent did that the plan names, and takes it whatever that was', () => {
    const choice = selectAgent(
      { id: 'x', title: 'Test it', work: { kind: 'agent', prompt: 'Test it' } },
      twins,
      { agent: 'adam', record: trackRecord([run(...times(2, 'Test it', 'adam', red))]) },
    );
    assert.ok(choice.ok);
    assert.deepEqual(choice.value.reasons, [
      'named in the plan',
      '0 of 2 earlier tasks of this kind succeeded',
    ]);
  });

  it('prefers who has the tools of a server the task speaks of', () => {
    const agents = [
      agent('adam', ['testing']),
      agent('berta', ['testing'], { tools: ['read', 'edit', 'bash', 'mcp__playwright__*'] }),
    ];
    const choice = selectAgent(
      { id: 'x', title: 'Test the page with Playwright', work: { kind: 'agent', prompt: 'Test it' } },
      agents,
    );
    assert.ok(choice.ok && choice.value.agent.name === 'berta');
    assert.ok(choice.value.reasons.includes('has the tools of playwright'));
  });

  it('gives the same choice and reasons for the same past, whatever the order of the agents', () => {
    const runs = [run(...times(2, 'Test it', 'berta', done), ...times(2, 'Test it', 'adam', red))];
    assert.deepEqual(choose(runs), choose(runs, twins.toReversed()));
  });
});
