import assert from 'node:assert/strict';
import { createModelBackend } from '../../../../../src/adapters/agents/backends/modelBackend';
import type { EventOf } from '../../../../../src/core/model/event';
import { testAttempt } from '../../../../support/attempt';
import { fakeToolbox } from '../../../../support/fakeToolbox';
import { HastyClock } from '../../../../support/hastyClock';
import type { ModelScript, Scripted, ScriptedRequest } from '../../../../support/modelScript';
import { failureOf, look, play, type Played } from '../../../../support/playAttempt';
import { scriptedProvider } from '../../../../support/scriptedProvider';

const contract = `CONTRACT ${'c'.repeat(400)}`;
/** Small enough that what the model says itself fills it. */
const windowTokens = () => 2000;

function isSummary(request: ScriptedRequest): boolean {
  return request.tools.length === 0;
}

/** Talks much and looks often, so that leaving out old outputs is not enough. */
function talks(steps: number, summary: Scripted = { text: 'SUMMARY' }): ModelScript {
  let step = 0;
  return (request) => {
    if (isSummary(request)) return summary;
    if (step++ === steps) return { toolCalls: [{ name: 'finish', input: { summary: 'Done.' } }] };
    return { ...look(step), text: `THOUGHT ${step} ${'t'.repeat(1000)}` };
  };
}

function condensings({ attempt }: Played): EventOf<'conversation.condensed'>[] {
  return attempt.events.filter((event) => event.type === 'conversation.condensed');
}

function textOf(request: ScriptedRequest): string {
  return JSON.stringify(request.messages);
}

describe('a conversation that fills the window', () => {
  it('is condensed by one recorded call of the model, and the contract stays word for word', async () => {
    const played = await play(talks(8), { context: { briefing: contract }, backend: { windowTokens } });
    assert(played.result.ok);
    const [first] = condensings(played);
    assert(first);
    assert.equal(first.by, 'model');
    assert.equal(first.summary, 'SUMMARY');
    assert.equal(first.counted, 'estimated');
    assert(first.tokens !== undefined && first.tokens > 1800);
    const calls = played.attempt.events.filter(
      (event) => 'purpose' in event && event.purpose === 'condensing',
    );
    assert.deepEqual(calls.map((event) => event.type).slice(0, 2), ['model.called', 'model.answered']);
    const summaryAt = played.provider.requests.findIndex(isSummary);
    const next = played.provider.requests[summaryAt + 1]!;
    assert.equal(next.messages[0]!.text, contract);
    assert.match(next.messages[1]!.text, /stands for its older part[^]*SUMMARY/);
    assert.doesNotMatch(textOf(next), /THOUGHT 1 /);
    assert.match(textOf(next), /THOUGHT \d/, 'the latest part stays');
    assert(textOf(next).length < 2000 * 4);
  });

  it('keeps the list of steps and what people said', async () => {
    const box = fakeToolbox({ look: () => ({ ok: true, output: 'x' }) });
    const script = talks(8);
    const attempt = testAttempt({ context: { briefing: contract } });
    attempt.steering.push('Use tabs, never spaces.');
    const open = box.open.bind(box);
    box.open = (context) => {
      const session = open(context);
      return {
        ...session,
        call: async (call, signal) => {
          const items = [{ content: 'Mend the roof', status: 'in_progress' as const }];
          await context.emit({ type: 'agent.todos', taskId: 'task', attempt: 1, items });
          return session.call(call, signal);
        },
      };
    };
    const provider = scriptedProvider(script);
    const backend = createModelBackend({
      ...{ provider, toolbox: box, clock: new HastyClock(), random: () => 0, newId: () => 'i', windowTokens },
    });
    assert((await backend.run(attempt)).ok);
    const summaryAt = provider.requests.findIndex(isSummary);
    const [, summary] = provider.requests[summaryAt + 1]!.messages;
    assert.match(summary!.text, /- \[in_progress\] Mend the roof/);
    assert.match(summary!.text, /word for word:\n\nUse tabs, never spaces\.$/);
  });

  it('does not hold the steps of condensing against the limit on steps, and counts what they cost', async () => {
    const script = talks(8, { text: 'SUMMARY', usage: { input: 0, output: 77 } });
    const played = await play(script, { backend: { windowTokens } });
    const answers = played.attempt.events.filter((event) => event.type === 'model.answered');
    const summaries = answers.filter((event) => event.purpose === 'condensing');
    assert.equal(answers.length - summaries.length, 9);
    assert(summaries.length >= 1);
    assert.equal(Math.max(...answers.map((event) => event.step)), 9);
  });

  for (const [why, summary] of [
    ['is refused', { status: 400 }],
    ['is empty', { text: ' ' }],
  ] as const)
    it(`goes on with the contract and a list of its calls when the summary ${why}`, async () => {
      const played = await play(talks(8, summary), {
        context: { briefing: contract },
        backend: { windowTokens },
      });
      assert(played.result.ok, JSON.stringify(played.result));
      const [first] = condensings(played);
      assert.equal(first!.by, 'engine');
      assert.match(
        first!.summary,
        /No summary could be written[^]*- you called look \{"at":1\}\n- look returned: seen 1/,
      );
      const last = played.provider.requests.at(-1)!;
      assert.equal(last.messages[0]!.text, contract);
    });

  it('says the same after a crash at any point', async () => {
    const all = await play(talks(8), { context: { briefing: contract }, backend: { windowTokens } });
    const sent = all.provider.requests.filter((request) => !isSummary(request)).map(textOf);
    const { events } = all.attempt;
    for (const [at, event] of events.entries()) {
      if (event.type === 'tool.called') continue;
      const recorded = events.slice(0, at + 1);
      const answered = recorded.filter((one) => one.type === 'model.answered' && !one.purpose).length;
      let step = answered;
      const resumed = await play(
        (request) => {
          if (isSummary(request)) return { text: 'SUMMARY' };
          if (step++ === 8) return { toolCalls: [{ name: 'finish', input: { summary: 'Done.' } }] };
          return { ...look(step), text: `THOUGHT ${step} ${'t'.repeat(1000)}` };
        },
        { context: { briefing: contract, recorded }, backend: { windowTokens } },
      );
      assert(resumed.result.ok, `cut after ${at} ${event.type}`);
      const again = resumed.provider.requests.filter((request) => !isSummary(request)).map(textOf);
      // Ids of calls and opaque contents of the script count requests; what is said does not.
      assert.deepEqual(
        again.map(plain),
        sent.slice(sent.length - again.length).map(plain),
        `cut after ${at}`,
      );
    }
  });

  it('makes room by the count of the service where it gives one', async () => {
    const script: ModelScript = (request) =>
      isSummary(request)
        ? { text: 'SUMMARY' }
        : request.messages.length > 8 || /SUMMARY/.test(textOf(request))
          ? { text: 'Done.' }
          : {
              ...look(request.step),
              text: 't'.repeat(600),
              usage: { input: 450 * (request.step + 1), output: 10 },
            };
    const played = await play(script, { backend: { windowTokens } });
    const [first] = condensings(played);
    assert.equal(first!.counted, 'service');
    // Long before the characters alone would have filled it.
    const before = played.attempt.events.filter(
      (event) => event.type === 'tool.returned' && event.seq < first!.seq,
    );
    assert.equal(before.length, 4);
  });
});

