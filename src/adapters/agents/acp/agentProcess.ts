import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import spawn from 'cross-spawn';
import { processMark } from '../../process/childEnvironment';
import { endConfined, endTree } from '../../process/endTree';
import type { Confinement } from '../../process/run';
import { readStatus, type SandboxStatus } from '../../process/sandboxStatus';
import { OutputTail } from '../backends/outputTail';

export interface ProgramSpec {
  /** Absolute. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The complete environment. */
  readonly env: NodeJS.ProcessEnv;
  /** The sandbox it runs in. */
  readonly confinement?: Confinement | undefined;
}

export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started. */
  readonly startError?: string;
}

/** A program that is talked to over its standard input and output, and ended with everything it started. */
export interface AgentProcess {
  readonly input: Writable;
  readonly output: Readable;
  readonly ended: Promise<ProgramEnd>;
  /** The end of what it wrote to its standard error. */
  errorTail(): string;
  /** Ends the whole tree: asks, then kills what is left. May be called more than once. */
  end(): Promise<void>;
}

/** How long a tree that was asked to end may take before it is killed. */
const graceMs = 2000;

/** Never throws: a program that cannot be started is in `ended`. */
export function startAgentProcess(spec: ProgramSpec): AgentProcess {
  const mark = randomUUID();
  const { confinement } = spec;
  const argv = [spec.file, ...spec.args];
  const [file = '', ...args] = confinement
    ? [confinement.file, ...confinement.args(spec.cwd), '--', ...argv]
    : argv;
  const child = spawn(file, args, {
    cwd: confinement ? '/' : spec.cwd,
    env: { ...spec.env, ...confinement?.env, [processMark]: mark },
    // An own group, so that the whole tree can be ended; on Windows `taskkill /T` finds the tree instead.
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe', ...(confinement ? (['pipe'] as const) : [])],
    windowsHide: true,
  });
  const { stdin, stdout, stderr } = streamsOf(child);
  const status = confinement && readStatus(child);
  const tail = new OutputTail();
  stderr.setEncoding('utf8').on('data', (chunk: string) => tail.append(chunk));
  // A program that ends while it is written to breaks the pipe; its end tells what matters.
  for (const stream of [stdin, stdout, stderr]) stream.on('error', () => undefined);
  let ending: Promise<void> | undefined;
  return {
    input: stdin,
    output: stdout,
    ended: endOf(child),
    errorTail: () => tail.text(),
    end: () => (ending ??= endAll(child, mark, status)),
  };
}

async function endAll(child: ChildProcess, mark: string, status: SandboxStatus | undefined): Promise<void> {
  child.stdin?.destroy();
  if (status) await endConfined(child, mark, graceMs, status.initPid());
  else await endTree(child, mark, graceMs);
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function streamsOf({ stdin, stdout, stderr }: ChildProcess) {
  if (!stdin || !stdout || !stderr) throw new Error('A process was started without pipes.');
  return { stdin, stdout, stderr };
}

async function endOf(child: ChildProcess): Promise<ProgramEnd> {
  try {
    const [exitCode, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return { exitCode, signal };
  } catch (error) {
    // `once` rejects with what the child emits as its error: it was never started.
    const startError = error instanceof Error ? error.message : String(error);
    return { exitCode: null, signal: null, startError };
  }
}
