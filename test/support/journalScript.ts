import { openJournal } from '../../src/adapters/journal/journal';
import { FailureError } from '../../src/core/model/failure';
import type { Journal } from '../../src/core/ports';
import { journalWorkerPath } from './journalProcess';

/** A process that works on a journal: `FOLDER own RUN`, `FOLDER storm RUN` or `FOLDER append RUN COUNT`. */
async function main(): Promise<void> {
  const [folder = '', action, run = '', count = '0'] = process.argv.slice(2);
  const opened = await openJournal({ folder, workerPath: journalWorkerPath });
  if (!opened.ok) {
    say(`refused ${opened.failure.kind} ${opened.failure.message}`);
    return;
  }
  if (action === 'own') {
    const lease = await opened.value.acquire(run);
    say(lease.ok ? `owns ${lease.value.generation}` : `busy ${lease.failure.message}`);
    return;
  }
  if (action === 'storm')
    await Promise.all(Array.from({ length: 8 }, (_, writer) => storm(opened.value, run, writer)));
  for (let index = 0; index < Number(count); index++)
    await acknowledge(opened.value, run, `${process.pid}-${index}`, 100);
  await opened.value.close();
}

async function storm(journal: Journal, run: string, writer: number): Promise<void> {
  for (let index = 0; ; index++) {
    if (!(await acknowledge(journal, run, `${writer}-${index}`, 2_000))) return;
  }
}

async function acknowledge(journal: Journal, run: string, message: string, size: number): Promise<boolean> {
  try {
    const [stored] = await journal.append(run, [
      { type: 'note', level: 'info', message },
      { type: 'note', level: 'info', message: 'x'.repeat(size) },
    ]);
    say(`ack ${stored?.seq} ${message}`);
    return true;
  } catch (error) {
    say(
      error instanceof FailureError
        ? `failed ${error.failure.kind} ${error.failure.message}`
        : `thrown ${String(error)}`,
    );
    return false;
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main();
