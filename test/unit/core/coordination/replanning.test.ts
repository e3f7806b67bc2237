import assert from 'node:assert/strict';
import type { PlanChange } from '../../../../src/core/model/planChange';
import type { PlanFile } from '../../../../src/core/model/plan';
import { done, stage, storyOf, type Acting, type StageOptions } from '../../../support/coordination';
import { eventually } from '../../../support/eventually';
import { auto } from '../../../support/runOnStage';

const manual = { request: 'do it', planPath: 'plan.yaml', deliver: 'auto' } as const;

/** Tasks that say each time they start, write half of their work, and end when the test says so. */
function crew() {
  const starts: string[] = [];
  const stops: string[] = [];
  const ends = new Map<string, () => void>();
  const waiting = new Set<() => void>();
  const act: Acting = async ({ task, attempt, signal }, write) => {
    await write(`${task.id}-${attempt}.txt`, 'half\n');
    starts.push(`${task.id} ${attempt}`);
    for (const wake of waiting) wake();
    await new Promise<void>((resolve, reject) => {
      ends.set(task.id, resolve);
      const stop = () => {
        stops.push(task.id);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', stop, { once: true });
    });
    await write(`${task.id}.txt`, 'made\n');
    return done(`${task.id} done`);
  };
  const until = async (start: string) => {
    while (!starts.includes(start)) await new Promise<void>((resolve) => void waiting.add(resolve));
  };
  return { act, starts, stops, until, end: (id: string) => ends.get(id)?.() };
}

function plan(tasks: Record<string, string[]>): PlanFile {
  return { tasks: Object.entries(tasks).map(([id, needs]) => ({ id, run: `do ${id}`, needs })) };
}

async function underWay(tasks: Record<string, string[]>, options: StageOptions = {}) {
  const workers = crew();
  const scene = stage({ plan: plan(tasks), act: workers.act, ...options });
  const started = await scene.engine.start(auto);
  assert.ok(started.ok);
  const { runId } = started.value;
  const replan = async (...changes: PlanChange[]) => {
    const changed = await scene.engine.replan(runId, changes, 'person');
    assert.ok(changed.ok, changed.ok ? '' : changed.failure.message);
    return changed.value;
  };
  const endAll = async (...ids: string[]) => {
    for (const id of ids) workers.end(id);
    return scene.engine.settled(runId);
  };
  return { ...workers, scene, runId, replan, endAll };
}

const statesOf = (view: { tasks: readonly { task: { id: string }; state: { name: string } }[] }) =>
  view.tasks.map(({ task, state }) => `${task.id} ${state.name}`).join(', ');

describe('A plan that is changed while its tasks are at work', () => {
  it('gains a task that starts at once, and no task at work notices', async () => {
    const { replan, until, endAll, starts, stops, scene } = await underWay({ a: [] });
    await until('a 1');
    const { revision } = await replan({ kind: 'add', task: { id: 'b', run: 'do b' } });
    assert.equal(revision, 2);
    await until('b 1');
    const view = await endAll('a', 'b');
    assert.equal(view.state.name, 'delivered');
    assert.equal(statesOf(view), 'a done, b done');
    assert.deepEqual([starts.length, stops], [2, []]);
    assert.equal(scene.workspace.files.get('b.txt'), 'made\n');
  });

  it('stops a task that is cancelled, keeps its work under a ref, and lets the others go on to the delivery', async () => {
    const { replan, until, endAll, stops, scene, runId } = await underWay({ a: [], b: [], c: ['a'] });
    await until('a 1');
    await until('b 1');
    const { impact } = await replan({ kind: 'cancel', taskId: 'a' });
    assert.match(impact.join('\n'), /`a` is cancelled: Attempt 1[^]*`c` no longer waits for `a`/);
    assert.deepEqual(stops, ['a']);
    await until('c 1');
    const view = await endAll('b', 'c');
    assert.equal(statesOf(view), 'a cancelled, b done, c done');
    assert.equal(view.state.name, 'delivered');
    assert.equal(scene.workspace.files.has('a-1.txt'), false, 'nothing of the cancelled task is delivered');
    const kept = scene.repository.all().some(({ files }) => files.has('a-1.txt'));
    assert.ok(kept, 'what it wrote is in a commit of the store');
    const events = await scene.engine.events(runId);
    assert.deepEqual(storyOf(events, ['plan.revised', 'task.cancelled']), [
      'plan.revised',
      'task.cancelled a',
    ]);
  });

  it('gives a running task to another agent, which begins anew in a worktree of its own', async () => {
    const { replan, until, endAll, starts, scene, runId } = await underWay({ a: [], b: [] });
    await until('a 1');
    await until('b 1');
    await replan({ kind: 'reassign', taskId: 'a', agent: 'tester' });
    await until('a 2');
    const view = await endAll('a', 'b');
    assert.equal(view.state.name, 'delivered');
    assert.deepEqual(
      view.tasks[0]?.attempts.map(({ agent }) => agent),
      ['code-analyst', 'tester'],
    );
    assert.deepEqual(starts.sort(), ['a 1', 'a 2', 'b 1']);
    assert.deepEqual(
      [...scene.workspace.files.keys()].filter((path) => path.startsWith('a')),
      ['a.txt', 'a-2.txt'],
    );
    const [first, second] = (await scene.engine.events(runId)).filter(
      (event) => event.type === 'worktree.created' && event.taskId === 'a',
    );
    assert.ok(first?.type === 'worktree.created' && second?.type === 'worktree.created');
    assert.notEqual(first.path, second.path);
    assert.equal(
      view.tasks[0]?.attempts[0]?.failure?.kind,
      'cancelled',
      'the attempt that was cut off stands as such',
    );
  });

  it('narrows the scope of a running task by beginning it anew under the new contract', async () => {
    const { replan, until, endAll } = await underWay({ a: [] });
    await until('a 1');
    await replan({ kind: 'rescope', taskId: 'a', scope: ['a*.txt'] });
    await until('a 2');
    const view = await endAll('a');
    assert.deepEqual(view.plan?.tasks[0]?.scope, ['a*.txt']);
    assert.equal(view.state.name, 'delivered');
  });

  it('splits a running task into parts that are all needed by what needed it', async () => {
    const { replan, until, endAll, end, starts, stops, scene, runId } = await underWay({ a: [], z: ['a'] });
    await until('a 1');
    const into = [
      { id: 'a1', run: 'one' },
      { id: 'a2', run: 'two' },
    ];
    await replan({ kind: 'split', taskId: 'a', into });
    await until('a1 1');
    await until('a2 1');
    assert.deepEqual(stops, ['a']);
    end('a1');
    await settledTask(scene, runId, 'a1');
    assert.equal(starts.includes('z 1'), false);
    end('a2');
    await until('z 1');
    assert.equal(statesOf(await endAll('z')), 'a cancelled, a1 done, a2 done, z done');
  });

  it('starts what was made urgent first, and what was put behind another after it', async () => {
    const { replan, until, end, starts, endAll } = await underWay(
      { a: [], b: [], c: [], d: [] },
      {
        budget: { maxParallel: 1 },
      },
    );
    await until('a 1');
    await replan(
      { kind: 'prioritise', taskId: 'd', priority: 'critical' },
      { kind: 'reorder', taskId: 'b', needs: ['c'] },
    );
    for (const id of ['a', 'd', 'c']) {
      await until(`${id} 1`);
      end(id);
    }
    await until('b 1');
    await endAll('b');
    assert.deepEqual(
      starts.map((start) => start[0]),
      ['a', 'd', 'c', 'b'],
    );
  });

  it('tries a failed task again with another agent while others work, and what was skipped with it', async () => {
    const workers = crew();
    const scene = stage({
      plan: plan({ a: [], b: ['a'], z: [] }),
      act: async (context, write) => {
        if (context.agent.name !== 'tester' && context.task.id === 'a')
          return { ok: false, failure: { kind: 'agent-stuck', agent: 'x', message: 'It repeats itself.' } };
        return workers.act(context, write);
      },
    });
    const started = await scene.engine.start(auto);
    assert.ok(started.ok);
    const { runId } = started.value;
    await workers.until('z 1');
    await settledTask(scene, runId, 'b');
    assert.match(statesOf((await scene.engine.run(runId))!), /a failed, b skipped/);
    assert.ok(
      (await scene.engine.replan(runId, [{ kind: 'reassign', taskId: 'a', agent: 'tester' }], 'person')).ok,
    );
    await workers.until('a 2');
    workers.end('a');
    await workers.until('b 1');
    workers.end('b');
    workers.end('z');
    const view = await scene.engine.settled(runId);
    assert.equal(statesOf(view), 'a done, b done, z done');
    assert.deepEqual(view.failures, []);
  });

  it('is shown what a change would do before it is made: nothing happens then', async () => {
    const { until, scene, runId, stops, endAll } = await underWay({ a: [] });
    await until('a 1');
    const seen = await scene.engine.replan(
      runId,
      [
        { kind: 'add', task: { id: 'b', run: 'do b' } },
        { kind: 'cancel', taskId: 'a' },
      ],
      'person',
      { dryRun: true },
    );
    assert.ok(seen.ok);
    assert.match(seen.value.impact.join('\n'), /`a` is cancelled[^]*`b` is added/);
    assert.deepEqual(stops, []);
    const view = await endAll('a');
    assert.equal(view.revision, 1);
  });

  it('is left as it is by a change that cannot be, and no task is stopped for it', async () => {
    const { until, scene, runId, stops, endAll } = await underWay({ a: [], b: [] });
    await until('a 1');
    const changes: PlanChange[] = [
      { kind: 'cancel', taskId: 'a' },
      { kind: 'reassign', taskId: 'b', agent: 'nobody' },
    ];
    const refused = await scene.engine.replan(runId, changes, 'person');
    assert.equal(refused.ok ? '' : refused.failure.kind, 'plan-invalid');
    assert.deepEqual(stops, []);
    await until('b 1');
    assert.equal((await endAll('a', 'b')).revision, 1);
  });

  it('can be changed while the run is paused; the change is carried out when it goes on', async () => {
    const { replan, until, scene, runId, starts, endAll } = await underWay({ a: [] });
    await until('a 1');
    await scene.engine.pause(runId, 'person');
    await replan({ kind: 'add', task: { id: 'b', run: 'do b' } });
    assert.equal((await scene.engine.run(runId))?.state.name, 'paused');
    assert.equal(starts.length, 1);
    await scene.engine.resume(runId);
    await until('b 1');
    assert.equal((await endAll('a', 'b')).state.name, 'delivered');
  });

  it('can be changed by another window, through the journal', async () => {
    const { until, scene, runId, endAll } = await underWay({ a: [] });
    await until('a 1');
    const other = scene.create();
    const asked = await other.replan(runId, [{ kind: 'add', task: { id: 'b', run: 'do b' } }], 'the other');
    assert.ok(asked.ok);
    await until('b 1');
    assert.equal((await endAll('a', 'b')).state.name, 'delivered');
    const revised = (await scene.engine.events(runId)).find((event) => event.type === 'plan.revised');
    assert.equal(revised?.type === 'plan.revised' && revised.by, 'the other');
  });

  it('is followed by the process that takes the run over, and can be changed while nobody works at it', async () => {
    const { replan, until, scene, runId, starts, end } = await underWay({ a: [], b: [] });
    await until('a 1');
    await until('b 1');
    await replan({ kind: 'cancel', taskId: 'b' });
    await scene.engine.dispose();
    const second = scene.create();
    const changed = await second.replan(
      runId,
      [{ kind: 'reassign', taskId: 'a', agent: 'tester' }],
      'person',
    );
    assert.ok(changed.ok, changed.ok ? '' : changed.failure.message);
    assert.equal(starts.length, 2, 'nothing starts by that');
    assert.ok((await second.resume(runId, { deliver: 'auto' })).ok);
    await until('a 2');
    end('a');
    const view = await second.settled(runId);
    assert.equal(statesOf(view), 'a done, b cancelled');
    assert.equal(view.state.name, 'delivered');
  });

  it('is no longer changed once its tasks have ended', async () => {
    const { until, endAll, scene, runId } = await underWay({ a: [] });
    await until('a 1');
    await endAll('a');
    const late = await scene.engine.replan(
      runId,
      [{ kind: 'add', task: { id: 'b', run: 'do b' } }],
      'person',
    );
    assert.match(late.ok ? '' : late.failure.message, /cannot be changed: it is delivered/);
  });
});

describe('A plan that waits for its approval', () => {
  /** The person answers the n-th question about the plan when the test says so. */
  async function waiting(tasks: Record<string, string[]>) {
    const asked: string[] = [];
    const answers: ((decision: 'allow' | 'deny') => void)[] = [];
    const waiters = new Set<() => void>();
    const workers = crew();
    const scene = stage({
      plan: plan(tasks),
      act: workers.act,
      answers: (title) => {
        asked.push(title);
        const answer = new Promise<{ decision: 'allow' | 'deny'; by: string }>((resolve) =>
          answers.push((decision) => resolve({ decision, by: 'person' })),
        );
        for (const wake of waiters) wake();
        return answer;
      },
    });
    const started = await scene.engine.start(manual);
    assert.ok(started.ok);
    const questions = async (count: number) => {
      while (asked.length < count) await new Promise<void>((resolve) => void waiters.add(resolve));
    };
    await questions(1);
    return { ...workers, scene, runId: started.value.runId, asked, answers, questions };
  }

  it('can be replaced as a whole: the old one can no longer be approved, the new one is asked for and run', async () => {
    const { scene, runId, answers, questions, asked, until, end, starts } = await waiting({ a: [], b: [] });
    const [old] = (await scene.engine.run(runId))?.approvals ?? [];
    const edited = { tasks: [{ id: 'c', run: 'do c' }], gates: [] };
    const proposed = await scene.engine.proposePlan(runId, edited, 'person');
    assert.ok(proposed.ok && proposed.value.revision === 2);
    await questions(2);
    assert.deepEqual(asked, ['Run this plan of 2 tasks?', 'Run this plan (revision 2) of 1 task?']);
    answers[0]?.('allow');
    assert.ok(old);
    const late = await scene.engine.answer(runId, { ...old, decision: 'allow', by: 'person' });
    assert.equal(late.ok, false, 'the answer to the older revision is refused');
    const open = (await scene.engine.run(runId))?.approvals ?? [];
    assert.deepEqual(
      open.map(({ title }) => title),
      ['Run this plan (revision 2) of 1 task?'],
    );
    assert.deepEqual(starts, []);
    answers[1]?.('allow');
    await until('c 1');
    end('c');
    const view = await scene.engine.settled(runId);
    assert.equal(view.state.name, 'delivered');
    assert.equal(statesOf(view), 'c done');
  });

  it('can be changed task by task in the same way', async () => {
    const { scene, runId, answers, questions, until, end } = await waiting({ a: [], b: ['a'] });
    const changed = await scene.engine.replan(runId, [{ kind: 'cancel', taskId: 'a' }], 'person');
    assert.ok(changed.ok);
    await questions(2);
    answers[1]?.('allow');
    await until('b 1');
    end('b');
    assert.equal(statesOf(await scene.engine.settled(runId)), 'b done');
  });

  it('is not replaced by one that cannot be run; its problems are named', async () => {
    const { scene, runId, asked } = await waiting({ a: [] });
    const file = { tasks: [{ id: 'a', run: 'x', needs: ['b'] }] };
    const refused = await scene.engine.proposePlan(runId, file, 'person');
    assert.deepEqual(!refused.ok && refused.failure.kind === 'plan-invalid' && refused.failure.problems, [
      'Task `a` needs `b`, which is not in the plan.',
    ]);
    assert.equal(asked.length, 1);
    await scene.engine.cancel(runId, 'person');
  });

  it('can be replaced by another window, and while nobody works at the run', async () => {
    const { scene, runId, questions } = await waiting({ a: [] });
    const other = scene.create();
    assert.ok((await other.proposePlan(runId, { tasks: [{ id: 'c', run: 'c' }] }, 'the other')).ok);
    await questions(2);
    await scene.engine.dispose();
    assert.ok((await other.proposePlan(runId, { tasks: [{ id: 'd', run: 'd' }] }, 'the other')).ok);
    const view = await other.run(runId);
    assert.deepEqual([view?.revision, view?.state.name], [3, 'awaiting_approval']);
    assert.equal(view && statesOf(view), 'd pending');
  });

  it('is not replaced once it was approved', async () => {
    const { scene, runId, answers, until, end } = await waiting({ a: [] });
    answers[0]?.('allow');
    await until('a 1');
    const late = await scene.engine.proposePlan(runId, { tasks: [{ id: 'c', run: 'c' }] }, 'person');
    assert.match(late.ok ? '' : (late.failure.remedy ?? ''), /only before it is approved/);
    end('a');
    await scene.engine.settled(runId);
  });
});

/** Waits until a task has ended, whatever way. */
async function settledTask(scene: ReturnType<typeof stage>, runId: string, taskId: string): Promise<void> {
  await eventually(async () => {
    const view = await scene.engine.run(runId);
    const state = view?.tasks.find(({ task }) => task.id === taskId)?.state.name ?? '';
    return /done|failed|skipped/.test(state) ? state : undefined;
  });
}
