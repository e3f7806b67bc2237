import assert from 'node:assert/strict';
import {
  createModelBackend,
  type ModelBackendOptions,
} from '../../../../../src/adapters/agents/backends/modelBackend';
import type { StoredEvent } from '../../../../../src/core/model/event';
import type { Toolbox, ToolOutcome } from '../../../../../src/core/ports';
import { testAttempt, type AttemptOptions, type TestAttempt } from '../../../../support/attempt';
import { FakeClock } from '../../../../support/fakeClock';
import { fakeToolbox, type FakeToolbox } from '../../../../support/fakeToolbox';
import { HastyClock } from '../../../../support/hastyClock';
import { finishWith, inOrder, type ModelScript, type Scripted } from '../../../../support/modelScript';
import { scriptedProvider, type ScriptedProvider } from '../../../../support/scriptedProvider';

interface Played {
  readonly attempt: TestAttempt;
  readonly provider: ScriptedProvider;
  readonly clock: HastyClock;
  readonly box: FakeToolbox;
  readonly result: Awaited<ReturnType<ReturnType<typeof createModelBackend>['run']>>;
}

async function play(
  script: ModelScript,
  options: AttemptOptions & { box?: FakeToolbox; backend?: Partial<ModelBackendOptions> } = {},
): Promise<Played> {
  const attempt = testAttempt(options);
  const provider = scriptedProvider(script);
  const clock = new HastyClock();
  const box =
    options.box ?? fakeToolbox({ look: (input) => ({ ok: true, output: `seen ${String(input['at'])}` }) });
  let ids = 0;
  const backend = createModelBackend({
    provider,
    toolbox: box,
    clock,
    random: () => 0.5,
    newId: () => `id${++ids}`,
    ...options.backend,
  });
  return { attempt, provider, clock, box, result: await backend.run(attempt) };
}

function look(at: unknown): Scripted {
  return { toolCalls: [{ name: 'look', input: { at } }] };
}

/** The journal of an attempt as a picture. */
function picture(events: readonly StoredEvent[]): string[] {
  return events.map((event) => {
    switch (event.type) {
      case 'model.called':
        return `model.called ${event.step}`;
      case 'model.answered':
        return `model.answered ${event.text || event.toolCalls.map((call) => call.name).join('+')}`;
      case 'model.failed':
        return `model.failed ${event.failure.kind} ${event.retryInMs ?? 'for good'}`;
      case 'tool.called':
        return `tool.called ${event.tool} (${event.summary})`;
      case 'tool.returned':
        return `tool.returned ${event.ok ? 'ok' : 'not ok'} ${event.output}`;
      case 'message.sent':
        return `message to ${event.to}: ${event.text}`;
      default:
        return event.type;
    }
  });
}

function failureOf({ result }: Played) {
  assert(!result.ok, 'should fail');
  return result.failure;
}

