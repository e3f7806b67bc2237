import assert from 'node:assert/strict';
import type { Task } from '../../../../src/core/model/plan';
import type { PlanChange } from '../../../../src/core/model/planChange';
import type { RunView, TaskView } from '../../../../src/core/model/run';
import type { TaskState } from '../../../../src/core/model/taskState';
import type { RevisionContext } from '../../../../src/core/planning/applyChange';
import { orderCollisions } from '../../../../src/core/planning/orderCollisions';
import { revisePlan, type Revision } from '../../../../src/core/planning/revisePlan';
import { cycleIn, unorderedCollisions } from '../../../../src/core/planning/validatePlan';
import { agent, randomTasks, seeded, task } from './sampleTasks';

const context: RevisionContext = {
  agents: [
    agent('implementer', ['code']),
    agent('tester', ['testing']),
    agent('command-runner', ['shell'], { backend: 'command' }),
  ],
  gates: ['tests'],
};

const states: Record<string, TaskState> = {
  pending: { name: 'pending' },
  running: { name: 'running', since: '', attempt: 1, activity: 'works' },
  checking: { name: 'checking', since: '' },
  integrating: { name: 'integrating' },
  done: { name: 'done', at: '', summary: '' },
  failed: { name: 'failed', at: '', failure: { kind: 'cancelled', message: 'no' } },
  skipped: { name: 'skipped', at: '', failure: { kind: 'cancelled', message: 'no' } },
  cancelled: { name: 'cancelled', at: '' },
};

type Where = keyof typeof states;
type Given = Pick<RunView, 'plan' | 'tasks' | 'state' | 'budget'>;

function given(tasks: readonly [Task, Where][], state: RunView['state'] = { name: 'running' }): Given {
  const views = tasks.map(([one, where]): TaskView => {
    const known = states[where];
    if (!known) throw new Error(where);
    const isOpen = where === 'running';
    const attempt = {
      attempt: 1,
      agent: one.agent,
      backend: 'model' as const,
      startedAt: '',
      documents: [],
      claims: [],
      steps: 0,
    };
    return { task: one, state: known, attempts: isOpen ? [attempt] : [] };
  });
  const plan = {
    tasks: tasks.map(([one]) => one),
    rationale: '',
    risks: [],
    contingencies: [],
    gates: ['tests'],
    origin: 'file' as const,
  };
  return { plan, tasks: views, state, budget: { maxParallel: 2 } };
}

function revised(view: Given, ...changes: PlanChange[]): Revision {
  const result = revisePlan(view, changes, context);
  assert.ok(result.ok, result.ok ? '' : result.failure.message);
  return result.value;
}

function refused(view: Given, ...changes: PlanChange[]): string {
  const result = revisePlan(view, changes, context);
  assert.ok(!result.ok && result.failure.kind === 'plan-invalid');
  return result.failure.problems.join(' ');
}

const needsOf = ({ plan }: Revision) => Object.fromEntries(plan.tasks.map(({ id, needs }) => [id, needs]));

