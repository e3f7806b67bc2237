import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { BoundedText } from './boundedText';
import { childEnvironment, processMark } from './childEnvironment';
import { endConfined, endTree } from './endTree';
import { confinedResult, readStatus } from './sandboxStatus';

/**
 * Runs one outside program in its own process group. Nothing it started outlives the returned promise: the whole tree
 * is ended on timeout, on abort, and when the program itself is gone but left children behind.
 */

export interface ProcessSpec {
  /** A program on the PATH or an absolute path; never a shell line. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The complete environment. Default: `childEnvironment()`, which holds no secrets. */
  readonly env?: NodeJS.ProcessEnv;
  /** Written to standard input, which is then closed; without it standard input is empty. */
  readonly input?: string | Uint8Array;
  readonly timeoutMs?: number;
  /** Of each stream the head and the tail are kept, together this many characters. Default 1,000,000. */
  readonly maxOutputChars?: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * Runs it inside a sandbox. A sandbox that does not come about is a `startError`; the program then did not run. The end
   * of a program by a signal is recognised by its exit code 128 + n, as shells report it: a sandbox tells no more.
   */
  readonly confinement?: Confinement | undefined;
  /** Receives everything, also what is cut from the result. */
  readonly onOutput?: (chunk: string, stream: 'stdout' | 'stderr') => void;
}

/** How a program is put into a sandbox: a command line in front of its own. */
export interface Confinement {
  /** The sandbox's program, absolute. It reports on file descriptor 3 as `--json-status-fd` of bwrap(1) does. */
  readonly file: string;
  /** Up to the `--` before the program; `cwd` is where the program starts. */
  args(cwd: string): string[];
  /** Changes to the program's environment; undefined removes. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface ProcessResult {
  /** Null when the program was ended by a signal or never started. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Something was cut from `stdout` or `stderr`. */
  readonly truncated: boolean;
  readonly timedOut: boolean;
  readonly aborted: boolean;
  readonly durationMs: number;
  /** Why the program could not be started (missing, not executable, no such folder), in a sentence; also in `stderr`. */
  readonly startError?: string;
}

/** How long a group that got SIGTERM may take before SIGKILL. */
const graceMs = 2000;
/** How long children may outlive the program itself and still write. */
const lingerMs = 300;
/** How long reading what is already in the pipes may take. */
const drainMs = 5000;
const defaultOutputChars = 1_000_000;

/** Never rejects for anything the program does: a failed start, a signal and a timeout are in the result. */
export async function runProcess(spec: ProcessSpec): Promise<ProcessResult> {
  const startedAt = performance.now();
  const output = new Output(spec);
  if (spec.signal?.aborted) return output.result({ aborted: true, timedOut: false, durationMs: 0 });
  const mark = randomUUID();
  let child: ChildProcess;
  try {
    child = start(spec, mark);
  } catch (error) {
    // Thrown, not emitted, for arguments the system cannot take (a NUL byte, a list that is too long).
    return output.notStarted(spec, error as NodeJS.ErrnoException, performance.now() - startedAt);
  }
  output.collect(child);
  feed(child, spec.input);
  const status = spec.confinement && readStatus(child);
  const ended = exitOf(child);
  const stop = stopOn(spec, () =>
    status ? endConfined(child, mark, graceMs, status.initPid()) : endTree(child, mark, graceMs),
  );
  const end = await ended;
  await stop.settled();
  if (end.error) return output.notStarted(spec, end.error, performance.now() - startedAt);
  await drained(child, lingerMs);
  // Whatever a sandbox held ended with it; there is nobody left to be asked.
  await endTree(child, mark, status ? 0 : graceMs);
  await drained(child, drainMs);
  child.stdout?.destroy();
  child.stderr?.destroy();
  await status?.complete;
  const result = output.result({
    exitCode: end.exitCode,
    signal: end.signal,
    timedOut: stop.timedOut(),
    aborted: stop.aborted(),
    durationMs: performance.now() - startedAt,
  });
  return status ? confinedResult(result, status, spec.file) : result;
}

