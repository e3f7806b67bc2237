import assert from 'node:assert/strict';
import type { PlanChange } from '../../../../src/core/model/planChange';
import { FakeJournalFile } from '../../../support/fakeJournal';
import { stage, storyOf, type StageOptions } from '../../../support/coordination';
import { commandsPlan, crew, statesOf } from '../../../support/crew';
import { eventually } from '../../../support/eventually';
import { auto } from '../../../support/runOnStage';

async function underWay(tasks: Record<string, string[]>, options: StageOptions = {}) {
  const workers = crew();
  const scene = stage({ plan: commandsPlan(tasks), act: workers.act, ...options });
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
    const cutOff = view.tasks.flatMap(({ attempts }) =>
      attempts.flatMap(({ failure }) => failure?.kind ?? []),
    );
    assert.deepEqual(cutOff, ['cancelled'], 'the attempt that was cut off stands as such');
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
      plan: commandsPlan({ a: [], b: ['a'], z: [] }),
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

  it('is left as it is when the task that was to be stopped was at its end already', async () => {
    const workers = crew();
    const file = new FakeJournalFile();
    const journal = file.connect();
    const append = journal.append.bind(journal);
    const changes: ReturnType<ReturnType<typeof stage>['engine']['replan']>[] = [];
    journal.append = async (runId, events) => {
      const isLanding = events.some((event) => event.type === 'task.integrating' && event.taskId === 'a');
      if (isLanding && changes.length === 0) {
        changes.push(
          scene.engine.replan(runId, [{ kind: 'reassign', taskId: 'a', agent: 'tester' }], 'person'),
        );
        // Until it has looked at the run as it still is, and stops the task.
        await new Promise((resolve) => setImmediate(resolve));
      }
      return append(runId, events);
    };
    const scene = stage({
      plan: commandsPlan({ a: [] }),
      act: workers.act,
      journal: file,
      realJournal: journal,
    });
    const started = await scene.engine.start(auto);
    assert.ok(started.ok);
    await workers.until('a 1');
    workers.end('a');
    const view = await scene.engine.settled(started.value.runId);
    const changed = await changes[0];
    assert.match(
      changed?.ok === false ? changed.failure.message : '',
      /`a` is being integrated at this moment/,
    );
    assert.deepEqual([view.state.name, view.revision, workers.starts], ['delivered', 1, ['a 1']]);
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

/** Waits until a task has ended, whatever way. */
async function settledTask(scene: ReturnType<typeof stage>, runId: string, taskId: string): Promise<void> {
  await eventually(async () => {
    const view = await scene.engine.run(runId);
    const state = view?.tasks.find(({ task }) => task.id === taskId)?.state.name ?? '';
    return /done|failed|skipped/.test(state) ? state : undefined;
  });
}
