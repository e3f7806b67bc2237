import { DatabaseSync } from 'node:sqlite';
import { FailureError } from '../../core/model/failure';
import { isBusy } from './journalFailure';
import { applicationId, migrations, readPragma } from './migrations';
import { transaction } from './transaction';

const busyTimeoutMs = 10_000;

/**
 * Opens the journal's database, durable at each commit, and brings its tables up to this version. Throws SQLite's error
 * or a `FailureError`; a file that is corrupt, foreign or newer is left exactly as it is.
 */
export function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    refuseForeign(database, path);
    untilFree(() => database.exec('PRAGMA journal_mode = WAL'));
    database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function refuseForeign(database: DatabaseSync, path: string): void {
  const version = readPragma(database, 'user_version');
  if (version > migrations.length) {
    throw new FailureError({
      kind: 'journal-failed',
      message: `The journal ${path} was written by a newer version of the engine (its format is ${version}, this one knows ${migrations.length}).`,
      remedy: 'Update the engine; the journal was left as it is.',
      path,
    });
  }
  const { tables } = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as {
    tables: number;
  };
  if (tables > 0 && readPragma(database, 'application_id') !== applicationId) {
    throw new FailureError({
      kind: 'journal-failed',
      message: `The database ${path} belongs to another program.`,
      remedy: 'It was left as it is. Move it aside to start a new journal.',
      path,
    });
  }
}

function migrate(database: DatabaseSync): void {
  if (readPragma(database, 'user_version') === migrations.length) return;
  transaction(database, () => {
    // Read again: another process may have done it while this one waited for the lock.
    const from = readPragma(database, 'user_version');
    for (const step of migrations.slice(from)) database.exec(step);
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`);
  });
}

/** Changing the journal mode answers "busy" at once, whatever the busy timeout is, when two processes open together. */
function untilFree(work: () => void): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waitedMs = 0; ; waitedMs += 20) {
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy(error) || waitedMs >= busyTimeoutMs) throw error;
      Atomics.wait(pause, 0, 0, 20);
    }
  }
}
