import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoredEvent } from '../../core/model/event';
import type { RunRow } from '../../core/ports';
import { decodeEvent, type EventRow } from './eventCodec';
import { readPragma } from './migrations';
import { transaction } from './transaction';

export interface AppendBatch {
  readonly runId: string;
  readonly bodies: readonly string[];
}

/**
 * The events of the database, synchronously. Row ids follow the order of commits, whichever process wrote: everything
 * after `lastId` that this store did not write itself is new from elsewhere.
 */
export class JournalStore {
  private lastId: number;
  private dataVersion: number;
  private readonly statements: Record<
    'touchRun' | 'insertEvent' | 'readRun' | 'readAfter' | 'listRuns',
    StatementSync
  >;

  constructor(
    private readonly database: DatabaseSync,
    private readonly path: string,
  ) {
    this.statements = {
      touchRun: database.prepare(
        `INSERT INTO run (run_id, created_at, last_seq) VALUES (?, ?, ?)
         ON CONFLICT (run_id) DO UPDATE SET last_seq = last_seq + excluded.last_seq RETURNING last_seq`,
      ),
      insertEvent: database.prepare('INSERT INTO event (run_id, seq, at, body) VALUES (?, ?, ?, ?)'),
      readRun: database.prepare(
        'SELECT id, run_id, seq, at, body FROM event WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT ?',
      ),
      readAfter: database.prepare('SELECT id, run_id, seq, at, body FROM event WHERE id > ? ORDER BY id'),
      listRuns: database.prepare('SELECT run_id, created_at, last_seq FROM run ORDER BY id DESC'),
    };
    this.dataVersion = readPragma(database, 'data_version');
    const last = database.prepare('SELECT coalesce(max(id), 0) AS id FROM event').get() as { id: number };
    this.lastId = last.id;
  }

  /** Stores all batches in one commit, or none of them. `elsewhere` are rows other processes stored before these. */
  append(batches: readonly AppendBatch[], at: string): { elsewhere: EventRow[]; firstSeqs: number[] } {
    let lastId = this.lastId;
    const stored = transaction(this.database, () => {
      const elsewhere = this.statements.readAfter.all(this.lastId) as unknown as EventRow[];
      const firstSeqs = batches.map(({ runId, bodies }) => {
        const { last_seq: lastSeq } = this.statements.touchRun.get(runId, at, bodies.length) as {
          last_seq: number;
        };
        const firstSeq = lastSeq - bodies.length + 1;
        bodies.forEach((body, index) => {
          lastId = Number(this.statements.insertEvent.run(runId, firstSeq + index, at, body).lastInsertRowid);
        });
        return firstSeq;
      });
      return { elsewhere, firstSeqs };
    });
    this.lastId = lastId;
    return stored;
  }

  /** Rows other processes stored since the last look. */
  appendedElsewhere(): EventRow[] {
    const rows = this.statements.readAfter.all(this.lastId) as unknown as EventRow[];
    this.lastId = rows.at(-1)?.id ?? this.lastId;
    return rows;
  }

  /** Whether another process committed anything since the last call. */
  changedElsewhere(): boolean {
    const dataVersion = readPragma(this.database, 'data_version');
    const changed = dataVersion !== this.dataVersion;
    this.dataVersion = dataVersion;
    return changed;
  }

  read(runId: string, afterSeq: number, limit: number): StoredEvent[] {
    const rows = this.statements.readRun.all(runId, afterSeq, limit) as unknown as EventRow[];
    return rows.map((row) => decodeEvent(row, this.path));
  }

  runs(): RunRow[] {
    const rows = this.statements.listRuns.all() as unknown as {
      run_id: string;
      created_at: string;
      last_seq: number;
    }[];
    return rows.map((row) => ({ runId: row.run_id, createdAt: row.created_at, lastSeq: row.last_seq }));
  }
}
