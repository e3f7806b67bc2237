import type { Failure } from '../../../core/model/failure';
import type { AttemptContext } from '../../../core/ports';
import type { SandboxConfinement } from '../../process/sandbox';
import { sandboxSymptom } from '../../process/sandboxSymptoms';
import type { ProcessResult } from '../../process/run';

/**
 * Why a program did not do its work; undefined when it did. `what` is the command as a person knows it; `confinement` is
 * given where it ran in a sandbox.
 */
export function failureOfProcess(
  context: AttemptContext,
  what: string,
  result: ProcessResult,
  outputTail: string,
  confinement?: Pick<SandboxConfinement, 'network' | 'loopback'>,
): Failure | undefined {
  if (result.aborted) return { kind: 'cancelled', message: `${quoted(what)} was stopped.` };
  if (result.timedOut) {
    return {
      kind: 'timed-out',
      afterMs: Math.round(result.durationMs),
      message: `${quoted(what)} did not end within ${context.limits.minutes ?? 0} minutes and was ended.`,
      remedy:
        'Raise the limit of the task if it needs longer; see the end of its output for what it was doing.',
    };
  }
  if (result.exitCode === 0) return undefined;
  return {
    kind: 'agent-exited',
    agent: context.agent.name,
    exitCode: result.exitCode,
    signal: result.signal,
    outputTail: outputTail || result.stderr,
    message: result.startError ?? `${quoted(what)} ${ending(result)}.`,
    remedy:
      (confinement && sandboxSymptom(what, outputTail || result.stderr, confinement)) ??
      remedyOf(result, context),
  };
}

function ending(result: ProcessResult): string {
  return result.exitCode === null
    ? `was ended by ${result.signal ?? 'a signal'}`
    : `ended with exit code ${result.exitCode}`;
}

/** 126 and 127 are the shell's own: not executable, not found (POSIX, Shell Command Language 2.8.2). */
function remedyOf(result: ProcessResult, context: AttemptContext): string {
  if (result.startError !== undefined || result.exitCode === 127)
    return 'Install the program, or correct its name in the task.';
  if (result.exitCode === 126) return 'Make the file executable, or start it through its interpreter.';
  if (result.signal === 'SIGKILL')
    return 'The system may have run out of memory; try with less work in parallel.';
  return `See the end of its output; it ran in ${context.worktree.path}.`;
}

function quoted(what: string): string {
  const line = what.trim().split('\n', 1)[0] ?? '';
  return what.startsWith('the ') ? `${what.charAt(0).toUpperCase()}${what.slice(1)}` : `\`${line}\``;
}
