import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import { newEventSchema, type StoredEvent } from '../../src/core/model/event';

const cli = resolve(__dirname, '../../dist/cli.js');

/** The real program in a process of its own, with `--json`: events as they happen, the summary, the exit code. */
export class TerminalRun {
  readonly events: StoredEvent[] = [];
  summary: Record<string, unknown> | undefined;
  /** What a command that follows no run prints. */
  answer: Record<string, unknown> | undefined;
  errorText = '';
  private readonly child: ChildProcess;
  private readonly waiting: {
    isIt: (event: StoredEvent) => boolean;
    resolve: (event: StoredEvent) => void;
  }[] = [];
  /** Resolves to the exit code, or null when a signal ended it. */
  readonly ended: Promise<number | null>;

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, [cli, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { stdout, stderr } = this.child;
    if (!stdout || !stderr) throw new Error('The program has no output.');
    createInterface({ input: stdout }).on('line', (line) => this.read(line));
    stderr.on('data', (chunk: Buffer) => (this.errorText += chunk.toString()));
    this.ended = new Promise((settle) => this.child.once('close', (code) => settle(code)));
  }

  /** The first event, past or to come, that is meant; rejects when the program ends without it. */
  until(isIt: (event: StoredEvent) => boolean): Promise<StoredEvent> {
    const past = this.events.find(isIt);
    if (past) return Promise.resolve(past);
    return new Promise((found, reject) => {
      this.waiting.push({ isIt, resolve: found });
      void this.ended.then((code) =>
        reject(new Error(`The program ended with ${code} first: ${this.errorText}`)),
      );
    });
  }

  /** What went wrong, for the message of an assertion. */
  told(): string {
    return `${this.errorText} ${JSON.stringify(this.summary?.['failures'])} ${JSON.stringify(this.summary?.['gates'])}`;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  private read(line: string): void {
    const value = JSON.parse(line) as Record<string, unknown>;
    if (value['type'] === 'summary') {
      this.summary = value;
      return;
    }
    if (!('seq' in value)) {
      this.answer = value;
      return;
    }
    newEventSchema.parse(value);
    const event = value as unknown as StoredEvent;
    this.events.push(event);
    for (const waiter of this.waiting) if (waiter.isIt(event)) waiter.resolve(event);
  }
}
