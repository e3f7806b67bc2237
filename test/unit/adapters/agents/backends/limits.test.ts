import assert from 'node:assert/strict';
import { FakeClock } from '../../../../support/fakeClock';
import { fakeToolbox } from '../../../../support/fakeToolbox';
import { inOrder, type ModelScript } from '../../../../support/modelScript';
import { failureOf, look, picture, play } from '../../../../support/playAttempt';
import { scriptedProvider } from '../../../../support/scriptedProvider';

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
