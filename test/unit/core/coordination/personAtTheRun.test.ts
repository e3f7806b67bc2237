import assert from 'node:assert/strict';
import { done, stage, storyOf, type Acting } from '../../../support/coordination';
import { auto, commandPlan, run, steered } from '../../../support/runOnStage';

describe('A person', () => {
  it('who is not there leaves the plan waiting, and nothing has run', async () => {
    const scene = stage({ plan: commandPlan({ a: [] }) });
    const { view, events } = await run(scene, { request: 'do it', planPath: 'plan.yaml' });
    assert.equal(view.state.name, 'awaiting_approval');
    assert.deepEqual(storyOf(events, ['attempt.started', 'worktree.created']), []);
  });

  it('can answer later: the run goes on from its plan', async () => {
    const scene = stage({
      plan: commandPlan({ a: [] }),
      act: async (_, write) => (await write('new.txt', 'x'), done()),
    });
    const { runId } = await run(scene, { request: 'do it', planPath: 'plan.yaml' });
    const resumed = await scene.engine.resume(runId, { approvePlan: true, deliver: 'auto' });
    assert.ok(resumed.ok);
    const view = await scene.engine.settled(runId);
    assert.equal(view.state.name, 'delivered');
    assert.equal(view.revision, 1, 'it was not planned again');
  });

  it('who says no ends the run before anything ran', async () => {
    const scene = stage({
      plan: commandPlan({ a: [] }),
      answers: () => ({ decision: 'deny', by: 'person' }),
    });
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
    const scene = stage({
      plan: commandPlan({ a: [] }),
      act: async (_, write) => (await write('a.txt', 'new\n'), done()),
    });
    scene.workspace.files.set('a.txt', 'the person works here\n');
    const { view, runId } = await run(scene);
    assert.equal(view.state.name, 'awaiting_delivery');
    assert.deepEqual(
      view.failures.map(({ failure }) => failure.kind === 'delivery-refused' && failure.paths),
      [['a.txt']],
    );
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
    assert.deepEqual(
      view.tasks.map(({ state }) => state.name),
      ['cancelled', 'cancelled'],
    );
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
      act: (context, write) => (
        starts.push(`${context.task.id} ${context.attempt}`),
        acting.act(context, write)
      ),
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
    assert.deepEqual(
      starts,
      ['a 1', 'b 1', 'b 1'],
      'the interrupted attempt is continued, the finished one is not repeated',
    );
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
