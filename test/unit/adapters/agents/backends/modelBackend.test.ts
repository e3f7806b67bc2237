import assert from 'node:assert/strict';
import { createModelBackend } from '../../../../../src/adapters/agents/backends/modelBackend';
import { testAttempt, type TestAttempt } from '../../../../support/attempt';
import { fakeToolbox } from '../../../../support/fakeToolbox';
import { HastyClock } from '../../../../support/hastyClock';
import { finishWith, inOrder, type Scripted } from '../../../../support/modelScript';
import { failureOf, look, picture, play } from '../../../../support/playAttempt';
import { scriptedProvider } from '../../../../support/scriptedProvider';

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

  it('ends with the failure of a model that no further try mends', async () => {
    const played = await play(inOrder(look(1), { status: 401 }));
    assert.equal(failureOf(played).kind, 'model-unavailable');
    assert.equal(picture(played.attempt.events).at(-1), 'model.failed model-unavailable for good');
    assert.equal(played.box.closed, 1);
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
    assert(picture(attempt.current.events).includes('message from person: Use tabs.'));
  });

  it('waits while the run is paused', async () => {
    let resume: (mails: never[]) => void = () => undefined;
    const paused = new Promise<never[]>((resolve) => (resume = resolve));
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
