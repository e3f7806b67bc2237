import assert from 'node:assert/strict';
import type { StoredEvent } from '../../../../../src/core/model/event';
import type { ToolOutcome } from '../../../../../src/core/ports';
import { eventually } from '../../../../support/eventually';
import { fakeToolbox, type FakeToolbox } from '../../../../support/fakeToolbox';
import { inOrder } from '../../../../support/modelScript';
import { look, picture, play } from '../../../../support/playAttempt';

/** An attempt that died while `look` ran, with what was recorded of its questions. */
function died(...questions: ('requested' | 'allow' | 'deny')[]): StoredEvent[] {
  const ids = { taskId: 'task', attempt: 1 };
  const at = '2026-01-01T00:00:00.000Z';
  const call = { id: 'c1', name: 'look', input: { at: 'risky' } };
  const asked = {
    id: 'q',
    digest: 'd',
    kind: 'tool' as const,
    taskId: 'task',
    title: 'May I?',
    detail: 'look',
  };
  const events = [
    { type: 'model.called' as const, ...ids, callId: 'm1', model: 'fake/model', step: 1 },
    {
      ...{ type: 'model.answered' as const, ...ids, callId: 'm1', model: 'fake/model', step: 1, text: '' },
      ...{ toolCalls: [call], finishReason: 'tool-calls', durationMs: 1 },
      usage: { inputTokens: 1, outputTokens: 1, costUsd: 0 },
    },
    {
      type: 'tool.called' as const,
      ...ids,
      step: 1,
      callId: 'c1',
      tool: 'look',
      input: call.input,
      summary: 'look',
    },
    ...questions.map((what, index) => {
      const id = `q${Math.floor(index / 2)}`;
      return what === 'requested'
        ? { type: 'approval.requested' as const, approval: { ...asked, id } }
        : { type: 'approval.answered' as const, answer: { id, digest: 'd', decision: what, by: 'person' } };
    }),
  ];
  return events.map((event, index) => ({ ...event, runId: 'run-1', seq: index + 1, at }));
}

async function resumed(recorded: StoredEvent[], box?: FakeToolbox) {
  const played = await play(inOrder({ text: 'Done.' }), { context: { recorded }, ...(box ? { box } : {}) });
  assert(played.result.ok);
  return { ...played, told: played.provider.requests[0]!.toolOutputs[0] ?? '' };
}

describe('a tool call that was interrupted', () => {
  it('is made when its permission was still open: it had no effect', async () => {
    const { told, box, attempt } = await resumed(died('requested'));
    assert.equal(told, 'seen risky');
    assert.deepEqual(box.calls, ['look {"at":"risky"}']);
    const intents = attempt.events.filter((event) => event.type === 'tool.called');
    assert.equal(intents.length, 1, 'its intent is recorded once');
  });

  it('is made when its permission was denied, and asks again', async () => {
    assert.equal((await resumed(died('requested', 'deny'))).told, 'seen risky');
  });

  it('is not repeated when it had its permission', async () => {
    const { told, box } = await resumed(died('requested', 'allow'));
    assert.match(told, /Whether it took effect is not known/);
    assert.deepEqual(box.calls, []);
  });

  it('is made when it waited for a second permission', async () => {
    assert.equal((await resumed(died('requested', 'allow', 'requested'))).told, 'seen risky');
  });

  it('is made again when it changes nothing anyway', async () => {
    const box = fakeToolbox({ look: () => ({ ok: true, output: 'read again' }) });
    const open = box.open.bind(box);
    box.open = (context) => ({ ...open(context), isRepeatable: () => true });
    assert.equal((await resumed(died(), box)).told, 'read again');
  });
});

describe('a pause', () => {
  /** A gate in the place of `checkpoint`: closed, it holds up whoever waits. */
  function gate() {
    let open: () => void = () => undefined;
    let waiting: Promise<void> | undefined;
    let waiters = 0;
    return {
      close: () => {
        waiting = new Promise((resolve) => (open = resolve));
      },
      open: () => {
        waiting = undefined;
        open();
      },
      isHolding: () => (waiting && waiters === 1 ? true : undefined),
      checkpoint: async () => {
        waiters++;
        while (waiting) await waiting;
        waiters--;
        return [];
      },
    };
  }

  it('during a tool call lets it end and holds up the next call of the same answer', async () => {
    const pause = gate();
    const done: string[] = [];
    const box = fakeToolbox({
      look: ({ at }): ToolOutcome => {
        done.push(String(at));
        if (at === 1) pause.close();
        return { ok: true, output: 'x' };
      },
    });
    const two = [look(1), look(2)].flatMap((one) => ('toolCalls' in one ? (one.toolCalls ?? []) : []));
    const playing = play(inOrder({ toolCalls: two }, { text: 'Done.' }), {
      box,
      context: { checkpoint: pause.checkpoint },
    });
    await eventually(pause.isHolding);
    assert.deepEqual(done, ['1']);
    pause.open();
    assert((await playing).result.ok);
    assert.deepEqual(done, ['1', '2']);
  });

  it('during the wait for a retry holds up the retry, and its intent is not recorded meanwhile', async () => {
    const pause = gate();
    let calls = 0;
    const playing = play(
      () => {
        calls++;
        if (calls > 1) return { text: 'Done.' };
        pause.close();
        return { status: 500 };
      },
      { context: { checkpoint: pause.checkpoint } },
    );
    await eventually(pause.isHolding);
    assert.equal(calls, 1);
    pause.open();
    const played = await playing;
    assert(played.result.ok);
    assert.deepEqual(picture(played.attempt.events), [
      'model.called 1',
      'model.failed model-unavailable 750',
      'model.called 1',
      'model.answered Done.',
    ]);
  });
});
