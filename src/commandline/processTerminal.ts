import { createInterface } from 'node:readline';
import { createLogUpdate } from 'log-update';
import { paintFor } from './paint';
import type { Terminal } from './terminal';

/** A file or another program has no edge to cut at. */
const pipeWidth = 10_000;

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const isInteractive = stdin.isTTY && stdout.isTTY;
  // Some terminals of containers and scripts say that they are 0 columns wide.
  const isLive = stdout.isTTY && stdout.columns > 0 && env.TERM !== 'dumb';
  const live = createLogUpdate(stdout);
  let picture = '';
  let isAsking = false;
  const above = (write: () => void) => {
    live.clear();
    write();
    if (picture !== '' && !isAsking) live(picture);
  };
  return {
    isInteractive,
    isLive,
    paint: paintFor(stdout, env),
    size: () => ({
      width: stdout.isTTY ? Math.max(20, stdout.columns || 80) : pipeWidth,
      height: Math.max(5, stdout.rows || 24),
    }),
    print: (text) => (picture === '' ? stdout.write(`${text}\n`) : above(() => stdout.write(`${text}\n`))),
    complain: (text) => (picture === '' ? stderr.write(`${text}\n`) : above(() => stderr.write(`${text}\n`))),
    show(next) {
      picture = next;
      if (!isAsking) live(next);
    },
    keep() {
      if (picture !== '') live.done();
      picture = '';
    },
    async ask(text, question, signal) {
      live.clear();
      isAsking = true;
      try {
        stdout.write(`${text}\n`);
        return await readLine(question, signal);
      } finally {
        isAsking = false;
        if (picture !== '') live(picture);
      }
    },
  };
}

function readLine(question: string, signal: AbortSignal): Promise<string | undefined> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  return new Promise<string | undefined>((resolve, reject) => {
    const abandon = () => reject(signal.reason as Error);
    if (signal.aborted) return abandon();
    signal.addEventListener('abort', abandon, { once: true });
    // While it reads, the terminal sends Ctrl+C as a key and not as a signal.
    reader.on('SIGINT', () => process.emit('SIGINT'));
    reader.on('close', () => resolve(undefined));
    reader.question(question, resolve);
  }).finally(() => reader.close());
}
