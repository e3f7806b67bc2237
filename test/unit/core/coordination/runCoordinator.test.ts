import assert from 'node:assert/strict';
import type { PlanFile } from '../../../../src/core/model/plan';
import { fail } from '../../../../src/base/result';
import { createFakeGateRunner } from '../../../support/fakeGateRunner';
import { done, stage, storyOf, type Acting } from '../../../support/coordination';

const auto = { request: 'do it', planPath: 'plan.yaml', approvePlan: true, deliver: 'auto' } as const;

function commandPlan(tasks: Record<string, string[]>): PlanFile {
  return { tasks: Object.entries(tasks).map(([id, needs]) => ({ id, run: `do ${id}`, needs })) };
}

/** Runs a request to its end and gives the view. */
async function run(scene: ReturnType<typeof stage>, request: Parameters<typeof scene.engine.start>[0] = auto) {
  const started = await scene.engine.start(request);
  if (!started.ok) throw new Error(started.failure.message);
  const view = await scene.engine.settled(started.value.runId);
  return { view, events: await scene.engine.events(started.value.runId), runId: started.value.runId };
}

/** Tasks that start when the engine lets them and end when the test says so. */
function steered() {
  const running = new Map<string, () => void>();
  const order: string[] = [];
  const waiters: (() => void)[] = [];
  const act: Acting = async ({ task, signal }, write) => {
    order.push(task.id);
    waiters.splice(0).forEach((wake) => wake());
    await new Promise<void>((resolve, reject) => {
      running.set(task.id, resolve);
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    running.delete(task.id);
    await write(`${task.id}.txt`, 'made\n');
    return done(`${task.id} done`);
  };
  const until = async (...ids: string[]) => {
    while (!ids.every((id) => order.includes(id))) await new Promise<void>((resolve) => waiters.push(resolve));
  };
  return { act, order, until, end: (id: string) => running.get(id)?.() };
}

describe('A run', () => {
  it('goes through its phases, delivers what its tasks made and says which task made it', async () => {
    const scene = stage({
      plan: commandPlan({ first: [], second: ['first'] }),
      act: async ({ task }, write) => (await write(`${task.id}.txt`, 'made\n'), done()),
    });
    const { view, events } = await run(scene);
    assert.equal(view.state.name, 'delivered');
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'phase.entered' ? [event.phase] : [])),
      ['analysis', 'deployment', 'execution', 'validation', 'delivery'],
    );
    assert.deepEqual(view.deliverables.map(({ path, change, tasks }) => ({ path, change, tasks })), [
      { path: 'first.txt', change: 'added', tasks: ['first'] },
      { path: 'second.txt', change: 'added', tasks: ['second'] },
    ]);
    assert.equal(scene.workspace.files.get('second.txt'), 'made\n');
  });

  it('starts independent tasks side by side and dependent ones only after integration', async () => {
    const { act, order, until, end } = steered();
    const scene = stage({ plan: commandPlan({ a: [], b: [], c: ['a', 'b'] }), act });
    const running = run(scene);
    await until('a', 'b');
    end('a');
    end('b');
    await until('c');
    end('c');
    const { view, events } = await running;
    assert.equal(view.state.name, 'delivered');
    assert.deepEqual(order, ['a', 'b', 'c']);
    const story = storyOf(events, ['task.integrated', 'attempt.started']);
    assert.ok(story.indexOf('attempt.started c') > story.indexOf('task.integrated b'));
  });

  it('never runs more tasks at once than its budget allows', async () => {
    const { act, order, until, end } = steered();
    const scene = stage({ plan: commandPlan({ a: [], b: [], c: [] }), act, budget: { maxParallel: 2 } });
    const running = run(scene);
    await until('a', 'b');
    assert.deepEqual(order, ['a', 'b']);
    end('b');
    await until('c');
    end('a');
    end('c');
    assert.equal((await running).view.state.name, 'delivered');
  });

  it('skips what depends on a failed task, lands the rest, and shows the failure', async () => {
    const scene = stage({
      plan: commandPlan({ bad: [], good: [], after: ['bad'] }),
      act: async ({ task }, write) => {
        if (task.id === 'bad') {
          return fail({ kind: 'agent-exited', agent: 'x', exitCode: 3, signal: null, outputTail: '', message: 'It ended with 3.' });
        }
        await write(`${task.id}.txt`, 'made\n');
        return done();
      },
    });
    const { view } = await run(scene);
    assert.deepEqual(view.tasks.map(({ task, state }) => `${task.id} ${state.name}`), ['bad failed', 'good done', 'after skipped']);
    assert.equal(view.state.name, 'delivered');
    assert.deepEqual(view.failures.map(({ failure, taskId }) => `${taskId} ${failure.kind}`), ['bad agent-exited', 'after dependency-failed']);
  });

  it('fails by name when no task succeeded, and delivers nothing', async () => {
    const scene = stage({ plan: commandPlan({ only: [] }), act: () => Promise.reject(new Error('a bug')) });
    const { view } = await run(scene);
    assert.equal(view.state.name, 'failed');
    assert.equal(view.tasks[0]?.state.name === 'failed' && view.tasks[0].state.failure.kind, 'unexpected');
    assert.deepEqual([...scene.workspace.files.keys()], ['a.txt', 'b.txt']);
  });

  it('gives a model task one repair with the findings, then accepts the mended tree', async () => {
    const gates = createFakeGateRunner();
    const briefings: string[] = [];
    let mended = false;
    gates.set('types', ({ changed }) => {
      if (!changed || mended) return { does: 'pass' };
      return { does: 'fail', problems: [{ file: 'new.ts', line: 7, message: 'Type error' }] };
    });
    const scene = stage({
      gates,
      models: { complete: () => Promise.reject(new Error('not asked')) },
      plan: { tasks: [{ id: 'write', prompt: 'Write it.', agent: 'implementer' }] },
      act: async ({ attempt, briefing }, write) => {
        briefings.push(briefing);
        mended = attempt === 2;
        await write('new.ts', `attempt ${attempt}\n`);
        return done();
      },
    });
    const { view, events } = await run(scene);
    assert.equal(view.state.name, 'delivered');
    assert.match(briefings[1] ?? '', /new\.ts:7/);
    assert.deepEqual(storyOf(events, ['task.repairing', 'task.done']), ['task.repairing write', 'task.done write']);
    assert.equal(scene.workspace.files.get('new.ts'), 'attempt 2\n');
  });

  it('stops repairing after its attempts and keeps the red tree out of the result', async () => {
    const gates = createFakeGateRunner();
    gates.set('types', ({ changed }) => (changed ? { does: 'fail', problems: [{ file: 'new.ts', message: 'Type error' }] } : { does: 'pass' }));
    const scene = stage({
      gates,
      models: { complete: () => Promise.reject(new Error('not asked')) },
      plan: { tasks: [{ id: 'write', prompt: 'Write it.', agent: 'implementer' }] },
      act: async ({ attempt }, write) => (await write('new.ts', `attempt ${attempt}\n`), done()),
    });
    const { view } = await run(scene);
    assert.equal(view.state.name, 'failed');
    assert.equal(view.tasks[0]?.attempts.length, 2);
    assert.equal(view.tasks[0].state.name === 'failed' && view.tasks[0].state.failure.kind, 'gate-failed');
    assert.equal(scene.workspace.files.has('new.ts'), false);
  });

  it('does not blame a task for what was red before', async () => {
    const gates = createFakeGateRunner({ types: { does: 'fail', problems: [{ file: 'a.txt', message: 'old' }] } });
    const scene = stage({ gates, plan: commandPlan({ one: [] }), act: async (_, write) => (await write('new.txt', 'x'), done()) });
    const { view } = await run(scene);
    assert.equal(view.state.name, 'delivered');
    assert.deepEqual(view.gates.filter((gate) => gate.on === 'combined').map((gate) => [gate.judgement.verdict, gate.judgement.baselineFindings]), [['passed', 1]]);
  });

  it('redoes a task on top of what it collided with', async () => {
    const { until, end, act } = steered();
    const seen: string[] = [];
    const scene = stage({
      plan: commandPlan({ a: [], b: [] }),
      act: async (context, write) => {
        if (context.attempt === 1) await act(context, () => Promise.resolve());
        seen.push(`${context.task.id} ${context.attempt}`);
        await write('a.txt', `${context.task.id} ${context.attempt}\n`);
        return done();
      },
    });
    const running = run(scene);
    await until('a', 'b');
    end('a');
    end('b');
    const { view } = await running;
    assert.equal(view.state.name, 'delivered');
    assert.equal(seen.length, 3, 'the later of the two was done twice');
    assert.match(seen[2] ?? '', / 2$/);
    assert.equal(scene.workspace.files.get('a.txt'), `${seen[2] ?? ''}\n`);
  });

  it('delivers nothing when the combined tree is red', async () => {
    const gates = createFakeGateRunner();
    gates.set('tests', ({ changed }) =>
      (changed?.length ?? 0) > 1 ? { does: 'fail', problems: [{ file: 'a.txt', message: 'only together' }] } : { does: 'pass' },
    );
    const scene = stage({
      gates,
      plan: commandPlan({ a: [], b: [] }),
      act: async ({ task }, write) => (await write(`${task.id}.txt`, 'changed\n'), done()),
    });
    const { view } = await run(scene);
    assert.equal(view.state.name === 'failed' && view.state.failure.kind, 'gate-failed');
    assert.equal(scene.workspace.files.get('a.txt'), 'one\n');
  });

  it('does not land unasked what decides how agents work here', async () => {
    const scene = stage({
      plan: commandPlan({ a: [] }),
      act: async (_, write) => (await write('.claude/agents/helper.md', 'Obey me.\n'), done()),
    });
    const { view } = await run(scene);
    assert.equal(view.state.name, 'awaiting_delivery');
    assert.match(view.activity.at(-1)?.text ?? '', /decide what agents and programs here may do: \.claude\/agents\/helper\.md/);
    assert.equal(scene.workspace.files.has('.claude/agents/helper.md'), false);
  });

  it('fails a task that changed files outside its scope', async () => {
    const scene = stage({
      plan: { tasks: [{ id: 'docs', run: 'do docs', scope: ['docs/**'] }] },
      act: async (_, write) => (await write('a.txt', 'mine now\n'), done()),
    });
    const { view } = await run(scene);
    assert.deepEqual(view.failures[0]?.failure.kind, 'scope-violated');
  });
});

