import assert from 'node:assert/strict';
import type { ApprovalAnswer } from '../../../../src/core/model/approval';
import type { Policy, PolicyDecision } from '../../../../src/core/ports';
import { fail, ok } from '../../../../src/base/result';
import { authorise } from '../../../../src/adapters/tools/tool';
import { testAttempt } from '../../../support/attempt';

const grant = { kind: 'command', value: 'make all', text: 'commands that begin with "make all"' } as const;
const asks = { decision: 'ask', rule: 'unknown', reason: 'No rule knows it.' } as const;

function scene(decision: PolicyDecision, answer: Partial<ApprovalAnswer> = {}, isKept = true) {
  const given: string[] = [];
  const policy: Policy = {
    decide: () => Promise.resolve(decision),
    grant: ({ value }, scope) => {
      given.push(`${value}: ${scope}`);
      return Promise.resolve(isKept ? ok(undefined) : fail({ kind: 'usage', message: 'The disk is full.' }));
    },
  };
  const order: string[] = [];
  const attempt = testAttempt({
    person: () => (order.push('asked'), { decision: 'allow', by: 'person', ...answer }),
  });
  const emit = attempt.emit.bind(attempt);
  const recording = {
    ...attempt,
    emit: async (event: Parameters<typeof emit>[0]) => (order.push(event.type), emit(event)),
  };
  const ask = () =>
    authorise(
      { policy, attempt: recording },
      { kind: 'command', root: '/w', command: 'make all' },
      { title: 'Run: make all', detail: 'In /w:\n\nmake all' },
    );
  return { ask, given, order, attempt };
}

describe('an effect an agent wants', () => {
  it('that is allowed happens without a word', async () => {
    const { ask, order } = scene({ decision: 'allow', rule: 'allow make' });
    assert.equal(await ask(), undefined);
    assert.deepEqual(order, []);
  });

  it('that is denied is in the journal with its rule, and nobody is asked', async () => {
    const { ask, order, attempt } = scene({ decision: 'deny', rule: 'deny make', reason: 'No.' });
    assert.equal((await ask())?.ok, false);
    assert.deepEqual(order, ['policy.decided']);
    const [event] = attempt.events;
    assert.ok(event?.type === 'policy.decided');
    assert.deepEqual([event.subject, event.decision, event.rule], ['make all', 'deny', 'deny make']);
  });

  it('that asks is in the journal before the person sees it, with the exact bytes and the rule they may give', async () => {
    const { ask, order, attempt } = scene({ ...asks, grant });
    assert.equal(await ask(), undefined);
    assert.deepEqual(order, ['policy.decided', 'asked']);
    const [question] = attempt.asked;
    assert.deepEqual(
      [question?.detail, question?.rule],
      ['In /w:\n\nmake all', 'commands that begin with "make all"'],
    );
  });

  it('is allowed once unless the person says how long', async () => {
    const { ask, given } = scene({ ...asks, grant });
    await ask();
    assert.deepEqual(given, []);
  });

  for (const scope of ['run', 'always'] as const) {
    it(`is remembered for "${scope}" when the person says so`, async () => {
      const { ask, given } = scene({ ...asks, grant }, { scope });
      await ask();
      assert.deepEqual(given, [`make all: ${scope}`]);
    });
  }

  it('is allowed once where no general rule makes sense, whatever the answer says', async () => {
    const { ask, given } = scene(asks, { scope: 'always' });
    assert.equal(await ask(), undefined);
    assert.deepEqual(given, []);
  });

  it('is allowed, with a warning, when the rule cannot be kept', async () => {
    const { ask, attempt } = scene({ ...asks, grant }, { scope: 'always' }, false);
    assert.equal(await ask(), undefined);
    assert.ok(
      attempt.events.some((event) => event.type === 'note' && event.message.includes('disk is full')),
    );
  });

  for (const [by, words] of [
    ['nobody', 'nobody is there'],
    ['expired', 'nobody answered in time'],
    ['person', 'person said no: too risky'],
  ]) {
    it(`does not happen when the answer is no, and the model reads why: ${by ?? ''}`, async () => {
      const { ask, given } = scene(
        { ...asks, grant },
        {
          decision: 'deny',
          scope: 'always',
          by: by ?? '',
          ...(by === 'person' ? { text: 'too risky' } : {}),
        },
      );
      assert.match((await ask())?.output ?? '', new RegExp(words ?? ''));
      assert.deepEqual(given, []);
    });
  }
});
