import assert from 'node:assert/strict';
import {
  createModelBackend,
  type ModelBackendOptions,
} from '../../src/adapters/agents/backends/modelBackend';
import type { StoredEvent } from '../../src/core/model/event';
import { testAttempt, type AttemptOptions, type TestAttempt } from './attempt';
import { fakeToolbox, type FakeToolbox } from './fakeToolbox';
import { HastyClock } from './hastyClock';
import type { ModelScript, Scripted } from './modelScript';
import { scriptedProvider, type ScriptedProvider } from './scriptedProvider';

export interface Played {
  readonly attempt: TestAttempt;
  readonly provider: ScriptedProvider;
  readonly clock: HastyClock;
  readonly box: FakeToolbox;
  readonly result: Awaited<ReturnType<ReturnType<typeof createModelBackend>['run']>>;
}

/** Plays an attempt of the agent loop against a script, with tools that are functions and a clock that never waits. */
export async function play(
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

export function look(at: unknown): Scripted {
  return { toolCalls: [{ name: 'look', input: { at } }] };
}

/** The journal of an attempt as a picture. */
export function picture(events: readonly StoredEvent[]): string[] {
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
      case 'message.received':
        return `message from ${event.from}: ${event.text}`;
      default:
        return event.type;
    }
  });
}

export function failureOf({ result }: Played) {
  assert(!result.ok, 'should fail');
  return result.failure;
}
