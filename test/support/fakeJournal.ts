import { Emitter } from '../../src/base/emitter';
import { fail, ok, type Result } from '../../src/base/result';
import type { NewEvent, StoredEvent } from '../../src/core/model/event';
import { FailureError, type Failure } from '../../src/core/model/failure';
import type { ControlRequest, Journal, Lease, RunOwner } from '../../src/core/ports';

/** What survives a process: the events of every run, who owns which, and what was asked of owners. */
export class FakeJournalFile {
  readonly runs = new Map<string, StoredEvent[]>();
  readonly leases = new Map<string, { generation: number; owner: FakeJournal | undefined }>();
  readonly requests: { runId: string; request: ControlRequest }[] = [];
  readonly open = new Set<FakeJournal>();

  /** @param now gives the `at` of each event. */
  constructor(readonly now: () => string = () => new Date().toISOString()) {}

  /** One more process that has the journal open. */
  connect(): FakeJournal {
    const journal = new FakeJournal(this);
    this.open.add(journal);
    return journal;
  }
}

/** A journal in memory that behaves like the real one, another process's view included. */
export class FakeJournal implements Journal {
  private readonly appended = new Emitter<readonly StoredEvent[]>();
  private readonly held = new Map<string, FakeLease>();
  private failure: Failure | undefined;

  constructor(private readonly file: FakeJournalFile) {}

  async append(runId: string, events: readonly NewEvent[]): Promise<StoredEvent[]> {
    await this.turn();
    if (events.length === 0) return [];
    const known = this.file.runs.get(runId) ?? [];
    const at = this.file.now();
    const stored = events.map((event, index): StoredEvent => ({
      ...structuredClone(event),
      runId,
      seq: known.length + index + 1,
      at,
    }));
    this.file.runs.set(runId, [...known, ...stored]);
    for (const journal of this.file.open) journal.appended.fire(structuredClone(stored));
    return stored;
  }

  async read(runId: string, afterSeq = 0): Promise<StoredEvent[]> {
    await this.turn();
    return structuredClone((this.file.runs.get(runId) ?? []).slice(afterSeq));
  }

  async runs(): Promise<{ runId: string; createdAt: string; lastSeq: number }[]> {
    await this.turn();
    return [...this.file.runs]
      .map(([runId, events]) => ({ runId, createdAt: events[0]?.at ?? '', lastSeq: events.length }))
      .reverse();
  }

  onAppend(listener: (events: readonly StoredEvent[]) => void) {
    return this.appended.on(listener);
  }

  async acquire(runId: string): Promise<Result<Lease, Failure>> {
    await this.turn();
    const row = this.file.leases.get(runId);
    if (row?.owner)
      return fail({
        kind: 'run-busy',
        message: `The run ${runId} is being worked at.`,
        owner: 'another process',
      });
    const generation = (row?.generation ?? 0) + 1;
    this.file.leases.set(runId, { generation, owner: this });
    const lease = new FakeLease(generation, () => this.release(runId, generation));
    this.held.set(runId, lease);
    queueMicrotask(() => this.takeRequests());
    return ok(lease);
  }

  async ownerOf(runId: string): Promise<RunOwner> {
    await this.turn();
    const owner = this.file.leases.get(runId)?.owner;
    return owner === undefined ? 'nobody' : owner === this ? 'self' : 'other';
  }

  async request(runId: string, request: ControlRequest): Promise<boolean> {
    await this.turn();
    const owner = this.file.leases.get(runId)?.owner;
    if (!owner) return false;
    this.file.requests.push({ runId, request });
    queueMicrotask(() => owner.takeRequests());
    return true;
  }

  async close(): Promise<void> {
    await Promise.resolve();
    this.die();
  }

  /** What is left when the process is killed: everything acknowledged, and no owner. */
  die(): void {
    this.failure ??= { kind: 'journal-failed', message: 'The journal is closed.' };
    for (const [runId, lease] of this.held) this.give(runId, lease.generation);
    this.file.open.delete(this);
    this.appended.dispose();
  }

  /** Every call that has not been acknowledged, and every later one, fails with this; with nothing it works again. */
  breakWith(failure: Failure | undefined): void {
    this.failure = failure;
  }

  private async turn(): Promise<void> {
    await Promise.resolve();
    if (this.failure) throw new FailureError(this.failure);
  }

  private async release(runId: string, generation: number): Promise<void> {
    await Promise.resolve();
    this.give(runId, generation);
  }

  private give(runId: string, generation: number): void {
    this.held.delete(runId);
    if (this.file.leases.get(runId)?.generation === generation)
      this.file.leases.set(runId, { generation, owner: undefined });
  }

  private takeRequests(): void {
    for (const [runId, lease] of this.held) {
      for (const left of this.file.requests.filter((request) => request.runId === runId)) {
        this.file.requests.splice(this.file.requests.indexOf(left), 1);
        lease.receive(left.request);
      }
    }
  }
}

class FakeLease implements Lease {
  private readonly emitter = new Emitter<ControlRequest>();
  private early: ControlRequest[] = [];
  private isHeard = false;

  constructor(
    readonly generation: number,
    readonly release: () => Promise<void>,
  ) {}

  onRequest(listener: (request: ControlRequest) => void) {
    const registration = this.emitter.on(listener);
    this.isHeard = true;
    const early = this.early;
    this.early = [];
    for (const request of early) this.emitter.fire(request);
    return registration;
  }

  receive(request: ControlRequest): void {
    if (this.isHeard) this.emitter.fire(request);
    else this.early.push(request);
  }
}
