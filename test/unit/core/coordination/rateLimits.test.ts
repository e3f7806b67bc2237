import assert from 'node:assert/strict';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { fail, ok } from '../../../../src/base/result';
import { recordedCall } from '../../../../src/core/coordination/recordedCall';
import { ServicePaces } from '../../../../src/core/coordination/servicePaces';
import type { NewEvent } from '../../../../src/core/model/event';
import type { Failure } from '../../../../src/core/model/failure';
import type { ModelProvider } from '../../../../src/core/ports';
import { HastyClock } from '../../../support/hastyClock';

const tooMany = (
  model: string,
  facts: Partial<Extract<Failure, { kind: 'model-unavailable' }>> = {},
): Failure => ({
  kind: 'model-unavailable',
  model,
  status: 429,
  retryable: true,
  message: `${model} is not available: too many requests.`,
  ...facts,
});

/** A service that serves so many calls at once and refuses all others. Its answers take some turns of the event loop. */
class NarrowService implements ModelProvider {
  served = 0;
  /** For each call, in the order of their arrival, whether it was refused. */
  readonly refusals: boolean[] = [];
  private busy = 0;

  constructor(private readonly places: number) {}

  readonly complete: ModelProvider['complete'] = async ({ model }) => {
    const isFull = this.busy >= this.places;
    this.refusals.push(isFull);
    if (isFull) return fail(tooMany(model));
    this.busy++;
    for (let turns = 0; turns < 5; turns++) await turnOfTheLoop();
    this.busy--;
    this.served++;
    return ok({
      text: 'Done.',
      toolCalls: [],
      finishReason: 'stop',
      usage: { inputTokens: 1, outputTokens: 1, costUsd: null },
    });
  };
}

function stage(provider: ModelProvider, fallbacks: readonly string[] = []) {
  const clock = new HastyClock();
  const events: NewEvent[] = [];
  let ids = 0;
  const paces = new ServicePaces(clock, () => 0.5);
  const deps = { provider, clock, random: () => 0.5, newId: () => `id${++ids}`, paces, fallbacks };
  const request = () => ({ system: '', messages: [], tools: [] });
  const emit = (event: NewEvent) => Promise.resolve(void events.push(event));
  const call = (taskId: string, step = 1, model = 'anthropic/any', signal = new AbortController().signal) =>
    recordedCall({ model, step, taskId, attempt: 1, request, emit }, deps, signal);
  return { call, events, clock, paces };
}

describe('a service that limits its rate', () => {
  it('serves twenty agents at once that it gives four places, and is soon refusing hardly anybody', async () => {
    const service = new NarrowService(4);
    const { call } = stage(service);
    const agents = Array.from({ length: 20 }, async (_, agent) => {
      for (let step = 1; step <= 10; step++) assert.equal((await call(`t${agent}`, step)).ok, true);
    });
    await Promise.all(agents);
    assert.equal(service.served, 200);
    const refused = service.refusals.filter(Boolean).length;
    const late = service.refusals.slice(-150).filter(Boolean).length;
    assert(refused <= 30, `${refused} refused of ${service.refusals.length}`);
    assert(late <= 5, `${late} refused of the last 150`);
  });

  it('uses up no tries of a call while it asks to wait', async () => {
    let refusals = 12;
    const { call, events, clock } = stage({
      complete: ({ model }) =>
        refusals-- > 0
          ? Promise.resolve(fail(tooMany(model, { retryAfterMs: 2000 })))
          : new NarrowService(1).complete(
              { model, system: '', messages: [], tools: [] },
              new AbortController().signal,
            ),
    });
    assert.equal((await call('t')).ok, true);
    assert.equal(events.filter(({ type }) => type === 'model.failed').length, 12);
    assert(clock.monotonicMs() >= 24_000);
  });

  it('is given up when patience ends, however kindly it asks to wait', async () => {
    const { call, clock } = stage({
      complete: ({ model }) => Promise.resolve(fail(tooMany(model, { retryAfterMs: 100_000 }))),
    });
    assert.equal((await call('t')).ok, false);
    assert(clock.monotonicMs() <= 15 * 60_000);
  });

  it('says at the task that it waits, for whom and how long', async () => {
    let isFirst = true;
    const { call, events } = stage({
      complete: (request, signal) => {
        if (!isFirst) return new NarrowService(1).complete(request, signal);
        isFirst = false;
        return Promise.resolve(fail(tooMany(request.model, { retryAfterMs: 12_000 })));
      },
    });
    await call('t');
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'attempt.progress' ? [event.activity] : [])),
      ['waits for the rate limit of anthropic, 12 s'],
    );
  });

  it('holds back nobody who asks another model', async () => {
    const { call, events } = stage({
      complete: (request, signal) =>
        request.model === 'anthropic/full'
          ? Promise.resolve(fail(tooMany(request.model, { retryAfterMs: 3_600_000 })))
          : new NarrowService(1).complete(request, signal),
    });
    await call('a', 1, 'anthropic/full');
    assert.equal((await call('b', 1, 'anthropic/free')).ok, true);
    assert.equal(events.filter(({ type }) => type === 'attempt.progress').length, 0);
  });

  it('leaves the queue in order when one who waits is aborted', async () => {
    const paces = new ServicePaces(new HastyClock(), () => 0);
    const service = paces.of('a/b');
    const never = new AbortController().signal;
    const quiet = () => Promise.resolve();
    const turns = [await service.enter(never, quiet), await service.enter(never, quiet)];
    turns[1]!.refused(undefined);
    const order: string[] = [];
    const stopping = new AbortController();
    const waiting = [
      service.enter(stopping.signal, quiet).catch(() => void order.push('gone')),
      service.enter(never, quiet).then(() => void order.push('second')),
    ];
    stopping.abort(new Error('stopped'));
    await waiting[0];
    assert.deepEqual(order, ['gone']);
    turns[0]!.answered();
    await waiting[1];
    assert.deepEqual(order, ['gone', 'second']);
  });
});

