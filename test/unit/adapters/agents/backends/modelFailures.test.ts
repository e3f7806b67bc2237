import assert from 'node:assert/strict';
import { inOrder, type Scripted } from '../../../../support/modelScript';
import { failureOf, picture, play } from '../../../../support/playAttempt';

describe('a model that fails', () => {
  const down: Scripted = { status: 503 };

  it('is called again after waits that double, half of them random, each recorded', async () => {
    const played = await play(inOrder(down, down, down, down, { text: 'Done.' }));
    assert(played.result.ok);
    assert.deepEqual(played.clock.slept, [750, 1500, 3000, 6000]);
    assert.deepEqual(picture(played.attempt.events).slice(0, 4), [
      'model.called 1',
      'model.failed model-unavailable 750',
      'model.called 1',
      'model.failed model-unavailable 1500',
    ]);
  });

  it('is called five times, not more', async () => {
    const played = await play(() => down);
    assert.equal(failureOf(played).kind, 'model-unavailable');
    assert.equal(played.provider.requests.length, 5);
    assert.equal(picture(played.attempt.events).at(-1), 'model.failed model-unavailable for good');
    assert.equal(played.box.closed, 1);
  });

  it('is waited for as long as the service asks', async () => {
    const played = await play(inOrder({ status: 429, headers: { 'retry-after': '30' } }, { text: 'Done.' }));
    assert.deepEqual(played.clock.slept, [30_000]);
  });

  it('is not waited for when the service asks for an hour', async () => {
    const played = await play(() => ({ status: 429, headers: { 'retry-after': '3600' } }));
    assert.equal(failureOf(played).kind, 'model-unavailable');
    assert.equal(played.provider.requests.length, 1);
  });

  it('is not called again when no retry can help', async () => {
    const played = await play(() => ({ status: 401 }));
    assert.equal(failureOf(played).kind, 'model-unavailable');
    assert.equal(played.provider.requests.length, 1);
  });

  const faults = ['cut', 'ended', 'stall', 'malformed', 'error'] as const;
  for (const fault of faults) {
    it(`recovers from an answer with the fault "${fault}"`, async () => {
      const played = await play(inOrder({ text: 'half', fault }, { text: 'Done.' }));
      assert.deepEqual(played.result, { ok: true, value: { summary: 'Done.' } });
    });
  }
});
