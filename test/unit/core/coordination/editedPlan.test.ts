import assert from 'node:assert/strict';
import { stage } from '../../../support/coordination';
import { commandsPlan, crew, statesOf } from '../../../support/crew';

const manual = { request: 'do it', planPath: 'plan.yaml', deliver: 'auto' } as const;

describe('A plan that waits for its approval', () => {
  /** The person answers the n-th question about the plan when the test says so. */
  async function waiting(tasks: Record<string, string[]>) {
    const asked: string[] = [];
    const answers: ((decision: 'allow' | 'deny') => void)[] = [];
    const waiters = new Set<() => void>();
    const workers = crew();
    const scene = stage({
      plan: commandsPlan(tasks),
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

  it('is not approved by an answer that crosses its replacement', async () => {
    const { scene, runId, answers, questions, starts } = await waiting({ a: [] });
    const proposing = scene.engine.proposePlan(runId, { tasks: [{ id: 'c', run: 'do c' }] }, 'person');
    answers[0]?.('allow');
    assert.ok((await proposing).ok);
    await questions(2);
    const view = await scene.engine.run(runId);
    assert.deepEqual([view?.state.name, view?.revision, starts], ['awaiting_approval', 2, []]);
    await scene.engine.cancel(runId, 'person');
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
