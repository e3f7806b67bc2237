import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { FakeAgentScript } from '../../../../support/fakeAcpScript';
import {
  eventLines,
  playExternal,
  processesOf,
  removeExternal,
  startExternal,
} from '../../../../support/playExternal';

const working = { turns: [{ steps: [{ say: 'Done.' }] }] };

describe('An external agent that misbehaves', function () {
  this.timeout(30_000);
  after(removeExternal);

  async function failureOf(script: FakeAgentScript, play: Parameters<typeof playExternal>[1] = {}) {
    const runId = `run-${randomUUID()}`;
    const { result, attempt } = await playExternal(script, { ...play, context: { runId } });
    assert(!result.ok, JSON.stringify(result));
    assert.notEqual(result.failure.kind, 'unexpected', result.failure.message);
    assert.deepEqual(processesOf(attempt.runId), []);
    return result.failure;
  }

  for (const [stage, script, during] of [
    [
      'before it speaks',
      { ...working, initialize: { complains: 'no config', exit: 3 } },
      /exit code 3 while it started/,
    ],
    ['when its session opens', { ...working, newSession: { exit: 4 } }, /exit code 4 while it started/],
    ['at its work', { turns: [{ steps: [{ say: 'Hm.' }, { exit: 5 }] }] }, /exit code 5 during its work/],
    ['by a signal', { turns: [{ steps: [{ kill: true }] }] }, /SIGKILL during its work/],
  ] as [string, FakeAgentScript, RegExp][]) {
    it(`is named with how it ended when it crashes ${stage}`, async () => {
      const failure = await failureOf(script);
      assert(failure.kind === 'agent-exited');
      assert.match(failure.message, during);
      if (stage === 'before it speaks') assert.match(failure.outputTail, /no config/);
    });
  }

  it('is named when its program cannot be started', async () => {
    const failure = await failureOf(working, { launch: { file: '/nowhere/agent', args: [] } });
    assert.match(failure.message, /could not be started/);
  });

  it('leaves the cost it had reported in the journal when it crashes', async () => {
    const cost = {
      sessionUpdate: 'usage_update',
      used: 10,
      size: 100,
      cost: { amount: 0.25, currency: 'USD' },
    };
    const { attempt } = await playExternal({
      turns: [{ steps: [{ update: cost }, { sleepMs: 50 }, { exit: 1 }] }],
    });
    const known = attempt.events.map((event) =>
      event.type === 'model.answered' ? (event.usage.costUsd ?? 0) : 0,
    );
    assert.equal(
      known.reduce((sum, usd) => sum + usd, 0),
      0.25,
    );
  });

  it('is given up when it does not open a session in time', async () => {
    const failure = await failureOf(
      { ...working, newSession: { hang: true } },
      { options: { startTimeoutMs: 800 } },
    );
    assert.equal(failure.kind, 'timed-out');
  });

  it('is ended with all force when it hears neither a cancellation nor SIGTERM', async () => {
    const stage = startExternal(
      {
        turns: [{ steps: [{ say: 'Never.' }, { hang: true }] }],
        ignoresCancel: true,
        ignoresSigterm: true,
        outlivesInput: true,
      },
      { context: { runId: 'run-stubborn' }, options: { cancelMs: 100 } },
    );
    while (!eventLines(stage.attempt).some((line) => line.startsWith('progress')))
      await new Promise((resolve) => setTimeout(resolve, 10));
    const startedAt = performance.now();
    stage.attempt.abort();
    const result = await stage.running;
    assert(!result.ok && result.failure.kind === 'cancelled');
    assert(performance.now() - startedAt < 5000);
    assert.deepEqual(processesOf('run-stubborn'), []);
  });

  it('is stuck when nothing comes from it for long', async () => {
    const failure = await failureOf(
      { turns: [{ steps: [{ hang: true }] }] },
      { options: { quietMs: 200, cancelMs: 50 } },
    );
    assert.equal(failure.kind, 'agent-stuck');
  });

  it('is understood although it prints notices, and not when it prints nothing else', async () => {
    const noisy = await playExternal({ ...working, prints: 'Welcome!\n\n{"no": "message"}\n[1]\n' });
    assert.deepEqual(noisy.result, { ok: true, value: { summary: 'Done.' } });
    const failure = await failureOf({
      ...working,
      newSession: { prints: 'garbage\n', times: 1000, hang: true },
    });
    assert.equal(failure.kind, 'model-misbehaved');
    assert.match(failure.message, /not JSON: garbage/);
  });

  it('is held back by its own pipe when it floods, and its record stays small', async function () {
    this.timeout(120_000);
    const chunk = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: '#\n' } };
    const plan = {
      sessionUpdate: 'plan',
      entries: [{ content: 'Step #', status: 'pending', priority: 'low' }],
    };
    const { result, attempt } = await playExternal({
      turns: [
        {
          steps: [
            { flood: { update: chunk, count: 50_000 } },
            { flood: { update: plan, count: 50_000 } },
            { say: 'Done.' },
          ],
        },
      ],
    });
    assert(result.ok);
    assert(attempt.events.length < 60, `${attempt.events.length} events`);
    assert(eventLines(attempt).includes('todos Step 49999:pending'), 'the last plan is the one that is kept');
  });

  it('is stopped when it calls tools without end', async () => {
    const call = { sessionUpdate: 'tool_call', toolCallId: 'c#', title: 'Look', status: 'in_progress' };
    const failure = await failureOf({
      turns: [{ steps: [{ flood: { update: call, count: 6000 } }, { untilCancelled: true }] }],
    });
    assert.equal(failure.kind, 'budget-exceeded');
  });

  it('is named when it speaks another version, wants a login, or answers with an error', async () => {
    assert.match(
      (await failureOf({ ...working, version: 99 })).message,
      /version 99 of the protocol; the engine speaks 1/,
    );
    const login = await failureOf({ ...working, needsLogin: true });
    assert.match(login.remedy ?? '', /Log in .*run `fake login`/);
    const error = { code: -32603, message: 'Internal error', data: { details: 'overloaded' } };
    assert.match(
      (await failureOf({ turns: [{ steps: [{ error }] }] })).message,
      /during its work: Internal error.*overloaded/,
    );
  });

  for (const [stop, expected] of [
    ['refusal', /refused the task: I will not\./],
    ['cancelled', /nobody had cancelled it/],
  ] as const) {
    it(`does not pass for done when it stops with "${stop}"`, async () => {
      const failure = await failureOf({ turns: [{ steps: [{ say: 'I will not.' }], stop }] });
      assert.match(failure.message, expected);
    });
  }
});
