import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  ReadBuffer,
  serializeMessage,
  type JSONRPCMessage,
  type Transport,
} from '@modelcontextprotocol/client';
import spawn from 'cross-spawn';
import { BoundedText } from '../process/boundedText';
import { processMark } from '../process/childEnvironment';
import { endTree } from '../process/endTree';

export interface StdioServer {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The complete environment. */
  readonly env: NodeJS.ProcessEnv;
}

/** A message that is longer ends the connection: nothing useful is. */
const maxMessageBytes = 4 * 1024 * 1024;
/** Lines that are no messages; a few are logs that went astray, more is a flood. */
const maxGarbage = 1000;
const closingMs = 500;
const drainMs = 200;
const graceMs = 1000;

/**
 * The protocol over a program's standard input and output. The library's own transport ends only the program itself;
 * this one ends everything the program started (`npx` and the like start others), and marks it as part of the run, so
 * that it is found when the engine itself was killed.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  private child: ChildProcess | undefined;
  private readonly mark = randomUUID();
  private readonly complaints = new BoundedText(4000);
  private readonly buffer = new ReadBuffer({ maxBufferSize: maxMessageBytes });
  private garbage = 0;
  private isGivenUp = false;
  private closing: Promise<void> | undefined;

  constructor(private readonly server: StdioServer) {}

  /** What it wrote to standard error, head and tail. */
  get stderr(): string {
    return this.complaints.text();
  }

  start(): Promise<void> {
    const { program, args, cwd, env } = this.server;
    return new Promise((resolve, reject) => {
      const child = spawn(program, [...args], {
        cwd,
        env: { ...env, [processMark]: this.mark },
        detached: process.platform !== 'win32',
        stdio: ['pipe', 'pipe', 'pipe'],
        windowsHide: true,
      });
      this.child = child;
      child.once('spawn', resolve);
      child.once('error', (error) => {
        this.onerror?.(error);
        reject(error);
      });
      child.once('exit', () => void this.close());
      // A program that is gone breaks the pipe; its exit is what counts.
      child.stdin?.on('error', (error) => this.onerror?.(error));
      child.stdout?.on('data', (chunk: Buffer) => this.received(chunk));
      child.stderr?.setEncoding('utf8').on('data', (chunk: string) => this.complaints.append(chunk));
    });
  }

  send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.child?.stdin;
    if (!stdin?.writable || this.closing) return Promise.reject(new Error('The server has ended.'));
    return new Promise((resolve, reject) => {
      stdin.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  /** May be called twice. Resolves when nothing of the server is left. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    const { child } = this;
    if (child?.pid !== undefined) {
      child.stdin?.end();
      // The protocol's own way to end a server is to close its input.
      await exited(child, closingMs);
      // What it said last may still be in the pipe.
      await drained(child, drainMs);
      await endTree(child, this.mark, graceMs);
      child.stdout?.destroy();
      child.stderr?.destroy();
    }
    this.onclose?.();
  }

  private received(chunk: Buffer): void {
    if (this.isGivenUp) return;
    try {
      this.buffer.append(chunk);
    } catch (error) {
      this.fail(error);
      return;
    }
    for (;;) {
      try {
        const message = this.buffer.readMessage();
        if (message === null) return;
        this.onmessage?.(message);
      } catch (error) {
        this.garbage += 1;
        if (this.garbage > maxGarbage) return this.fail(error);
        this.onerror?.(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  private fail(error: unknown): void {
    this.isGivenUp = true;
    this.onerror?.(error instanceof Error ? error : new Error(String(error)));
    void this.close();
  }
}

function exited(child: ChildProcess, limitMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, limitMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function drained(child: ChildProcess, limitMs: number): Promise<void> {
  const { stdout } = child;
  if (!stdout || stdout.closed) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, limitMs);
    stdout.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