describe('the agent loop', () => {
  it('records the intent before and the result after every call, in order', async () => {
    const script = inOrder(
      {
        toolCalls: [
          { name: 'look', input: { at: 1 } },
          { name: 'look', input: { at: 2 } },
        ],
      },
      finishWith('All done.')({} as never) as Scripted,
    );
    const played = await play(script);
    assert.deepEqual(played.result, { ok: true, value: { summary: 'All done.' } });
    assert.deepEqual(picture(played.attempt.events), [
      'model.called 1',
      'model.answered look+look',
      'tool.called look (look!)',
      'tool.returned ok seen 1',
      'tool.called look (look!)',
      'tool.returned ok seen 2',
      'model.called 2',
      'model.answered finish',
      'tool.called finish (finish!)',
      'tool.returned ok Finished.',
    ]);
    assert.equal(played.box.closed, 1);
  });

  it('gives the model the briefing word for word and the agent’s instructions', async () => {
    const { provider } = await play(finishWith('x'), {
      context: { briefing: '# Task\n\n  do “this” $HOME `x`' },
    });
    assert.equal(provider.requests[0]!.prompt, '# Task\n\n  do “this” $HOME `x`');
    assert.match(provider.requests[0]!.system, /You write code\.[^]*are data/);
    assert.deepEqual(provider.requests[0]!.tools, ['look', 'finish']);
  });

  it('takes an answer of text alone as the end, with the text as summary', async () => {
    const played = await play(() => ({ text: ' It was there already. ' }));
    assert.deepEqual(played.result, { ok: true, value: { summary: 'It was there already.' } });
  });

  it('nudges once after an empty answer', async () => {
    const played = await play(inOrder({}, { text: 'Done.' }));
    assert(played.result.ok);
    assert.match(played.provider.requests[1]!.messages.at(-1)!.text, /^Your answer was empty/);
  });

  it('gives up on a model whose answers stay empty', async () => {
    assert.equal(failureOf(await play(() => ({}))).kind, 'model-misbehaved');
  });

  it('does not take a text that was cut at the length limit for the end', async () => {
    const provider = scriptedProvider(inOrder({ text: 'I will now' }, { text: 'Done.' }));
    const cut: typeof provider = {
      requests: provider.requests,
      complete: async (...call) => {
        const answer = await provider.complete(...call);
        return answer.ok && answer.value.text === 'I will now'
          ? { ok: true, value: { ...answer.value, finishReason: 'length' } }
          : answer;
      },
    };
    const played = await play(() => ({}), { backend: { provider: cut } });
    assert.deepEqual(played.result, { ok: true, value: { summary: 'Done.' } });
  });

  it('hears a person before each step, and the journal says so', async () => {
    const attempt: { current?: TestAttempt } = {};
    const box = fakeToolbox({
      look: () => (attempt.current!.steering.push('Use tabs.'), { ok: true, output: 'x' }),
    });
    const provider = scriptedProvider(inOrder(look(1), { text: 'Done.' }));
    attempt.current = testAttempt();
    const backend = createModelBackend({
      provider,
      toolbox: box,
      clock: new HastyClock(),
      random: () => 0,
      newId: () => 'i',
    });
    await backend.run(attempt.current);
    assert.equal(provider.requests[1]!.messages.at(-1)!.text, 'Use tabs.');
    assert(picture(attempt.current.events).includes('message to task: Use tabs.'));
  });

  it('waits while the run is paused', async () => {
    let resume: (texts: string[]) => void = () => undefined;
    const paused = new Promise<string[]>((resolve) => (resume = resolve));
    const provider = scriptedProvider(() => ({ text: 'Done.' }));
    const backend = createModelBackend({
      provider,
      toolbox: fakeToolbox(),
      clock: new HastyClock(),
      random: () => 0,
      newId: () => 'i',
    });
    const running = backend.run(testAttempt({ context: { checkpoint: () => paused } }));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(provider.requests.length, 0);
    resume([]);
    assert((await running).ok);
  });

  it('does not let a model finish before it saw that a call of the same answer failed', async () => {
    const box = fakeToolbox({ look: () => ({ ok: false, output: 'broken' }) });
    const both: Scripted = {
      toolCalls: [{ name: 'look' }, { name: 'finish', input: { summary: 'too early' } }],
    };
    const played = await play(inOrder(both, { text: 'Now I know.' }), { box });
    assert.deepEqual(played.result, { ok: true, value: { summary: 'Now I know.' } });
    assert.match(played.provider.requests[1]!.toolOutputs[1]!, /Not finished: look/);
  });
});

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

