import type { DatabaseSync } from 'node:sqlite';

/**
 * The numbered steps that make the journal's tables. A step that was released is never changed: a new shape is a new
 * step. `PRAGMA user_version` holds the number of the last one applied.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    last_seq INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES run (run_id),
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (run_id, seq)
  ) STRICT;

  CREATE TRIGGER event_is_never_updated BEFORE UPDATE ON event
  BEGIN SELECT RAISE(ABORT, 'an event is never updated'); END;

  CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
  BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;

  CREATE TABLE lease (
    run_id TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    owner TEXT,
    pid INTEGER,
    boot_id TEXT,
    process_start TEXT
  ) STRICT;

  CREATE TABLE control_request (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL,
    at TEXT NOT NULL,
    body TEXT NOT NULL,
    delivered_at TEXT
  ) STRICT;

  CREATE INDEX control_request_waiting ON control_request (run_id, id) WHERE delivered_at IS NULL;
  `,
];

/** Marks the file as ours ("Entp"), so that another program's database is refused and not migrated. */
export const applicationId = 0x456e7470;

export function readPragma(database: DatabaseSync, name: string): number {
  const row = database.prepare(`PRAGMA ${name}`).get();
  return Number(Object.values(row ?? {})[0]);
}
