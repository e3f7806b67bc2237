import assert from 'node:assert/strict';
import { Approvals, approvalHours } from '../../../../src/core/coordination/approvals';
import type { RunSession } from '../../../../src/core/coordination/runSession';
import type { Approval } from '../../../../src/core/model/approval';
import type { NewEvent } from '../../../../src/core/model/event';
import type { Approver } from '../../../../src/core/ports';
import { FakeClock } from '../../../support/fakeClock';
import { done, stage } from '../../../support/coordination';
import { commandPlan } from '../../../support/runOnStage';

const silent: Approver = {
  ask: (_runId, { id, digest }, signal) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve({ id, digest, decision: 'deny', by: 'nobody' }), {
        once: true,
      });
    }),
};

function asking(approver: Approver = silent) {
  const events: NewEvent[] = [];
  const clock = new FakeClock();
  const session = {
    runId: 'run-1',
    emit: (...fresh: NewEvent[]) => {
      events.push(...fresh);
      return Promise.resolve();
    },
  } as unknown as RunSession;
  let ids = 0;
  const identity = { newId: () => `q${++ids}`, owner: 'test', digest: (text: string) => `digest of ${text}` };
  const approvals = new Approvals(session, approver, identity, clock);
  const ask = (question: Partial<Approval> = {}) =>
    approvals.ask(
      { kind: 'tool', title: 'Run', detail: 'make all', ...question },
      new AbortController().signal,
    );
  const shown = (): Approval => {
    const event = events.findLast((known) => known.type === 'approval.requested');
    assert.ok(event?.type === 'approval.requested');
    return event.approval;
  };
  return { approvals, ask, clock, events, shown };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('A question', () => {
  it('is bound to its kind, title, detail and rule', async () => {
    const digests = new Set<string>();
    for (const question of [{}, { kind: 'plan' as const }, { title: 'x' }, { detail: 'x' }, { rule: 'x' }]) {
      const { ask, approvals, shown } = asking();
      const asked = ask(question);
      await turn();
      digests.add(shown().digest);
      approvals.answer({ id: shown().id, digest: shown().digest, decision: 'deny', by: 'person' });
      await asked;
    }
    assert.equal(digests.size, 5);
  });

  it('is answered once', async () => {
    const { ask, approvals, shown } = asking();
    const asked = ask({ rule: 'commands' });
    await turn();
    const { id, digest } = shown();
    assert.equal(approvals.answer({ id, digest: 'other', decision: 'allow', by: 'person' }), false);
    assert.equal(approvals.answer({ id, digest, decision: 'allow', scope: 'run', by: 'person' }), true);
    assert.equal(approvals.answer({ id, digest, decision: 'deny', by: 'person' }), false);
    assert.deepEqual(await asked, { id, digest, decision: 'allow', scope: 'run', by: 'person' });
  });

  it('that nobody answers expires: it is denied, says so, and a later answer does not count', async () => {
    const { ask, approvals, clock, shown, events } = asking();
    const asked = ask();
    await turn();
    clock.advance(approvalHours * 3_600_000 - 1);
    await turn();
    assert.equal(events.length, 1, 'it is still open');
    clock.advance(1);
    const answer = await asked;
    assert.deepEqual([answer.decision, answer.by], ['deny', 'expired']);
    assert.match(answer.text ?? '', /24 hours/);
    assert.equal(
      approvals.answer({ id: shown().id, digest: shown().digest, decision: 'allow', by: 'person' }),
      false,
    );
    assert.equal(events.at(-1)?.type, 'approval.answered');
  });

  it('for a plan that expires leaves the run waiting, to be resumed', async () => {
    const scene = stage({
      plan: commandPlan({ a: [] }),
      act: () => Promise.resolve(done()),
      answers: () => ({ decision: 'deny', by: 'expired' }),
    });
    const started = await scene.engine.start({ request: 'do it', planPath: 'plan.yaml' });
    assert.ok(started.ok);
    const view = await scene.engine.settled(started.value.runId);
    assert.equal(view.state.name, 'awaiting_approval');
  });
});
