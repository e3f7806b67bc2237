import * as z from 'zod';
import type { DatabaseSync } from 'node:sqlite';
import { approvalAnswerSchema } from '../../core/model/approval';
import { planFileSchema } from '../../core/model/plan';
import { planChangeSchema } from '../../core/model/planChange';
import type { ControlRequest, RunOwner } from '../../core/ports';
import { isAlive, type ProcessIdentity } from './processIdentity';
import { transaction } from './transaction';

const by = { by: z.string() };
const controlRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['cancel', 'pause', 'resume']), ...by }),
  z.object({ kind: z.literal('steer'), ...by, taskId: z.string(), text: z.string() }),
  z.object({ kind: z.literal('replan'), ...by, changes: z.array(planChangeSchema) }),
  z.object({ kind: z.literal('propose'), ...by, file: planFileSchema }),
  z.object({ kind: z.literal('answer'), ...by, answer: approvalAnswerSchema }),
]);

interface LeaseRow {
  readonly generation: number;
  readonly owner: string | null;
  readonly pid: number | null;
  readonly boot_id: string | null;
  readonly process_start: string | null;
}

/**
 * Who owns which run, and what others ask of the owner. A lease lasts until it is released or its process is dead; no
 * clock ends it. A request left for an owner that died before reading it goes to the next one: an acknowledged "cancel"
 * is not lost.
 */
export class LeaseStore {
  private readonly held = new Set<string>();

  /** @param owner names this journal among others, also of the same process. */
  constructor(
    private readonly database: DatabaseSync,
    private readonly owner: string,
    private readonly identity: ProcessIdentity,
  ) {}

  acquire(runId: string): { generation: number } | { busy: string } {
    const outcome = transaction(this.database, () => {
      const row = this.row(runId);
      if (row && isHeld(row)) return { busy: `process ${row.pid ?? 'unknown'}` };
      const generation = (row?.generation ?? 0) + 1;
      this.database
        .prepare(
          'INSERT OR REPLACE INTO lease (run_id, generation, owner, pid, boot_id, process_start) VALUES (?, ?, ?, ?, ?, ?)',
        )
        .run(runId, generation, this.owner, this.identity.pid, this.identity.bootId, this.identity.startedAt);
      return { generation };
    });
    if ('generation' in outcome) this.held.add(runId);
    return outcome;
  }

  /** The row stays, because the generation has to grow. Releasing what somebody else took over changes nothing. */
  release(runId: string, generation: number): void {
    this.database
      .prepare('UPDATE lease SET owner = NULL WHERE run_id = ? AND owner = ? AND generation = ?')
      .run(runId, this.owner, generation);
    if (this.row(runId)?.owner !== this.owner) this.held.delete(runId);
  }

  releaseAll(): void {
    this.database.prepare('UPDATE lease SET owner = NULL WHERE owner = ?').run(this.owner);
    this.held.clear();
  }

  ownerOf(runId: string): RunOwner {
    const row = this.row(runId);
    if (!row || !isHeld(row)) return 'nobody';
    return row.owner === this.owner ? 'self' : 'other';
  }

  request(runId: string, request: ControlRequest, at: string): boolean {
    return transaction(this.database, () => {
      const row = this.row(runId);
      if (!row || !isHeld(row)) return false;
      this.database
        .prepare('INSERT INTO control_request (run_id, at, body) VALUES (?, ?, ?)')
        .run(runId, at, JSON.stringify(request));
      return true;
    });
  }

  /** Requests for the runs this journal owns, each once, in order. */
  takeRequests(at: string): { runId: string; request: ControlRequest }[] {
    return [...this.held].flatMap((runId) => {
      const rows = this.waiting(runId);
      if (rows.length === 0) return [];
      transaction(this.database, () => {
        const mark = this.database.prepare('UPDATE control_request SET delivered_at = ? WHERE id = ?');
        for (const row of rows) mark.run(at, row.id);
      });
      return rows.map((row) => ({ runId, request: controlRequestSchema.parse(JSON.parse(row.body)) }));
    });
  }

  private waiting(runId: string): { id: number; body: string }[] {
    return this.database
      .prepare('SELECT id, body FROM control_request WHERE run_id = ? AND delivered_at IS NULL ORDER BY id')
      .all(runId) as unknown as { id: number; body: string }[];
  }

  private row(runId: string): LeaseRow | undefined {
    return this.database
      .prepare('SELECT generation, owner, pid, boot_id, process_start FROM lease WHERE run_id = ?')
      .get(runId) as unknown as LeaseRow | undefined;
  }
}

function isHeld(row: LeaseRow): boolean {
  if (row.owner === null || row.pid === null || row.boot_id === null) return false;
  return isAlive({ pid: row.pid, bootId: row.boot_id, startedAt: row.process_start });
}
