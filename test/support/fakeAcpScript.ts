import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Launch } from '../../src/adapters/agents/acp/launch';

/** One thing a fake agent does; fields of one step happen in the order of this list. */
export interface FakeStep {
  /** Sent as it is, in a `session/update`. */
  readonly update?: Record<string, unknown>;
  /** A piece of a message. */
  readonly say?: string;
  /** Relative to the session's folder, or absolute with `outside`. */
  readonly write?: { readonly path: string; readonly content: string; readonly outside?: boolean };
  /** The same update many times; `#` in it becomes the number. */
  readonly flood?: { readonly update: Record<string, unknown>; readonly count: number };
  /** Asks permission for a tool call, and goes on as it is answered. */
  readonly ask?: Record<string, unknown>;
  readonly options?: {
    optionId: string;
    name: string;
    kind: 'allow_once' | 'allow_always' | 'reject_once';
  }[];
  readonly allowed?: readonly FakeStep[];
  readonly denied?: readonly FakeStep[];
  /** Starts a process that leaves its group, and writes its id to this file. */
  readonly daemon?: string;
  readonly sleepMs?: number;
  /** Waits until the turn is cancelled. */
  readonly untilCancelled?: boolean;
  /** Written to its standard output as it is, so many times. */
  readonly prints?: string;
  readonly times?: number;
  /** Written to its standard error. */
  readonly complains?: string;
  /** Answers the request with an error. */
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
  readonly exit?: number;
  readonly kill?: boolean;
  readonly hang?: boolean;
}

export interface FakeTurn {
  /** Of turns with words, the first whose words stand in the prompt is taken; else the one of the prompt's number. */
  readonly when?: string;
  readonly steps?: readonly FakeStep[];
  readonly stop?: 'end_turn' | 'max_tokens' | 'max_turn_requests' | 'refusal' | 'cancelled';
  readonly usage?: Record<string, number>;
}

export interface FakeAgentScript {
  readonly turns: readonly FakeTurn[];
  /** Everything it is asked is written there, one JSON object per line. */
  readonly log?: string;
  readonly version?: number;
  readonly initialize?: FakeStep;
  readonly newSession?: FakeStep;
  readonly needsLogin?: boolean;
  readonly modes?: { currentModeId: string; availableModes: { id: string; name: string }[] };
  readonly configOptions?: {
    id: string;
    name: string;
    type: 'select';
    category: string;
    currentValue: string;
    options: { value: string; name: string }[];
  }[];
  readonly ignoresCancel?: boolean;
  readonly ignoresSigterm?: boolean;
  readonly outlivesInput?: boolean;
  /** Written to its standard output before it speaks. */
  readonly prints?: string;
}

export const fakeAgentFile = join(__dirname, 'fakeAcpAgent.ts');

/** How the fake agent is started with a script that is written into the folder. */
export function fakeLaunch(
  folder: string,
  script: FakeAgentScript,
  launch: Partial<Launch> = {},
): Launch & { logged(): Record<string, unknown>[] } {
  const log = join(folder, 'agent.log');
  const file = join(folder, 'script.json');
  writeFileSync(file, JSON.stringify({ log, ...script }));
  writeFileSync(log, '');
  return {
    model: 'acp/fake',
    name: 'fake',
    file: process.execPath,
    args: [fakeAgentFile, file],
    path: process.env['PATH'] ?? '',
    passed: {},
    ownPaths: [],
    ...launch,
    logged: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

/** The values of one kind of entry in a fake agent's log. */
export function loggedOf(entries: readonly Record<string, unknown>[], key: string): unknown[] {
  return entries.filter((entry) => key in entry).map((entry) => entry[key]);
}
