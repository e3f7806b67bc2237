import assert from 'node:assert/strict';
import { recordedCall } from '../../../../src/core/coordination/recordedCall';
import type { NewEvent } from '../../../../src/core/model/event';
import { FakeClock } from '../../../support/fakeClock';
import { HastyClock } from '../../../support/hastyClock';
import { inOrder, type ModelScript, type Scripted } from '../../../support/modelScript';
import { scriptedProvider } from '../../../support/scriptedProvider';

/** Makes one call and keeps what the journal got. */
function scene(script: ModelScript, clock = new HastyClock()) {
  const provider = scriptedProvider(script);
  const events: NewEvent[] = [];
  let ids = 0;
  const deps = { provider, clock, random: () => 0.5, newId: () => `id${++ids}` };
  const call = {
    model: 'fake/model',
    step: 1,
    request: () => ({
      system: '',
      messages: [{ role: 'user' as const, text: `after ${events.length} events` }],
      tools: [],
    }),
    emit: (event: NewEvent) => Promise.resolve(void events.push(event)),
  };
  const make = (signal = new AbortController().signal, caller = {}) =>
    recordedCall({ ...call, ...caller }, deps, signal);
  return { make, provider, clock, events };
}

function picture(events: readonly NewEvent[]): string[] {
  return events.map((event) => {
    if (event.type === 'model.failed')
      return `failed ${event.callId} ${event.failure.kind} ${event.retryInMs ?? 'for good'}`;
    return event.type === 'model.called' ? `called ${event.callId}` : event.type;
  });
}

const down: Scripted = { status: 503 };

describe('a recorded model call', () => {
  it('has its intent in the journal before and its answer after it, and says whose it is', async () => {
    const { make, events, provider } = scene(() => ({ text: 'Done.', usage: { input: 3, output: 2 } }));
    const answered = await make(undefined, { taskId: 'task', attempt: 2 });
    assert(answered.ok);
    assert.deepEqual(events, [
      { type: 'model.called', taskId: 'task', attempt: 2, model: 'fake/model', callId: 'id1', step: 1 },
      {
        type: 'model.answered',
        taskId: 'task',
        attempt: 2,
        model: 'fake/model',
        callId: 'id1',
        step: 1,
        durationMs: 0,
        ...answered.value,
      },
    ]);
    assert.equal(provider.requests.length, 1);
  });

  it('belongs to no task while a run is planned', async () => {
    const { make, events } = scene(() => ({ text: 'Done.' }));
    await make();
    assert(events.every((event) => !('taskId' in event) && !('attempt' in event)));
  });

  it('is tried again after waits that double, half of them random, each try a call of its own', async () => {
    const { make, clock, events } = scene(inOrder(down, down, down, down, { text: 'Done.' }));
    assert((await make()).ok);
    assert.deepEqual(clock.slept, [750, 1500, 3000, 6000]);
    assert.deepEqual(picture(events).slice(0, 4), [
      'called id1',
      'failed id1 model-unavailable 750',
      'called id2',
      'failed id2 model-unavailable 1500',
    ]);
  });

  it('asks for its request after the intent is recorded, for every try', async () => {
    const { make, provider } = scene(inOrder(down, { text: 'Done.' }));
    await make();
    assert.deepEqual(
      provider.requests.map((request) => request.prompt),
      ['after 1 events', 'after 3 events'],
    );
  });

  it('is tried five times, not more', async () => {
    const { make, provider, events } = scene(() => down);
    const answered = await make();
    assert(!answered.ok && answered.failure.kind === 'model-unavailable');
    assert.equal(provider.requests.length, 5);
    assert.equal(picture(events).at(-1), 'failed id5 model-unavailable for good');
  });

  const asks = (seconds: number): Scripted => ({ status: 429, headers: { 'retry-after': String(seconds) } });

  it('waits as long as the service asks', async () => {
    const { make, clock } = scene(inOrder(asks(30), { text: 'Done.' }));
    assert((await make()).ok);
    assert.deepEqual(clock.slept, [30_000]);
  });

  it('waits at least as long as it would by itself, so that agents do not come back together', async () => {
    const { make, clock } = scene(inOrder(asks(0), { text: 'Done.' }));
    assert((await make()).ok);
    assert.deepEqual(clock.slept, [750]);
  });

  it('does not wait for a service that asks for an hour', async () => {
    const { make, provider } = scene(() => asks(3600));
    assert(!(await make()).ok);
    assert.equal(provider.requests.length, 1);
  });

  it('is not tried again when no retry can help', async () => {
    const { make, provider } = scene(() => ({ status: 401 }));
    assert(!(await make()).ok);
    assert.equal(provider.requests.length, 1);
  });

  const faults = ['cut', 'ended', 'stall', 'malformed', 'error'] as const;
  for (const fault of faults) {
    it(`recovers from an answer with the fault "${fault}"`, async () => {
      const { make } = scene(inOrder({ text: 'half', fault }, { text: 'Done.' }));
      const answered = await make();
      assert(answered.ok && answered.value.text === 'Done.');
    });
  }
});

describe('a recorded model call that is aborted', () => {
  it('while the model is asked leaves only its intent', async () => {
    const stopping = new AbortController();
    const { make, events } = scene(() => (setImmediate(() => stopping.abort()), { silent: true }));
    assert(!(await make(stopping.signal)).ok);
    assert.deepEqual(picture(events), ['called id1']);
  });

  it('while it waits to try again returns at once with the failure', async () => {
    const clock = new FakeClock();
    const stopping = new AbortController();
    const provider = scriptedProvider(() => down);
    const emit = (event: NewEvent) => {
      if (event.type === 'model.failed') setImmediate(() => stopping.abort(new Error('stopped')));
      return Promise.resolve();
    };
    const request = () => ({ system: '', messages: [], tools: [] });
    const deps = { provider, clock, random: () => 0, newId: () => 'id' };
    const answered = await recordedCall(
      { model: 'fake/model', step: 1, request, emit },
      deps,
      stopping.signal,
    );
    assert(!answered.ok && answered.failure.kind === 'model-unavailable');
    assert.equal(provider.requests.length, 1);
  });
});