describe('models that stand in', () => {
  const down = (model: string): Failure => tooMany(model, { status: 401, retryable: false });
  const onlyB: ModelProvider = {
    complete: (request, signal) =>
      request.model === 'b/2'
        ? new NarrowService(1).complete(request, signal)
        : Promise.resolve(fail(down(request.model))),
  };

  it('answer for one that cannot be used, never silently', async () => {
    const { call, events } = stage(onlyB, ['c/3', 'b/2']);
    assert.equal((await call('t')).ok, true);
    assert.deepEqual(
      events.map((event) => {
        if (event.type === 'note') return `${event.level}: ${event.message}`;
        return 'model' in event ? `${event.type} ${event.model}` : event.type;
      }),
      [
        'model.called anthropic/any',
        'model.failed anthropic/any',
        'warning: anthropic/any is not available: too many requests. c/3 answers instead.',
        'model.called c/3',
        'model.failed c/3',
        'warning: c/3 is not available: too many requests. b/2 answers instead.',
        'model.called b/2',
        'model.answered b/2',
      ],
    );
  });

  it('go on answering without asking the other one at each step, each attempt being told once', async () => {
    const { call, events } = stage(onlyB, ['b/2']);
    await call('first', 1);
    await call('first', 2);
    await call('second', 1);
    await call('second', 2);
    const asked = events.flatMap((event) => (event.type === 'model.called' ? [event.model] : []));
    assert.deepEqual(asked, ['anthropic/any', 'b/2', 'b/2', 'b/2', 'b/2']);
    const told = events.flatMap((event) => (event.type === 'note' ? [event.taskId] : []));
    assert.deepEqual(told, ['first', 'second']);
  });

  it('give the place back after ten minutes', async () => {
    const { call, events, clock } = stage(onlyB, ['b/2']);
    await call('t', 1);
    await clock.sleep(11 * 60_000);
    await call('t', 2);
    const asked = events.flatMap((event) => (event.type === 'model.called' ? [event.model] : []));
    assert.deepEqual(asked, ['anthropic/any', 'b/2', 'anthropic/any', 'b/2']);
  });

  it('that can never work are passed over, and the end is told by what went wrong first', async () => {
    const wrong: Failure = { kind: 'usage', message: 'There is no provider "nowhere".' };
    const { call, events } = stage(
      {
        complete: ({ model }) => Promise.resolve(fail(model === 'nowhere/x' ? wrong : down(model))),
      },
      ['nowhere/x', 'c/3'],
    );
    const answered = await call('t');
    const asked = events.flatMap((event) => (event.type === 'model.called' ? [event.model] : []));
    assert.deepEqual(asked, ['anthropic/any', 'nowhere/x', 'c/3']);
    assert(!answered.ok);
    assert.match(answered.failure.message, /anthropic\/any is not available/);
  });
});
