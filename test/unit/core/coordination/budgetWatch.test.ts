import assert from 'node:assert/strict';
import type { RunRequest } from '../../../../src/core/coordination/engine';
import type { PlanFile } from '../../../../src/core/model/plan';
import { done, stage, type Acting } from '../../../support/coordination';

const auto = { request: 'do it', planPath: 'plan.yaml', approvePlan: true, deliver: 'auto' } as const;

function commandPlan(tasks: Record<string, string[]>): PlanFile {
  return { tasks: Object.entries(tasks).map(([id, needs]) => ({ id, run: `do ${id}`, needs })) };
}

async function run(scene: ReturnType<typeof stage>, request: RunRequest) {
  const started = await scene.engine.start(request);
  if (!started.ok) throw new Error(started.failure.message);
  const view = await scene.engine.settled(started.value.runId);
  return { view, events: await scene.engine.events(started.value.runId) };
}

/** Asked again after a wait, in which it may have changed. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** A task that works until it is stopped. */
function endless() {
  let wake: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (wake = resolve));
  const act: Acting = async ({ signal }) => {
    wake();
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    return done();
  };
  return { act, begun };
}

describe('A limit', () => {
  it('of wall time stops the run by name', async () => {
    const { act, begun } = endless();
    const scene = stage({ plan: commandPlan({ a: [] }), act, budget: { maxMinutes: 10 } });
    const started = await scene.engine.start(auto);
    assert.ok(started.ok);
    await begun;
    scene.clock.advance(10 * 60_000);
    const view = await scene.engine.settled(started.value.runId);
    assert.equal(view.state.name === 'failed' && view.state.failure.kind, 'budget-exceeded');
    assert.equal(view.tasks[0]?.state.name, 'cancelled');
  });

  it('of wall time does not count while a person looks at the result', async () => {
    let answer: (answer: { decision: 'allow'; by: string }) => void = () => undefined;
    let asked: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const scene = stage({
      plan: commandPlan({ a: [] }),
      act: async (_, write) => (await write('new.txt', 'x'), done()),
      budget: { maxMinutes: 10 },
      answers: () => new Promise((resolve) => (asked(), (answer = resolve))),
    });
    const started = await scene.engine.start({ ...auto, deliver: 'ask' });
    assert.ok(started.ok);
    await isAsked;
    scene.clock.advance(60 * 60_000);
    answer({ decision: 'allow', by: 'person' });
    assert.equal((await scene.engine.settled(started.value.runId)).state.name, 'delivered');
  });

  it('of cost stops the run at the known part of its spend, and says that the rest is not counted', async () => {
    const spend =
      (costUsd: number | null): Acting =>
      async ({ task, emit, signal }) => {
        const usage = { inputTokens: 10, outputTokens: 10, costUsd };
        const call = {
          taskId: task.id,
          attempt: 1,
          callId: 'c',
          model: 'm',
          step: 1,
          text: '',
          toolCalls: [],
          finishReason: 'stop',
          usage,
          durationMs: 1,
        };
        await emit({ type: 'model.answered', ...call });
        signal.throwIfAborted();
        return done();
      };
    const scene = stage({
      plan: commandPlan({ a: [], b: ['a'], c: ['b'] }),
      act: (context, write) => spend(context.task.id === 'a' ? null : 3)(context, write),
      budget: { maxCostUsd: 5 },
    });
    const { view, events } = await run(scene, auto);
    assert.equal(view.state.name === 'failed' && view.state.failure.kind, 'budget-exceeded');
    assert.deepEqual(
      view.tasks.map(({ state }) => state.name),
      ['done', 'done', 'cancelled'],
    );
    assert.equal(view.usage.costUsd, null);
    assert.equal(events.filter((event) => event.type === 'note' && /price/.test(event.message)).length, 1);
  });

  it('of tokens holds for the planning too', async () => {
    let calls = 0;
    const usage = { inputTokens: 900, outputTokens: 200, costUsd: 0 };
    const scene = stage({
      models: {
        complete: () => (
          calls++,
          Promise.resolve({
            ok: true,
            value: { text: 'no plan', toolCalls: [], finishReason: 'stop', usage },
          })
        ),
      },
      budget: { maxTokens: 1000 },
    });
    const { view } = await run(scene, { request: 'do it', approvePlan: true, deliver: 'auto' });
    assert.equal(view.state.name === 'failed' && view.state.failure.kind, 'budget-exceeded');
    assert.equal(calls, 1);
  });

  it('of tokens stops all attempts that are under way within one step', async () => {
    const steps = new Map<string, number>();
    const looping: Acting = async ({ task, emit, signal }) => {
      const ids = { taskId: task.id, attempt: 1, model: 'm' };
      for (let step = 1; !signal.aborted; step++) {
        steps.set(task.id, step);
        await emit({ type: 'model.called', ...ids, callId: `${task.id}-${step}`, step });
        const answer = { text: '', toolCalls: [], finishReason: 'stop', durationMs: 1 };
        const usage = { inputTokens: 60, outputTokens: 40, costUsd: 0 };
        if (isOver(signal)) break;
        await emit({ type: 'model.answered', ...ids, callId: `${task.id}-${step}`, step, ...answer, usage });
      }
      return done();
    };
    const scene = stage({
      plan: commandPlan({ a: [], b: [], c: [], d: [] }),
      act: looping,
      budget: { maxTokens: 2000, maxParallel: 4 },
    });
    const { view, events } = await run(scene, auto);
    assert.equal(view.state.name === 'failed' && view.state.failure.kind, 'budget-exceeded');
    assert.equal(steps.size, 4);
    let spent = 0;
    const crossing = events.findIndex((event) => event.type === 'model.answered' && (spent += 100) >= 2000);
    const later = events.slice(crossing + 1);
    const perTask = (type: string) =>
      ['a', 'b', 'c', 'd'].map(
        (id) =>
          later.filter((event) => event.type === type && 'taskId' in event && event.taskId === id).length,
      );
    assert(Math.max(...perTask('model.called')) <= 1, perTask('model.called').join());
    assert(Math.max(...perTask('model.answered')) <= 1, perTask('model.answered').join());
  });
});
