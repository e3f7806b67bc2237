import assert from 'node:assert/strict';
import { createModelBackend } from '../../../../../src/adapters/agents/backends/modelBackend';
import type { StoredEvent } from '../../../../../src/core/model/event';
import { testAttempt } from '../../../../support/attempt';
import { fakeToolbox } from '../../../../support/fakeToolbox';
import { HastyClock } from '../../../../support/hastyClock';
import type { ModelScript } from '../../../../support/modelScript';
import { scriptedProvider } from '../../../../support/scriptedProvider';

/** Steps with two calls at once, an empty answer, garbage, a repeated call, and steering: all that makes a conversation. */
const script: ModelScript = ({ step }) => {
  const look = (at: unknown) => ({ name: 'look', input: { at } });
  switch (step) {
    case 0:
      return { text: 'First.', toolCalls: [look('a'), look('b')], usage: { input: 10, output: 5 } };
    case 1:
      return {};
    case 2:
      return { toolCalls: [{ name: 'look', rawArguments: '{' }] };
    case 3:
    case 4:
    case 5:
      return { toolCalls: [look('c')] };
    default:
      return { toolCalls: [{ name: 'finish', input: { summary: 'Done.' } }] };
  }
};

async function run(recorded: readonly StoredEvent[]) {
  const attempt = testAttempt({ context: { recorded } });
  if (recorded.length === 0) attempt.steering.push('Mind the gap.');
  const provider = scriptedProvider(script);
  const box = fakeToolbox({ look: (input) => ({ ok: true, output: `seen ${String(input['at'])}` }) });
  let ids = recorded.length;
  const backend = createModelBackend({
    provider,
    toolbox: box,
    clock: new HastyClock(),
    random: () => 0,
    newId: () => `id${++ids}`,
  });
  return { result: await backend.run(attempt), attempt, provider, box };
}

describe('an attempt whose process died', () => {
  it('goes on from any point in its journal to the same end, without repeating an answered call of the model', async () => {
    const whole = await run([]);
    assert(whole.result.ok);
    const { events } = whole.attempt;
    const answered = (list: readonly StoredEvent[]) =>
      list.filter((event) => event.type === 'model.answered').length;
    assert.equal(answered(events), 7);
    for (let cut = 1; cut <= events.length; cut++) {
      const recorded = events.slice(0, cut);
      const resumed = await run(recorded);
      assert.deepEqual(resumed.result, whole.result, `cut after ${cut} events`);
      assert.equal(
        resumed.provider.requests.length,
        answered(events) - answered(recorded),
        `model calls after a cut at ${cut}`,
      );
    }
  });

  it('says to the model exactly what it would have said', async () => {
    const whole = await run([]);
    const { events } = whole.attempt;
    for (let cut = 1; cut < events.length; cut++) {
      // A tool that was running when the process died is the one case with another result.
      if (events[cut - 1]!.type === 'tool.called') continue;
      // Steering that was heard but not yet recorded is still in the mailbox of the real coordinator.
      if (cut < 2) continue;
      const resumed = await run(events.slice(0, cut));
      const expected = whole.provider.requests.slice(
        whole.provider.requests.length - resumed.provider.requests.length,
      );
      assert.deepEqual(
        resumed.provider.requests.map((request) => request.messages),
        expected.map((request) => request.messages),
        `cut after ${cut}`,
      );
    }
  });

  it('repeats no tool whose outcome is unknown, and tells the model so', async () => {
    const { attempt } = await run([]);
    const at = attempt.events.findIndex((event) => event.type === 'tool.called');
    const resumed = await run(attempt.events.slice(0, at + 1));
    assert.equal(resumed.box.calls.filter((call) => call.includes('"a"')).length, 0);
    const outputs = resumed.provider.requests[0]!.toolOutputs;
    assert.match(outputs[0]!, /interrupted while this ran\. Whether it took effect is not known/);
    assert.equal(outputs[1], 'seen b');
  });

  it('finishes without another call when `finish` was recorded, or was running', async () => {
    const { attempt, result } = await run([]);
    for (const cut of [attempt.events.length, attempt.events.length - 1]) {
      const resumed = await run(attempt.events.slice(0, cut));
      assert.deepEqual(resumed.result, result);
      assert.equal(resumed.provider.requests.length, 0);
    }
  });

  it('counts what it spent before against its limits', async () => {
    const { attempt } = await run([]);
    const at = attempt.events.findIndex((event) => event.type === 'model.answered');
    const again = testAttempt({
      context: { recorded: attempt.events.slice(0, at + 1), limits: { tokens: 15 } },
    });
    const provider = scriptedProvider(script);
    const backend = createModelBackend({
      provider,
      toolbox: fakeToolbox({ look: () => ({ ok: true, output: '' }) }),
      clock: new HastyClock(),
      random: () => 0,
      newId: () => 'i',
    });
    const result = await backend.run(again);
    assert(!result.ok && result.failure.kind === 'budget-exceeded');
    assert.equal(provider.requests.length, 0);
  });
});