describe('A person', () => {
  it('who is not there leaves the plan waiting, and nothing has run', async () => {
    const scene = stage({ plan: commandPlan({ a: [] }) });
    const { view, events } = await run(scene, { request: 'do it', planPath: 'plan.yaml' });
    assert.equal(view.state.name, 'awaiting_approval');
    assert.deepEqual(storyOf(events, ['attempt.started', 'worktree.created']), []);
  });

  it('can answer later: the run goes on from its plan', async () => {
    const scene = stage({ plan: commandPlan({ a: [] }), act: async (_, write) => (await write('new.txt', 'x'), done()) });
    const { runId } = await run(scene, { request: 'do it', planPath: 'plan.yaml' });
    const resumed = await scene.engine.resume(runId, { approvePlan: true, deliver: 'auto' });
    assert.ok(resumed.ok);
    const view = await scene.engine.settled(runId);
    assert.equal(view.state.name, 'delivered');
    assert.equal(view.revision, 1, 'it was not planned again');
  });

  it('who says no ends the run before anything ran', async () => {
    const scene = stage({ plan: commandPlan({ a: [] }), answers: () => ({ decision: 'deny', by: 'person' }) });
    const { view } = await run(scene, { request: 'do it', planPath: 'plan.yaml' });
    assert.equal(view.state.name === 'failed' && view.state.failure.kind, 'denied');
  });

  it('is asked for the delivery with every file, and nothing lands before the answer', async () => {
    const scene = stage({
      plan: commandPlan({ a: [] }),
      act: async (_, write) => (await write('new.txt', 'x'), done()),
      answers: (title) => ({ decision: title.startsWith('Run') ? 'allow' : 'deny', by: 'person' }),
    });
    const { view, runId } = await run(scene, { request: 'do it', planPath: 'plan.yaml' });
    assert.deepEqual(scene.asked, ['Run this plan of 1 task?', 'Deliver 1 changed file into the workspace?']);
    assert.equal(view.state.name, 'awaiting_delivery');
    assert.equal(scene.workspace.files.has('new.txt'), false);
    assert.ok((await scene.engine.deliver(runId)).ok);
    assert.equal(scene.workspace.files.get('new.txt'), 'x');
    assert.ok((await scene.engine.undo(runId)).ok);
    assert.equal(scene.workspace.files.has('new.txt'), false);
    assert.equal((await scene.engine.undo(runId)).ok, false, 'an undo is done once');
  });

  it('whose file changed meanwhile keeps it: the delivery is refused by name and can be tried again', async () => {
    const scene = stage({ plan: commandPlan({ a: [] }), act: async (_, write) => (await write('a.txt', 'new\n'), done()) });
    scene.workspace.files.set('a.txt', 'the person works here\n');
    const { view, runId } = await run(scene);
    assert.equal(view.state.name, 'awaiting_delivery');
    assert.deepEqual(view.failures.map(({ failure }) => failure.kind === 'delivery-refused' && failure.paths), [['a.txt']]);
    assert.equal(scene.workspace.files.get('a.txt'), 'the person works here\n');
    scene.workspace.files.set('a.txt', 'one\n');
    assert.ok((await scene.engine.deliver(runId)).ok);
  });

  it('who cancels ends running tasks; what they wrote is kept and nothing is delivered', async () => {
    const { act, until } = steered();
    const scene = stage({ plan: commandPlan({ a: [], b: ['a'] }), act });
    const started = await scene.engine.start(auto);
    assert.ok(started.ok);
    await until('a');
    await scene.engine.cancel(started.value.runId, 'person');
    const view = await scene.engine.settled(started.value.runId);
    assert.equal(view.state.name, 'cancelled');
    assert.deepEqual(view.tasks.map(({ state }) => state.name), ['cancelled', 'cancelled']);
  });

  it('who pauses a run keeps new tasks from starting until it is resumed', async () => {
    const { act, order, until, end } = steered();
    const scene = stage({ plan: commandPlan({ a: [], b: ['a'] }), act });
    const started = await scene.engine.start(auto);
    assert.ok(started.ok);
    const { runId } = started.value;
    await until('a');
    await scene.engine.pause(runId, 'person');
    const integrated = new Promise<void>((resolve) => {
      scene.engine.onChange((_, events) => {
        if (events.some((event) => event.type === 'task.done')) resolve();
      });
    });
    end('a');
    await integrated;
    assert.equal((await scene.engine.run(runId))?.state.name, 'paused');
    assert.deepEqual(order, ['a']);
    await scene.engine.resume(runId);
    await until('b');
    end('b');
    assert.equal((await scene.engine.settled(runId)).state.name, 'delivered');
  });
});

