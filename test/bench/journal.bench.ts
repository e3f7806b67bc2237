import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openJournal } from '../../src/adapters/journal/journal';
import type { NewEvent } from '../../src/core/model/event';
import { journalWorkerPath } from '../support/journalProcess';

/** Events per second of the journal beside a bare loop over node:sqlite with the same durability, in the same run. */
const event: NewEvent = {
  type: 'tool.returned',
  taskId: 'document-api',
  attempt: 1,
  callId: 'call-0001',
  tool: 'read',
  ok: true,
  output: 'x'.repeat(130),
  durationMs: 12,
};
/** Raw loop and journal take turns, because the disk is shared with whatever else the machine does; medians are shown. */
const rounds = 7;
const durationMs = 250;

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'journal-bench-'));
  try {
    const opened = await openJournal({ folder, workerPath: journalWorkerPath });
    if (!opened.ok) throw new Error(opened.failure.message);
    const journal = opened.value;
    const append = (size: number) =>
      journal.append(
        'run',
        Array.from({ length: size }, () => event),
      );
    console.log(`journal events/s (${JSON.stringify(event).length} bytes each, synchronous=FULL)`);
    for (const size of [1, 100]) {
      const measured: Measured[] = [];
      for (let round = 0; round < rounds; round++) {
        const raw = rawLoop(join(folder, `raw-${size}-${round}.sqlite`), size);
        const awaited = await perSecond(size, () => append(size));
        const queued = await perSecond(size * 64, () =>
          Promise.all(Array.from({ length: 64 }, () => append(size))),
        );
        measured.push({ raw, awaited, queued });
      }
      print(`batches of ${size}, each awaited`, measured, (one) => one.awaited);
      print(`batches of ${size}, 64 writers at once`, measured, (one) => one.queued);
    }
    await journal.close();
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Measured {
  readonly raw: number;
  readonly awaited: number;
  readonly queued: number;
}

function print(name: string, measured: readonly Measured[], of: (one: Measured) => number): void {
  const [rate, raw, ratio] = [of, (one: Measured) => one.raw, (one: Measured) => of(one) / one.raw].map(
    (pick) => median(measured.map(pick)),
  );
  console.log(
    `  ${name}: ${Math.round(rate ?? 0)} (raw loop ${Math.round(raw ?? 0)}, ratio ${(ratio ?? 0).toFixed(2)})`,
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function perSecond(events: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < durationMs) {
    await work();
    count += events;
  }
  return (count * 1_000) / (performance.now() - start);
}

function rawLoop(path: string, size: number): number {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec(
    'CREATE TABLE event (id INTEGER PRIMARY KEY, run_id TEXT, seq INTEGER, at TEXT, body TEXT, UNIQUE (run_id, seq))',
  );
  const insert = database.prepare('INSERT INTO event (run_id, seq, at, body) VALUES (?, ?, ?, ?)');
  const body = JSON.stringify(event);
  const start = performance.now();
  let seq = 0;
  while (performance.now() - start < durationMs) {
    database.exec('BEGIN IMMEDIATE');
    for (let index = 0; index < size; index++) insert.run('run', ++seq, new Date().toISOString(), body);
    database.exec('COMMIT');
  }
  database.close();
  return (seq * 1_000) / (performance.now() - start);
}

void main();
