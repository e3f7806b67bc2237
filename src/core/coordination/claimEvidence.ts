import type { StoredEvent } from '../model/event';
import type { Claim } from './claims';
import { commandsIn, mayChangeFiles, type Subject } from './checkCommands';

export interface Evidence {
  readonly verdict: 'confirmed' | 'refuted';
  /** In words, for people. */
  readonly text: string;
}

/**
 * What the transcript of an attempt says about a claim: the last run of its check, if nothing was changed after it.
 * Undefined where it says nothing: a part for the whole, an exit code that a pipe hides, a run before the last change.
 */
export function transcriptEvidence(claim: Claim, events: readonly StoredEvent[]): Evidence | undefined {
  const runs = runsIn(events).filter(
    (run) => speaksOf(claim, run) && !(claim.isWhole && run.isPartial && claim.command === undefined),
  );
  const last = runs.at(-1);
  if (!last || last.isStale) return undefined;
  return last.isOk
    ? { verdict: 'confirmed', text: `${last.what} succeeded after the last change` }
    : {
        verdict: 'refuted',
        text: `${last.what} failed when it was run last${last.tail ? `: ${last.tail}` : ''}`,
      };
}

interface Run {
  readonly subject: Subject | undefined;
  readonly command: string;
  readonly isPartial: boolean;
  readonly isOk: boolean;
  /** Something may have been changed after it. */
  readonly isStale: boolean;
  readonly what: string;
  readonly tail?: string;
}

function speaksOf(claim: Claim, run: Run): boolean {
  if (claim.command !== undefined && run.command !== '') {
    const named = commandsIn(claim.command).map(({ command }) => command);
    if (named.some((command) => run.command === command || run.command.startsWith(`${command} `)))
      return true;
    // It names a command of its own: another run of the same kind is not the one it speaks of.
    if (named.some((command) => command.includes(' '))) return false;
  }
  return claim.subject !== undefined && claim.subject === run.subject;
}

/** The checks of a transcript whose outcome is known, in order. */
function runsIn(events: readonly StoredEvent[]): Run[] {
  const calls = new Map(
    events.flatMap((event) => (event.type === 'tool.called' ? [[event.callId, event]] : [])),
  );
  const runs: Run[] = [];
  for (const event of events) {
    if (event.type !== 'tool.returned') continue;
    const input = calls.get(event.callId)?.input;
    const line = event.tool === 'bash' ? foregroundLine(input) : undefined;
    if (line !== undefined) {
      const changes = mayChangeFiles(line);
      if (changes) spoil(runs);
      runs.push(...runsOf(line, event.ok, event.output, changes));
    } else if (event.tool === 'diagnostics') runs.push(...gatesOf(event.output));
    else if (!harmless.has(event.tool) && event.ok) spoil(runs);
  }
  return runs;
}

const harmless = new Set([
  ...['read', 'glob', 'grep', 'todo', 'message', 'ask_user', 'finish', 'bash_output', 'bash_kill', 'skill'],
]);

function spoil(runs: Run[]): void {
  for (const [at, run] of runs.entries()) runs[at] = { ...run, isStale: true };
}

/** Undefined for what runs in the background: that it was started proves nothing. */
function foregroundLine(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || !('command' in input)) return undefined;
  const isBackground = 'background' in input && input.background === true;
  return isBackground || typeof input.command !== 'string' ? undefined : input.command;
}

function runsOf(line: string, isOk: boolean, output: string, changes: boolean): Run[] {
  const parts = commandsIn(line);
  return parts
    .filter((part) => (isOk ? part.provesSuccess : part.provesFailure))
    .map(({ command, subject, isPartial }) => ({
      ...{ command, subject, isPartial, isOk, what: `\`${command}\`` },
      // What the same line did after it may have changed what it checked.
      isStale: changes && command !== parts.at(-1)?.command,
      ...(isOk ? {} : { tail: lastLine(output) }),
    }));
}

/** Lines of `diagnostics`: `tests: passed (…)`. */
function gatesOf(output: string): Run[] {
  return [...output.matchAll(/^(tests|types|lint|build|format): (passed|failed) \((.*)\)$/gm)].map(
    ([, gate = '', verdict, reason]) => ({
      subject: gate as Subject,
      command: '',
      isPartial: false,
      isOk: verdict === 'passed',
      isStale: false,
      what: `the gate ${gate}, run by \`diagnostics\`,`,
      ...(reason ? { tail: reason } : {}),
    }),
  );
}

function lastLine(output: string): string {
  const lines = output.trim().split('\n');
  return (lines.at(-1) ?? '').trim().slice(0, 200);
}
