import assert from 'node:assert/strict';
import { createModelBackend } from '../../../../../src/adapters/agents/backends/modelBackend';
import type { Toolbox } from '../../../../../src/core/ports';
import { testAttempt } from '../../../../support/attempt';
import { FakeClock } from '../../../../support/fakeClock';
import { fakeToolbox } from '../../../../support/fakeToolbox';
import { HastyClock } from '../../../../support/hastyClock';
import { look, picture } from '../../../../support/playAttempt';
import { scriptedProvider } from '../../../../support/scriptedProvider';

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
