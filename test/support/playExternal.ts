import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createExternalBackend,
  type ExternalBackendOptions,
} from '../../src/adapters/agents/acp/externalBackend';
import type { Launch } from '../../src/adapters/agents/acp/launch';
import { systemClock } from '../../src/adapters/clock/systemClock';
import { ok } from '../../src/base/result';
import { testAttempt, type AttemptOptions, type TestAttempt } from './attempt';
import { fakeLaunch, type FakeAgentScript } from './fakeAcpScript';
import { scriptedPolicy } from './scriptedPolicy';

export interface ExternalStage {
  readonly folder: string;
  readonly worktree: string;
  readonly attempt: TestAttempt;
  readonly running: ReturnType<ReturnType<typeof createExternalBackend>['run']>;
  logged(): Record<string, unknown>[];
}

export interface ExternalPlay extends AttemptOptions {
  readonly options?: Partial<ExternalBackendOptions>;
  readonly launch?: Partial<Launch>;
}

const folders: string[] = [];

/** Lets a fake agent make an attempt in a worktree of its own. `script` is given the folder around the worktree. */
export function startExternal(
  script: FakeAgentScript | ((folder: string) => FakeAgentScript),
  { options = {}, launch = {}, ...attemptOptions }: ExternalPlay = {},
): ExternalStage {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'external-')));
  folders.push(folder);
  const worktree = join(folder, 'worktree');
  mkdirSync(worktree);
  const started = fakeLaunch(folder, typeof script === 'function' ? script(folder) : script, launch);
  const backend = createExternalBackend({
    launch: () => Promise.resolve(ok(started)),
    policy: scriptedPolicy(() => 'allow'),
    describe: () => Promise.resolve('Not in a sandbox.'),
    clock: systemClock,
    newId: randomUUID,
    ...options,
  });
  const attempt = testAttempt({ worktree, ...attemptOptions });
  return { folder, worktree, attempt, running: backend.run(attempt), logged: started.logged };
}

/** The same, to its end. */
export async function playExternal(...args: Parameters<typeof startExternal>) {
  const stage = startExternal(...args);
  const result = await stage.running;
  return { ...stage, result, log: stage.logged() };
}

export function removeExternal(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Events of an attempt as a picture, one line each. */
export function eventLines(attempt: Pick<TestAttempt, 'events'>): string[] {
  return attempt.events.map((event) => {
    switch (event.type) {
      case 'tool.called':
        return `called ${event.tool} ${event.summary}`;
      case 'tool.returned':
        return `returned ${event.ok ? 'ok' : 'not ok'} ${event.output.slice(0, 60)}`.trim();
      case 'agent.todos':
        return `todos ${event.items.map((item) => `${item.content}:${item.status}`).join(' ')}`;
      case 'attempt.progress':
        return `progress ${event.activity}`;
      case 'model.called':
        return `prompt ${event.step}`;
      case 'model.answered':
        return `answer ${event.step} ${event.finishReason} ${event.usage.inputTokens}+${event.usage.outputTokens} ${event.usage.costUsd ?? 'unknown'}`;
      case 'policy.decided':
        return `${event.decision} ${event.rule}`;
      case 'message.received':
        return `heard ${event.text}`;
      default:
        return event.type;
    }
  });
}

/** Ids of living processes that belong to a run, found as recovery finds them. Linux only. */
export function processesOf(runId: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((id) => id > 1 && id !== process.pid)
    .filter((id) => {
      try {
        const isZombie = readFileSync(`/proc/${id}/stat`, 'latin1').split(') ')[1]?.startsWith('Z');
        return (
          !isZombie && readFileSync(`/proc/${id}/environ`, 'latin1').includes(`ENTERPRISE_RUN_ID=${runId}`)
        );
      } catch {
        // Gone meanwhile, or somebody else's.
        return false;
      }
    });
}
