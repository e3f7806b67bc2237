import assert from 'node:assert/strict';
import { ok } from '../../src/base/result';
import { commandLine } from '../../src/commandline/commandLine';
import type { CommandContext, EngineChoice } from '../../src/commandline/context';
import type { NewEvent } from '../../src/core/model/event';
import { FakeEngine } from './fakeEngine';
import { FakeTerminal } from './fakeTerminal';
import { deliveredRun } from './recordedRun';

export const happened = deliveredRun.slice(1).map(([, event]) => event);
export const upTo = (type: NewEvent['type']) =>
  happened.slice(0, happened.findIndex((event) => event.type === type) + 1);

/** An engine whose runs go through these events as soon as they are started or resumed, and settle there. */
export class PlayedEngine extends FakeEngine {
  constructor(private readonly script: readonly NewEvent[] = happened) {
    super('/home/person/project');
  }

  override async start(request: Parameters<FakeEngine['start']>[0]) {
    const started = await super.start(request);
    if (started.ok && this.script.length > 0) this.play(started.value.runId, this.script);
    return started;
  }

  override async settled(runId: string) {
    if (this.script.length === 0) return super.settled(runId);
    const view = await this.run(runId);
    assert.ok(view);
    return view;
  }
}

export interface Outcome {
  readonly code: number;
  readonly terminal: FakeTerminal;
  readonly engine: FakeEngine;
  readonly choices: EngineChoice[];
}

/** Carries out a command line against a played engine. */
export async function enterprise(
  args: string[],
  engine: FakeEngine = new PlayedEngine(),
  more: Partial<CommandContext> = {},
): Promise<Outcome> {
  const terminal = new FakeTerminal();
  const choices: EngineChoice[] = [];
  const code = await commandLine(args, {
    terminal,
    folder: '/home/person/project',
    environment: {},
    version: '0.1.0',
    openEngine: (choice) => {
      choices.push(choice);
      return Promise.resolve(ok(engine));
    },
    onInterrupt: () => ({ dispose: () => undefined }),
    exitNow: () => assert.fail('the process must not be ended'),
    nowMs: () => 0,
    ...more,
  });
  return { code, terminal, engine, choices };
}