describe('revisePlan', () => {
  it('adds a task at the end, completed like one of a plan file, and says what it runs', () => {
    const made = revised(given([[task('a'), 'running']]), {
      kind: 'add',
      task: { id: 'b', run: 'npm run docs', needs: ['a'] },
    });
    assert.deepEqual(needsOf(made), { a: [], b: ['a'] });
    assert.equal(made.plan.tasks[1]?.agent, 'command-runner');
    assert.deepEqual([made.cancelled, made.restarted], [[], []]);
    assert.match(made.impact[0] ?? '', /`b` is added: Run npm run docs .* It runs: npm run docs/);
    assert.match(made.impact.at(-1) ?? '', /^Work left: estimated .* The longest chain is now `a`, `b`\.$/);
  });

  it('lets what waited for a cancelled task wait for what that one waited for', () => {
    const view = given([
      [task('a'), 'running'],
      [task('b', { needs: ['a'] }), 'pending'],
      [task('c', { needs: ['b'] }), 'pending'],
    ]);
    const made = revised(view, { kind: 'cancel', taskId: 'b' });
    assert.deepEqual(needsOf(made), { a: [], b: ['a'], c: ['a'] });
    assert.deepEqual([made.cancelled, made.restarted], [['b'], []]);
    assert.deepEqual(made.impact.slice(0, 2), [
      '`b` is cancelled before it began.',
      '`c`: It waits for `a` instead of `b`.',
    ]);
  });

  it('keeps every order when neighbours are cancelled together', () => {
    const view = given([
      [task('a'), 'running'],
      [task('b', { needs: ['a'] }), 'pending'],
      [task('c', { needs: ['b'] }), 'pending'],
      [task('d', { needs: ['c'] }), 'pending'],
    ]);
    const made = revised(view, { kind: 'cancel', taskId: 'c' }, { kind: 'cancel', taskId: 'b' });
    assert.deepEqual(needsOf(made)['d'], ['a']);
  });

  it('says that the attempt of a running task stops and that its work is kept', () => {
    const view = given([
      [task('a'), 'running'],
      [task('b'), 'running'],
    ]);
    const made = revised(view, { kind: 'cancel', taskId: 'a' });
    assert.equal(
      made.impact[0],
      '`a` is cancelled: Attempt 1 of implementer stops; what it wrote is kept, but is not part of the result.',
    );
    assert.deepEqual([made.cancelled, made.restarted], [['a'], []]);
  });

  it('gives a running task to another agent by beginning it anew, and disturbs no other', () => {
    const view = given([
      [task('a'), 'running'],
      [task('b'), 'running'],
    ]);
    const made = revised(view, { kind: 'reassign', taskId: 'a', agent: 'tester' });
    assert.deepEqual(made.restarted, ['a']);
    assert.deepEqual(made.plan.tasks[0]?.agentReasons, ['chosen by a person']);
    assert.match(
      made.impact[0] ?? '',
      /Its agent is tester instead of implementer\. It begins anew: Attempt 1/,
    );
    assert.deepEqual(made.plan.tasks[1], task('b'));
  });

  it('splits a task: who needed it needs its parts, and its parts wait for what it waited for', () => {
    const view = given([
      [task('a'), 'done'],
      [task('b', { needs: ['a'] }), 'running'],
      [task('c', { needs: ['b'] }), 'pending'],
    ]);
    const made = revised(view, {
      kind: 'split',
      taskId: 'b',
      into: [
        { id: 'b1', prompt: 'one' },
        { id: 'b2', prompt: 'two', needs: ['b1'] },
      ],
    });
    assert.deepEqual(needsOf(made), { a: [], b: ['a'], b1: ['a'], b2: ['b1'], c: ['b1', 'b2'] });
    assert.deepEqual(made.cancelled, ['b']);
    assert.ok(made.impact.includes('`b` gives way to `b1`, `b2`.'));
  });

  it('changes the priority of a running task without stopping it', () => {
    const made = revised(given([[task('a'), 'running']]), {
      kind: 'prioritise',
      taskId: 'a',
      priority: 'critical',
    });
    assert.deepEqual([made.cancelled, made.restarted], [[], []]);
    assert.equal(made.plan.tasks[0]?.priority, 'critical');
  });

  it('makes the task that has not begun wait where scopes come to collide, wherever it stands in the plan', () => {
    const view = given([
      [task('later', { scope: ['docs/**'] }), 'pending'],
      [task('now', { scope: ['src/**'] }), 'running'],
    ]);
    const made = revised(view, { kind: 'rescope', taskId: 'later', scope: ['src/a/**'] });
    assert.deepEqual(needsOf(made), { later: ['now'], now: [] });
    assert.deepEqual(made.restarted, []);
  });

  it('tries a failed task again with another agent, and takes up what was skipped because of it', () => {
    const view = given([
      [task('a'), 'failed'],
      [task('b', { needs: ['a'] }), 'skipped'],
      [task('c', { needs: ['b'] }), 'skipped'],
      [task('d'), 'running'],
    ]);
    const made = revised(view, { kind: 'reassign', taskId: 'a', agent: 'tester' });
    assert.deepEqual([...made.restarted].sort(), ['a', 'b', 'c']);
    assert.match(
      made.impact.join('\n'),
      /It failed and is tried again[^]*`b`, which was skipped, is taken up again/,
    );
  });

  it('takes cancelled tasks out of a plan that only waits for its approval', () => {
    const view = given(
      [
        [task('a'), 'pending'],
        [task('b', { needs: ['a'] }), 'pending'],
      ],
      { name: 'awaiting_approval', revision: 1 },
    );
    const made = revised(view, { kind: 'cancel', taskId: 'a' });
    assert.deepEqual(needsOf(made), { b: [] });
    assert.deepEqual(made.cancelled, []);
  });

  const mixed: [Task, Where][] = [
    [task('ended'), 'done'],
    [task('landing'), 'integrating'],
    [task('now'), 'running'],
    [task('later', { needs: ['now'] }), 'pending'],
    [task('last', { needs: ['later'] }), 'pending'],
    [task('gone'), 'cancelled'],
    [task('red'), 'failed'],
  ];
  const wrong: [string, PlanChange[], RegExp][] = [
    [
      'a task that is done',
      [{ kind: 'cancel', taskId: 'ended' }],
      /`ended` is done, so it cannot be changed/,
    ],
    [
      'a task that is being integrated',
      [{ kind: 'cancel', taskId: 'landing' }],
      /`landing` is being integrated/,
    ],
    ['the order of a task at work', [{ kind: 'reorder', taskId: 'now', needs: [] }], /`now` is at work/],
    ['a task that is not there', [{ kind: 'cancel', taskId: 'nobody' }], /`nobody` is not in the plan/],
    [
      'a task that is cancelled',
      [{ kind: 'prioritise', taskId: 'gone', priority: 'low' }],
      /is cancelled already/,
    ],
    [
      'the priority of a failed task',
      [{ kind: 'prioritise', taskId: 'red', priority: 'low' }],
      /has ended \(failed\)/,
    ],
    [
      'an agent that is not there',
      [{ kind: 'reassign', taskId: 'now', agent: 'testr' }],
      /`testr`, which does not exist/,
    ],
    [
      'an agent that cannot do it',
      [{ kind: 'reassign', taskId: 'now', agent: 'command-runner' }],
      /backend is `command`/,
    ],
    ['a circle', [{ kind: 'reorder', taskId: 'later', needs: ['last'] }], /form a circle/],
    [
      'a need that is not there',
      [{ kind: 'reorder', taskId: 'later', needs: ['nothing'] }],
      /needs `nothing`/,
    ],
    [
      'a need that failed',
      [{ kind: 'reorder', taskId: 'later', needs: ['red'] }],
      /`red`, which has ended without a result/,
    ],
    [
      'an id that is taken',
      [{ kind: 'add', task: { id: 'now', prompt: 'x' } }],
      /`now` is used by more than one/,
    ],
    ['a task without work', [{ kind: 'add', task: { id: 'new' } }], /does nothing/],
    [
      'a gate that is not there',
      [{ kind: 'add', task: { id: 'new', prompt: 'x', gates: ['magic'] } }],
      /`magic`/,
    ],
    ['a scope outside', [{ kind: 'rescope', taskId: 'later', scope: ['../x'] }], /stay inside it/],
    [
      'what it changed before',
      [
        { kind: 'cancel', taskId: 'later' },
        { kind: 'cancel', taskId: 'later' },
      ],
      /is cancelled/,
    ],
    ['nothing', [], /No change is named/],
  ];
  for (const [what, changes, problem] of wrong)
    it(`refuses to change ${what}, in words that name it`, () => {
      assert.match(refused(given(mixed), ...changes), problem);
    });

  it('refuses to cancel the last thing there is to do', () => {
    assert.match(
      refused(given([[task('a'), 'running']]), { kind: 'cancel', taskId: 'a' }),
      /Nothing would be left/,
    );
  });

  it('does not mind that the agent of a finished task is gone', () => {
    const view = given([
      [task('a', { agent: 'retired' }), 'done'],
      [task('b', { needs: ['a'] }), 'pending'],
    ]);
    assert.equal(
      revised(view, { kind: 'prioritise', taskId: 'b', priority: 'high' }).plan.tasks[1]?.priority,
      'high',
    );
  });

  it('keeps every random plan free of circles and collisions, and what is done or at work and not named as it was', () => {
    let accepted = 0;
    for (let seed = 1; seed <= 400; seed++) {
      const random = seeded(seed);
      const view = given(randomStates(orderCollisions(randomTasks(seed, 8)).tasks, random));
      const changes = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, n) => randomChange(random, n));
      const result = revisePlan(view, changes, context);
      if (!result.ok) continue;
      accepted++;
      const { plan, cancelled, restarted } = result.value;
      const where = `seed ${seed}`;
      assert.equal(cycleIn(plan.tasks), undefined, where);
      const over = new Set([
        ...cancelled,
        ...view.tasks
          .filter(({ state }) => /failed|skipped|cancelled/.test(state.name))
          .map((one) => one.task.id),
      ]);
      const live = plan.tasks.filter(({ id }) => !over.has(id) || restarted.includes(id));
      assert.deepEqual(unorderedCollisions(live), [], where);
      const named = new Set(changes.flatMap((change) => ('taskId' in change ? [change.taskId] : [])));
      for (const { task: before, state } of view.tasks) {
        const after = plan.tasks.find(({ id }) => id === before.id);
        assert.ok(after, `${where}: ${before.id} is lost`);
        if (state.name === 'done' || state.name === 'integrating') assert.deepEqual(after, before, where);
        if (state.name === 'running' && !named.has(before.id)) {
          assert.deepEqual(after, before, where);
          assert.ok(!cancelled.includes(before.id) && !restarted.includes(before.id), where);
        }
      }
    }
    assert.ok(accepted > 100, `only ${accepted} of 400 were possible`);
  });
});

