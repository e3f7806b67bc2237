import { mkdir } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { fail, ok, type Result } from '../../base/result';
import type { Failure } from '../../core/model/failure';
import type { Journal } from '../../core/ports';
import { JournalClient } from './journalClient';
import { journalFailure } from './journalFailure';
import type { FromWorker, WorkerData } from './journalProtocol';

export interface JournalOptions {
  /** Absolute path of the repository's state folder; created when it is not there. */
  readonly folder: string;
  /** Absolute path of the worker: `dist/journalWorker.js`, or `journalWorker.ts` when run from source through tsx. */
  readonly workerPath: string;
  /** Receives what no call waits for: an event of another process that is not understood, a disk that fails a poll. */
  readonly onProblem?: (failure: Failure) => void;
}

/** Opens `journal.sqlite` in the folder. A database that is corrupt, foreign or newer is refused by name and kept. */
export async function openJournal(options: JournalOptions): Promise<Result<Journal, Failure>> {
  const tooOld = sqliteAbsence(process.versions.node, isBuiltin('node:sqlite'));
  if (tooOld) return fail(tooOld);
  const path = join(options.folder, 'journal.sqlite');
  try {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    return fail(journalFailure(error, path, 'Creating the state folder'));
  }
  const worker = startWorker(options.workerPath, { path });
  const refused = await opening(worker, path);
  return refused
    ? fail(refused)
    : ok(new JournalClient(worker, path, options.onProblem ?? (() => undefined)));
}

/** `node:sqlite` came with Node 22.13. */
export function sqliteAbsence(nodeVersion: string, hasSqlite: boolean): Failure | undefined {
  if (hasSqlite) return undefined;
  return {
    kind: 'journal-failed',
    message: `The journal needs Node 22.13 or newer (for node:sqlite); this is Node ${nodeVersion}.`,
    remedy: 'Use a newer Node, or a newer version of the editor.',
  };
}

function startWorker(workerPath: string, workerData: WorkerData): Worker {
  // SQLite is still called experimental in Node 22; the warning would stand in the middle of the terminal's monitor.
  const execArgv = ['--disable-warning=ExperimentalWarning'];
  if (workerPath.endsWith('.ts')) {
    execArgv.push('--import', pathToFileURL(createRequire(workerPath).resolve('tsx')).href);
  }
  return new Worker(workerPath, { workerData, execArgv });
}

/** Resolves to what stands in the way, or to nothing once the database is open. */
function opening(worker: Worker, path: string): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    const settle = (failure?: Failure) => {
      worker.off('message', answered).off('error', broke).off('exit', ended);
      resolve(failure);
    };
    const answered = (message: FromWorker) =>
      settle(message.kind === 'refused' ? message.failure : undefined);
    const broke = (error: unknown) => settle(journalFailure(error, path, 'Starting the journal'));
    const ended = (code: number) => broke(new Error(`the worker ended with ${code}`));
    worker.on('message', answered).on('error', broke).on('exit', ended);
  });
}
