import { randomUUID } from 'node:crypto';
import type { MessagePort } from 'node:worker_threads';
import type { StoredEvent } from '../../core/model/event';
import { assertDecodable, decodeEvent, type EventRow } from './eventCodec';
import { journalFailure } from './journalFailure';
import type { Answer, AppendCall, CallName, FromWorker, JournalCalls, ToWorker } from './journalProtocol';
import { JournalStore } from './journalStore';
import { LeaseStore } from './leaseStore';
import { openDatabase } from './openDatabase';
import { identityOf } from './processIdentity';

/** How often the database is asked whether another process committed something. */
const pollMs = 150;

/** Answers the journal's calls on one database; runs in the worker thread, where commits stall nobody else. */
export class JournalService {
  private readonly database;
  private readonly store: JournalStore;
  private readonly leases: LeaseStore;
  private queue: AppendCall[] = [];
  private lastProblem = '';
  private readonly poll: NodeJS.Timeout;

  constructor(
    private readonly post: (message: FromWorker) => void,
    private readonly path: string,
    private readonly end: () => void,
  ) {
    this.database = openDatabase(path);
    this.store = new JournalStore(this.database, path);
    this.leases = new LeaseStore(this.database, randomUUID(), identityOf(process.pid));
    this.poll = setInterval(() => this.look(), pollMs);
    this.poll.unref();
  }

  listen(port: MessagePort): void {
    port.on('message', (calls: readonly ToWorker[]) => {
      for (const call of calls) {
        if (call.kind === 'append') this.enqueue(call);
        else this.answer(call);
      }
    });
  }

  /** Group commit: whatever arrives while one commit runs is stored by the next. */
  private enqueue(call: AppendCall): void {
    this.queue.push(call);
    if (this.queue.length === 1) setImmediate(() => this.commit());
  }

  private commit(): void {
    const calls = this.queue;
    this.queue = [];
    const answers: Answer[] = [];
    const good = calls.filter((call) => this.isDecodable(call, answers));
    if (good.length > 0) answers.push(...this.stored(good));
    if (answers.length > 0) this.post({ kind: 'answers', answers });
  }

  private isDecodable(call: AppendCall, answers: Answer[]): boolean {
    try {
      call.bodies.forEach(assertDecodable);
      return true;
    } catch (error) {
      answers.push({ id: call.id, ok: false, failure: journalFailure(error, this.path, 'Appending') });
      return false;
    }
  }

  private stored(calls: AppendCall[]): Answer[] {
    const at = new Date().toISOString();
    try {
      const { elsewhere, firstSeqs } = this.store.append(calls, at);
      this.announce(elsewhere);
      return calls.map((call, index) => ({
        id: call.id,
        ok: true,
        value: { firstSeq: firstSeqs[index] ?? 0, at },
      }));
    } catch (error) {
      const failure = journalFailure(error, this.path, 'Appending');
      return calls.map((call) => ({ id: call.id, ok: false, failure }));
    }
  }

  private answer(call: Exclude<ToWorker, AppendCall>): void {
    // Calls keep their order: what was appended before is stored before.
    if (this.queue.length > 0) this.commit();
    try {
      const value = this.perform(call);
      this.post({ kind: 'answers', answers: [{ id: call.id, ok: true, value }] });
    } catch (error) {
      const failure = journalFailure(error, this.path, `Journal call "${call.kind}"`);
      this.post({ kind: 'answers', answers: [{ id: call.id, ok: false, failure }] });
    }
    if (call.kind === 'close') this.end();
    else if (call.kind === 'acquire' || call.kind === 'request') this.deliverRequests();
  }

  private perform(call: Exclude<ToWorker, AppendCall>): JournalCalls[CallName]['result'] {
    switch (call.kind) {
      case 'read':
        return this.store.read(call.runId, call.afterSeq, call.limit);
      case 'runs':
        return this.store.runs();
      case 'acquire':
        return this.leases.acquire(call.runId);
      case 'release':
        this.leases.release(call.runId, call.generation);
        return null;
      case 'ownerOf':
        return this.leases.ownerOf(call.runId);
      case 'request':
        return this.leases.request(call.runId, call.request, new Date().toISOString());
      case 'close':
        this.close();
        return null;
    }
  }

  private close(): void {
    clearInterval(this.poll);
    try {
      this.leases.releaseAll();
    } finally {
      this.database.close();
    }
  }

  private look(): void {
    this.reporting(() => {
      if (!this.store.changedElsewhere()) return;
      this.announce(this.store.appendedElsewhere());
      this.deliverRequests();
    });
  }

  private deliverRequests(): void {
    this.reporting(() => {
      for (const taken of this.leases.takeRequests(new Date().toISOString()))
        this.post({ kind: 'requested', ...taken });
    });
  }

  /** A run whose event is not understood is announced up to that event; reading it names the problem too. */
  private announce(rows: readonly EventRow[]): void {
    const groups: StoredEvent[][] = [];
    for (const runId of new Set(rows.map((row) => row.run_id))) {
      const events: StoredEvent[] = [];
      this.reporting(() => {
        for (const row of rows) if (row.run_id === runId) events.push(decodeEvent(row, this.path));
      });
      if (events.length > 0) groups.push(events);
    }
    if (groups.length > 0) this.post({ kind: 'appended-elsewhere', groups });
  }

  /** Names a problem nobody waits for, once and not at each poll. */
  private reporting(work: () => void): void {
    try {
      work();
    } catch (error) {
      const failure = journalFailure(error, this.path, 'Watching');
      if (failure.message === this.lastProblem) return;
      this.lastProblem = failure.message;
      this.post({ kind: 'problem', failure });
    }
  }
}