/** States that can be: a task has begun only where all it needs is done. */
function randomStates(tasks: readonly Task[], random: () => number): [Task, Where][] {
  const done = new Set<string>();
  const working: Task[] = [];
  return tasks.map((one) => {
    const scoped = { ...one, needs: one.needs };
    if (!one.needs.every((need) => done.has(need))) return [scoped, 'pending'];
    const pick = random();
    if (pick < 0.35) {
      done.add(one.id);
      return [scoped, 'done'];
    }
    const collides = unorderedCollisions([...working, scoped]).length > 0;
    if (pick < 0.6 && !collides) {
      working.push(scoped);
      return [scoped, 'running'];
    }
    return [scoped, pick > 0.9 ? 'failed' : 'pending'];
  });
}

function randomChange(random: () => number, n: number): PlanChange {
  const id = () => `t${Math.floor(random() * 8)}`;
  const folder = ['src', 'docs', 'test', 'lib'][Math.floor(random() * 4)] ?? 'src';
  const changes: PlanChange[] = [
    { kind: 'add', task: { id: `new-${n}`, prompt: 'x', needs: [id()], scope: [`${folder}/**`] } },
    { kind: 'cancel', taskId: id() },
    { kind: 'reorder', taskId: id(), needs: [id(), id()] },
    { kind: 'reassign', taskId: id(), agent: 'tester' },
    { kind: 'prioritise', taskId: id(), priority: 'high' },
    { kind: 'rescope', taskId: id(), scope: [`${folder}/**`] },
    {
      kind: 'split',
      taskId: id(),
      into: [
        { id: `p-${n}`, prompt: 'x' },
        { id: `q-${n}`, prompt: 'y' },
      ],
    },
  ];
  return changes[Math.floor(random() * changes.length)] ?? changes[0]!;
}
