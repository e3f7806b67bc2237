import assert from 'node:assert/strict';
import { fail } from '../../../../src/base/result';
import { createFakeGateRunner } from '../../../support/fakeGateRunner';
import { done, stage, storyOf } from '../../../support/coordination';
import { commandPlan, run, steered } from '../../../support/runOnStage';

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
    assert.deepEqual(
      view.deliverables.map(({ path, change, tasks }) => ({ path, change, tasks })),
      [
        { path: 'first.txt', change: 'added', tasks: ['first'] },
        { path: 'second.txt', change: 'added', tasks: ['second'] },
      ],
    );
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
          return fail({
            kind: 'agent-exited',
            agent: 'x',
            exitCode: 3,
            signal: null,
            outputTail: '',
            message: 'It ended with 3.',
          });
        }
        await write(`${task.id}.txt`, 'made\n');
        return done();
      },
    });
    const { view } = await run(scene);
    assert.deepEqual(
      view.tasks.map(({ task, state }) => `${task.id} ${state.name}`),
      ['bad failed', 'good done', 'after skipped'],
    );
    assert.equal(view.state.name, 'delivered');
    assert.deepEqual(
      view.failures.map(({ failure, taskId }) => `${taskId} ${failure.kind}`),
      ['bad agent-exited', 'after dependency-failed'],
    );
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
    assert.deepEqual(storyOf(events, ['task.repairing', 'task.done']), [
      'task.repairing write',
      'task.done write',
    ]);
    assert.equal(scene.workspace.files.get('new.ts'), 'attempt 2\n');
  });

  it('stops repairing after its attempts and keeps the red tree out of the result', async () => {
    const gates = createFakeGateRunner();
    gates.set('types', ({ changed }) =>
      changed ? { does: 'fail', problems: [{ file: 'new.ts', message: 'Type error' }] } : { does: 'pass' },
    );
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
    const gates = createFakeGateRunner({
      types: { does: 'fail', problems: [{ file: 'a.txt', message: 'old' }] },
    });
    const scene = stage({
      gates,
      plan: commandPlan({ one: [] }),
      act: async (_, write) => (await write('new.txt', 'x'), done()),
    });
    const { view } = await run(scene);
    assert.equal(view.state.name, 'delivered');
    assert.deepEqual(
      view.gates
        .filter((gate) => gate.on === 'combined')
        .map((gate) => [gate.judgement.verdict, gate.judgement.baselineFindings]),
      [['passed', 1]],
    );
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
      (changed?.length ?? 0) > 1
        ? { does: 'fail', problems: [{ file: 'a.txt', message: 'only together' }] }
        : { does: 'pass' },
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
    assert.match(
      view.activity.at(-1)?.text ?? '',
      /decide what agents and programs here may do: \.claude\/agents\/helper\.md/,
    );
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