describe('a service that finds a conversation too long', () => {
  const refusal: Scripted = {
    status: 400,
    body: {
      error: { message: "This model's maximum context length is 1500 tokens. However, you sent 9999." },
    },
  };

  it('is asked once more with a condensed one, within the limit that it states', async () => {
    let refused = 0;
    const script: ModelScript = (request) => {
      if (isSummary(request)) return { text: 'SUMMARY' };
      if (textOf(request).length > 1500 * 4) return (refused++, refusal);
      return request.index > 8 ? { text: 'Done.' } : { ...look(request.index), text: 't'.repeat(1000) };
    };
    const played = await play(script, {
      context: { briefing: contract },
      backend: { windowTokens: () => 100_000, provider: refusing(script) },
    });
    assert(played.result.ok, JSON.stringify(played.result));
    assert(refused >= 1);
    assert.equal(condensings(played)[0]!.by, 'model');
  });

  it('is not asked for ever', async () => {
    const played = await play(() => refusal, { backend: { provider: refusing(() => refusal) } });
    assert.equal(failureOf(played).kind, 'model-unavailable');
  });
});

/** The scripted provider with the words of the service in its failures, as the real one has them. */
function refusing(script: ModelScript) {
  const provider = scriptedProvider(script);
  return {
    complete: async (...args: Parameters<typeof provider.complete>) => {
      const answer = await provider.complete(...args);
      if (answer.ok || answer.failure.kind !== 'model-unavailable' || answer.failure.status !== 400)
        return answer;
      const message = "fake/model is not available: 400: This model's maximum context length is 1500 tokens.";
      return { ...answer, failure: { ...answer.failure, message } };
    },
  };
}

function plain(text: string): string {
  return text.replace(/call_\d+_\d+/g, 'call');
}
