import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const journalWorkerPath = join(__dirname, '../../src/adapters/journal/journalWorker.ts');

/** Another process with the journal open; its lines of output are what it acknowledges. */
export interface JournalProcess {
  readonly child: ChildProcess;
  readonly lines: string[];
  /** Resolves with the first line that matches; rejects when the process ends without one. */
  line(pattern: RegExp): Promise<string>;
  kill(): Promise<void>;
}

/** @param args of test/support/journalScript.ts: what to do. @param limitBlocks `ulimit -f`, in blocks of 1 KiB. */
export function startJournalProcess(folder: string, args: string[], limitBlocks?: number): JournalProcess {
  const script = [process.execPath, '--import', 'tsx', join(__dirname, 'journalScript.ts'), folder, ...args];
  const limit = limitBlocks === undefined ? '' : `ulimit -f ${limitBlocks}; `;
  const child = spawn('bash', ['-c', `${limit}exec "$@"`, 'bash', ...script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const closed = once(reader, 'close');
  return {
    child,
    lines,
    async line(pattern) {
      for (;;) {
        const found = lines.find((line) => pattern.test(line));
        if (found !== undefined) return found;
        const next = await Promise.race([once(reader, 'line'), closed.then(() => undefined)]);
        if (!next && !lines.some((line) => pattern.test(line)))
          throw new Error(`no ${pattern} in ${lines.slice(-5).join('\n')}`);
      }
    },
    async kill() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      await closed;
    },
  };
}