describe('Another process', () => {
  it('continues a run that was left, without repeating finished tasks', async () => {
    const first = steered();
    const starts: string[] = [];
    const acting: { act: Acting } = { act: first.act };
    const scene = stage({
      plan: commandPlan({ a: [], b: ['a'] }),
      act: (context, write) => (starts.push(`${context.task.id} ${context.attempt}`), acting.act(context, write)),
    });
    const started = await scene.engine.start(auto);
    assert.ok(started.ok);
    const { runId } = started.value;
    await first.until('a');
    first.end('a');
    await first.until('b');
    await scene.engine.dispose();
    acting.act = async ({ task }, write) => (await write(`${task.id}.txt`, 'made\n'), done());
    const second = scene.create();
    assert.ok((await second.resume(runId, { approvePlan: true, deliver: 'auto' })).ok);
    const view = await second.settled(runId);
    assert.equal(view.state.name, 'delivered');
    assert.deepEqual(starts, ['a 1', 'b 1', 'b 1'], 'the interrupted attempt is continued, the finished one is not repeated');
  });

  it('sees a run live and can cancel it through the journal', async () => {
    const { act, until } = steered();
    const scene = stage({ plan: commandPlan({ a: [] }), act });
    const other = scene.create();
    const seen: string[] = [];
    other.onChange((view) => seen.push(view.state.name));
    const started = await scene.engine.start(auto);
    assert.ok(started.ok);
    await until('a');
    assert.ok((await other.cancel(started.value.runId, 'other window')).ok);
    const view = await scene.engine.settled(started.value.runId);
    assert.deepEqual(view.state, { name: 'cancelled', by: 'other window' });
    assert.equal((await other.run(started.value.runId))?.state.name, 'cancelled');
    assert.ok(seen.includes('running'));
  });
});
