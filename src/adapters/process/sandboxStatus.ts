import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { statusDescriptor } from './sandboxArguments';

/**
 * What bubblewrap says about itself on its own descriptor: one JSON object per line, `{"child-pid": …}` when it has begun
 * and `{"exit-code": …}` when the program inside has run (bwrap(1)). The program has no access to the descriptor, so
 * it cannot pretend.
 */
export interface SandboxStatus {
  /** The first process inside, as numbered outside; known once it has begun. */
  initPid(): number | undefined;
  /** Whether the program itself was started and ended. */
  hasRun(): boolean;
  /** Resolves when everything is said. */
  readonly complete: Promise<void>;
}

export function readStatus(child: ChildProcess): SandboxStatus {
  let said = '';
  const stream = child.stdio[statusDescriptor] as Readable | null | undefined;
  stream?.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  const complete = new Promise<void>((resolve) => {
    if (!stream || stream.closed) resolve();
    stream?.once('close', resolve);
  });
  const number = (name: string) => new RegExp(`"${name}": (\\d+)`).exec(said)?.[1];
  return {
    initPid: () => {
      const id = number('child-pid');
      return id === undefined ? undefined : Number(id);
    },
    complete,
    hasRun: () => number('exit-code') !== undefined,
  };
}

/** What is known of the sandbox's own process when it has ended. */
interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  readonly timedOut: boolean;
  readonly aborted: boolean;
}

/** What happened to the program, in the words of a run without a sandbox. */
export function confinedResult<T extends Ended>(
  result: T,
  status: SandboxStatus,
  file: string,
): T & { readonly startError?: string } {
  const { exitCode, timedOut, aborted } = result;
  if (exitCode === null) return result;
  if (!status.hasRun()) {
    if (timedOut || aborted) return { ...result, exitCode: null, signal: 'SIGKILL' };
    const said = result.stderr.trim().split('\n').at(-1) ?? '';
    const missing = /^bwrap: execvp (.*): No such file or directory$/.exec(said);
    const startError = missing
      ? `${file} could not be started: the program does not exist in the sandbox.`
      : `${file} could not be started: the sandbox failed (${said || `exit code ${exitCode}`}).`;
    return { ...result, exitCode: null, startError };
  }
  const signal = signalOf(exitCode);
  return signal === undefined ? result : { ...result, exitCode: null, signal };
}

/** Signals that end a program that does nothing about them, without those no program is ended with from outside. */
const deadly = new Set<NodeJS.Signals>([
  ...(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE'] as const),
  ...(['SIGKILL', 'SIGSEGV', 'SIGPIPE', 'SIGALRM', 'SIGTERM', 'SIGXCPU', 'SIGXFSZ', 'SIGSYS'] as const),
]);

function signalOf(exitCode: number): NodeJS.Signals | undefined {
  return [...deadly].find((name) => constants.signals[name] === exitCode - 128);
}