/** Runs one line of the system's shell (`sh -c`, on Windows `cmd /d /s /c`). */
export function runShell(
  spec: Omit<ProcessSpec, 'file' | 'args'> & { readonly command: string },
): Promise<ProcessResult> {
  const { command, ...rest } = spec;
  return process.platform === 'win32'
    ? runProcess({
        ...rest,
        file: process.env['ComSpec'] ?? 'cmd.exe',
        args: ['/d', '/s', '/c', `"${command}"`],
      })
    : runProcess({ ...rest, file: '/bin/sh', args: ['-c', command] });
}

function start(spec: ProcessSpec, mark: string): ChildProcess {
  const windowsShell = process.platform === 'win32' && spec.args[0] === '/d';
  const { confinement } = spec;
  const [file, args] = confinement
    ? [confinement.file, [...confinement.args(spec.cwd), '--', spec.file, ...spec.args]]
    : [spec.file, spec.args];
  return spawn(file, [...args], {
    // The sandbox goes where it is told; a worktree's path may be gone or a trap by then.
    cwd: confinement ? '/' : spec.cwd,
    env: { ...(spec.env ?? childEnvironment()), ...confinement?.env, [processMark]: mark },
    // An own group, so that the whole tree can be ended; on Windows `taskkill /T` finds the tree instead.
    detached: process.platform !== 'win32',
    stdio: [
      ...[spec.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(confinement ? ['pipe'] : []),
    ] as StdioOptions,
    windowsHide: true,
    windowsVerbatimArguments: windowsShell,
  });
}

function feed(child: ChildProcess, input: string | Uint8Array | undefined): void {
  if (!child.stdin) return;
  // A program that ends without reading its input breaks the pipe; its exit code tells what matters.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
}

interface Exit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: NodeJS.ErrnoException;
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    child.once('error', (error) => {
      // Also emitted when a signal could not be sent; only a program without a pid was never started.
      if (child.pid === undefined) resolve({ exitCode: null, signal: null, error });
    });
  });
}

function stopOn(spec: ProcessSpec, end: () => Promise<void>) {
  let reason: 'timeout' | 'abort' | undefined;
  let ending: Promise<void> = Promise.resolve();
  const stop = (why: 'timeout' | 'abort') => {
    if (reason) return;
    reason = why;
    ending = end();
  };
  const onAbort = () => stop('abort');
  spec.signal?.addEventListener('abort', onAbort, { once: true });
  const timer = spec.timeoutMs === undefined ? undefined : setTimeout(() => stop('timeout'), spec.timeoutMs);
  return {
    timedOut: () => reason === 'timeout',
    aborted: () => reason === 'abort',
    settled: async () => {
      clearTimeout(timer);
      spec.signal?.removeEventListener('abort', onAbort);
      await ending;
    },
  };
}

/** Waits for the streams to end; a child left behind may hold them open, so not for ever. */
function drained(child: ChildProcess, limitMs: number): Promise<void> {
  if (child.stdout?.closed && child.stderr?.closed) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, limitMs);
    child.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

class Output {
  private readonly stdout: BoundedText;
  private readonly stderr: BoundedText;

  constructor(private readonly spec: ProcessSpec) {
    const limit = spec.maxOutputChars ?? defaultOutputChars;
    this.stdout = new BoundedText(limit);
    this.stderr = new BoundedText(limit);
  }

  collect(child: ChildProcess): void {
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
        this[name].append(chunk);
        this.spec.onOutput?.(chunk, name);
      });
    }
  }

  result(end: {
    exitCode?: number | null;
    signal?: NodeJS.Signals | null;
    timedOut: boolean;
    aborted: boolean;
    durationMs: number;
  }): ProcessResult {
    return {
      exitCode: null,
      signal: null,
      ...end,
      stdout: this.stdout.text(),
      stderr: this.stderr.text(),
      truncated: this.stdout.truncated || this.stderr.truncated,
    };
  }

  notStarted(spec: ProcessSpec, error: NodeJS.ErrnoException, durationMs: number): ProcessResult {
    const why =
      error.code === 'ENOENT' ? `the program or the folder ${spec.cwd} does not exist` : error.message;
    const startError = `${spec.file} could not be started: ${why}.`;
    this.stderr.append(startError);
    return { ...this.result({ timedOut: false, aborted: false, durationMs }), startError };
  }
}
