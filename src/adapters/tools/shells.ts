import { randomUUID } from 'node:crypto';
import { createWriteStream, existsSync, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BoundedText } from '../process/boundedText';
import { logName } from './logs';
import { runProcess, runShell, type ProcessResult } from '../process/run';
import type { SandboxConfinement, SandboxSession } from '../process/sandbox';
import { treeEnvironment } from '../process/treeEnvironment';

/** What a model sees of a command's output: the first and the last characters. */
const shownChars = 30_000;
/** A log is kept whole up to here; a command that prints for ever must not fill the disk. */
const maxLogChars = 100_000_000;

export interface ShellsOptions {
  readonly runId: string;
  /** Made when the first command starts. */
  readonly logFolder: string;
  /** What they share in the sandbox; it ends with them. Absent: nothing is confined. */
  readonly sandbox?: SandboxSession | undefined;
  /** Whether files that steer agents and tools are read-only for commands, as they are where nobody is asked. */
  readonly guarded?: boolean;
}

/** A command that was started: what it has printed and how it ended. */
export interface Shell {
  readonly id: string;
  readonly command: string;
  readonly logPath: string;
  readonly startedAtMs: number;
  /** Set when it has ended. */
  result?: ProcessResult;
  /** Present where it runs in a sandbox. */
  readonly confinement: Pick<SandboxConfinement, 'network' | 'loopback'> | undefined;
  /** What it printed since the last call. */
  takeOutput(): string;
  /** Resolves when it ended; for waiting together with a timer or a signal. */
  readonly ended: Promise<ProcessResult>;
  /** Resolves at the next output or the end, or after the given time. */
  news(timeoutMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** The commands of one session, each in a process group of its own, with its whole output in a log file. */
export class Shells {
  private readonly background = new Map<string, Shell>();
  private count = 0;

  constructor(private readonly options: ShellsOptions) {}

  async start(
    command: string,
    cwd: string,
    limits: { timeoutMs?: number; signal?: AbortSignal },
  ): Promise<Shell> {
    const id = `sh${++this.count}`;
    await mkdir(this.options.logFolder, { recursive: true });
    // A resumed attempt counts anew; the logs of the earlier process stay.
    const logPath = join(this.options.logFolder, `${id}-${randomUUID().slice(0, 8)}.log`);
    const output = new ShellOutput(createWriteStream(logPath), logName(logPath));
    const { sandbox, guarded = false } = this.options;
    const confinement = await sandbox?.confine({ line: command, root: cwd, guarded });
    const controller = new AbortController();
    const signal = limits.signal ? AbortSignal.any([limits.signal, controller.signal]) : controller.signal;
    const ended = runCommand({
      command,
      cwd,
      env: treeEnvironment(cwd, { runId: this.options.runId, extra: quietly }),
      signal,
      confinement,
      maxOutputChars: 1000,
      onOutput: (chunk) => output.append(chunk),
      ...(limits.timeoutMs === undefined ? {} : { timeoutMs: limits.timeoutMs }),
    }).then(async (result) => {
      if (result.startError !== undefined) output.append(result.startError);
      await output.end();
      shell.result = result;
      return result;
    });
    const shell: Shell = {
      id,
      command,
      logPath,
      confinement,
      startedAtMs: performance.now(),
      ended,
      takeOutput: () => output.take(),
      news: (timeoutMs) => output.news(timeoutMs),
      stop: async () => {
        controller.abort();
        await ended;
      },
    };
    return shell;
  }

  keep(shell: Shell): void {
    this.background.set(shell.id, shell);
  }

  find(id: string): Shell | undefined {
    return this.background.get(id);
  }

  get ids(): readonly string[] {
    return [...this.background.keys()];
  }

  async close(): Promise<void> {
    await Promise.all([...this.background.values()].map((shell) => shell.stop()));
    await this.options.sandbox?.close();
  }
}

/** Programs that would open a pager, a prompt or a progress bar do without. */
const quietly = {
  CI: '1',
  PAGER: 'cat',
  GIT_PAGER: 'cat',
  GIT_TERMINAL_PROMPT: '0',
  NO_COLOR: '1',
  TERM: 'dumb',
};

const bashPath = ['/bin/bash', '/usr/bin/bash'].find((path) => existsSync(path));

function runCommand(spec: Parameters<typeof runShell>[0]): Promise<ProcessResult> {
  if (bashPath === undefined) return runShell(spec);
  const { command, ...rest } = spec;
  return runProcess({ ...rest, file: bashPath, args: ['-c', command] });
}

/** Output on its way to the log and to the model. */
class ShellOutput {
  private shown = new BoundedText(shownChars);
  private written = 0;
  private ended = false;
  private failed = false;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly log: WriteStream,
    private readonly name: string,
  ) {
    // A full disk must not end the command: the model sees its output all the same, with a word about the log.
    log.on('error', () => (this.failed = true));
  }

  append(chunk: string): void {
    this.shown.append(chunk);
    this.wake();
    if (this.failed || this.written > maxLogChars) return;
    this.written += chunk.length;
    this.log.write(this.written > maxLogChars ? `${chunk}\n[the log ends here: it is too long]\n` : chunk);
  }

  take(): string {
    const text = this.shown.text();
    const whole = this.failed
      ? 'the log could not be written'
      : `the whole output: read or grep ${this.name}`;
    const note = this.failed || this.shown.truncated ? `\n[${whole}]` : '';
    this.shown = new BoundedText(shownChars);
    return note === '' ? text : `${text.trimEnd()}${note}`;
  }

  news(timeoutMs: number): Promise<void> {
    if (this.ended || this.shown.text() !== '') return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async end(): Promise<void> {
    this.ended = true;
    await new Promise<void>((resolve) => {
      this.log.once('error', () => resolve());
      if (this.failed) resolve();
      else this.log.end(() => resolve());
    });
    this.wake();
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const wake of waiting) wake();
  }
}