describe('a model that misbehaves', () => {
  const garbage: Scripted = { toolCalls: [{ name: 'look', rawArguments: '{"at": ' }] };
  const unknown: Scripted = { toolCalls: [{ name: 'fly', input: {} }] };
  const missing: Scripted = { toolCalls: [{ name: 'finish', input: {} }] };

  it('is told what was wrong with its call, and nothing is done', async () => {
    const played = await play(inOrder(garbage, unknown, missing, { text: 'Done.' }));
    assert(played.result.ok);
    assert.match(
      played.provider.requests[1]!.toolOutputs[0]!,
      /not a JSON object: "\{\\"at\\": "\. Nothing was done/,
    );
    assert.match(played.provider.requests[2]!.toolOutputs[0]!, /no tool "fly"\. There are: look, finish/);
    assert.match(played.provider.requests[3]!.toolOutputs[0]!, /finish needs summary/);
    assert.deepEqual(played.box.calls, []);
  });

  it('is given up after the third correction in a row', async () => {
    const played = await play(({ index }) => ({ toolCalls: [{ name: 'look', rawArguments: `{${index}` }] }));
    assert.equal(failureOf(played).kind, 'model-misbehaved');
    assert.equal(played.provider.requests.length, 4);
  });

  it('has its corrections counted anew after a good call', async () => {
    const played = await play(
      inOrder(garbage, unknown, garbage, look(1), garbage, unknown, garbage, { text: 'Done.' }),
    );
    assert(played.result.ok);
  });

  it('is warned at the third same call with the same result, and stopped at the fifth', async () => {
    const played = await play(() => look('again'));
    const failure = failureOf(played);
    assert.equal(failure.kind, 'agent-stuck');
    assert.equal(played.box.calls.length, 5);
    assert.doesNotMatch(played.provider.requests[2]!.toolOutputs[0]!, /The engine/);
    assert.match(
      played.provider.requests[3]!.toolOutputs[0]!,
      /^seen again\n\n\[The engine: this is the 3th time/,
    );
    assert.equal(played.box.closed, 1);
  });

  it('is stopped as well when it alternates between calls', async () => {
    const played = await play(({ index }) => look(index % 2));
    assert.equal(failureOf(played).kind, 'agent-stuck');
    assert.equal(played.box.calls.length, 9);
  });

  it('is not stuck when results differ, or when it changed something in between', async () => {
    let changes = 0;
    const box = fakeToolbox({
      look: () => ({ ok: true, output: 'same' }),
      edit: (): ToolOutcome => ({ ok: true, output: `edited ${++changes}` }),
    });
    const played = await play(
      ({ index }) =>
        index === 14 ? { text: 'Done.' } : index % 2 ? { toolCalls: [{ name: 'edit', input: {} }] } : look(1),
      { box },
    );
    assert(played.result.ok, JSON.stringify(played.result));
  });

  it('is stopped by the limit on steps when it never repeats itself', async () => {
    const played = await play(({ index }) => look(index));
    const failure = failureOf(played);
    assert(failure.kind === 'budget-exceeded');
    assert.equal(failure.limit, '200 steps');
    assert.equal(played.provider.requests.length, 200);
  });
});

describe('limits of an attempt', () => {
  const spend: ModelScript = ({ index }) => ({
    toolCalls: [{ name: 'look', input: { at: index } }],
    usage: { input: 90, output: 10 },
  });

  it('stop it within one step of the tokens', async () => {
    const played = await play(spend, { context: { limits: { tokens: 250 } } });
    const failure = failureOf(played);
    assert(failure.kind === 'budget-exceeded');
    assert.equal(played.provider.requests.length, 3);
  });

  it('stop it within one step of the cost', async () => {
    const provider = scriptedProvider(spend);
    const priced: typeof provider = {
      requests: provider.requests,
      complete: async (...call) => {
        const answer = await provider.complete(...call);
        return answer.ok
          ? { ok: true, value: { ...answer.value, usage: { ...answer.value.usage, costUsd: 0.4 } } }
          : answer;
      },
    };
    const played = await play(spend, { context: { limits: { costUsd: 1 } }, backend: { provider: priced } });
    assert(failureOf(played).kind === 'budget-exceeded');
    assert.equal(provider.requests.length, 3);
  });

  it('say once that a limit on cost cannot be kept when the price is unknown', async () => {
    const provider = scriptedProvider(inOrder(look(1), look(2), { text: 'Done.' }));
    const unpriced: typeof provider = {
      requests: provider.requests,
      complete: async (...call) => {
        const answer = await provider.complete(...call);
        return answer.ok
          ? { ok: true, value: { ...answer.value, usage: { ...answer.value.usage, costUsd: null } } }
          : answer;
      },
    };
    const played = await play(spend, {
      context: { limits: { costUsd: 1 } },
      backend: { provider: unpriced },
    });
    assert(played.result.ok);
    assert.equal(played.attempt.events.filter((event) => event.type === 'note').length, 1);
  });

  it('end a tool that runs when the minutes are over', async () => {
    const clock = new FakeClock();
    let started: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (started = resolve));
    const box = fakeToolbox({
      look: (_input, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ ok: false, output: 'ended' }));
          started();
        }),
    });
    const playing = play(() => look(1), { box, context: { limits: { minutes: 2 } }, backend: { clock } });
    await running;
    clock.advance(120_000);
    const played = await playing;
    const failure = failureOf(played);
    assert(failure.kind === 'budget-exceeded');
    assert.equal(failure.limit, '2 minutes');
    assert.equal(picture(played.attempt.events).at(-1), 'tool.called look (look!)');
  });

  it('do not count the time in which a person is waited for', async () => {
    const clock = new FakeClock();
    const checkpoint = async () => {
      clock.advance(10 * 60_000);
      await new Promise((resolve) => setImmediate(resolve));
      return [];
    };
    const played = await play(() => ({ text: 'Done.' }), {
      context: { limits: { minutes: 2 }, checkpoint },
      backend: { clock },
    });
    assert(played.result.ok, JSON.stringify(played.result));
  });
});

describe('an attempt that is stopped', () => {
  it('ends with `cancelled`, without a result for the tool that ran', async () => {
    const attempt = testAttempt();
    const box = fakeToolbox({
      look: () => {
        attempt.abort();
        return { ok: false, output: 'aborted' };
      },
    });
    const backend = createModelBackend({
      provider: scriptedProvider(() => look(1)),
      toolbox: box,
      clock: new HastyClock(),
      random: () => 0,
      newId: () => 'i',
    });
    const result = await backend.run(attempt);
    assert(!result.ok);
    assert.equal(result.failure.kind, 'cancelled');
    assert.deepEqual(picture(attempt.events), [
      'model.called 1',
      'model.answered look',
      'tool.called look (look!)',
    ]);
    assert.equal(box.closed, 1);
  });

  it('ends with `cancelled` while it waits to try again', async () => {
    const attempt = testAttempt();
    const clock = new FakeClock();
    const backend = createModelBackend({
      provider: scriptedProvider(() => ({ status: 500 })),
      toolbox: fakeToolbox(),
      clock,
      random: () => 0,
      newId: () => 'i',
    });
    const running = backend.run(attempt);
    while (!attempt.events.some((event) => event.type === 'model.failed'))
      await new Promise((resolve) => setImmediate(resolve));
    attempt.abort();
    const result = await running;
    assert(!result.ok && result.failure.kind === 'cancelled');
  });

  it('ends with `cancelled` while a person is asked', async () => {
    const attempt = testAttempt({
      context: {
        ask: () => {
          setImmediate(() => attempt.abort());
          return new Promise(() => undefined);
        },
      },
    });
    const asking: Toolbox = {
      open: (context) => ({
        ...fakeToolbox({ look: () => ({ ok: true, output: '' }) }).open(context),
        call: async () => {
          const answer = await context.ask({ kind: 'question', title: 'May I?', detail: 'May I?' });
          return { ok: answer.decision === 'allow', output: answer.by };
        },
      }),
    };
    const backend = createModelBackend({
      provider: scriptedProvider(() => look(1)),
      toolbox: asking,
      clock: new HastyClock(),
      random: () => 0,
      newId: () => 'i',
    });
    const result = await backend.run(attempt);
    assert(!result.ok && result.failure.kind === 'cancelled');
    assert.equal(picture(attempt.events).at(-1), 'tool.called look (look!)');
  });

  it('ends with `cancelled` although the coordinator’s own wait rejects', async () => {
    const attempt = testAttempt({
      context: {
        checkpoint: () => {
          attempt.abort();
          return Promise.reject(new Error('stopped'));
        },
      },
    });
    const backend = createModelBackend({
      provider: scriptedProvider(() => ({})),
      toolbox: fakeToolbox(),
      clock: new HastyClock(),
      random: () => 0,
      newId: () => 'i',
    });
    const result = await backend.run(attempt);
    assert(!result.ok && result.failure.kind === 'cancelled');
  });

  it('ends with `cancelled` while the run is paused', async () => {
    const attempt = testAttempt({ context: { checkpoint: () => new Promise(() => undefined) } });
    const backend = createModelBackend({
      provider: scriptedProvider(() => ({})),
      toolbox: fakeToolbox(),
      clock: new HastyClock(),
      random: () => 0,
      newId: () => 'i',
    });
    const running = backend.run(attempt);
    attempt.abort();
    const result = await running;
    assert(!result.ok && result.failure.kind === 'cancelled');
  });
});
