import type { NewEvent, StoredEvent } from '../../src/core/model/event';
import type { ControlRequest, Journal, Lease } from '../../src/core/ports';
import type { Result } from '../../src/base/result';
import type { Failure } from '../../src/core/model/failure';
import type { FakeJournal, FakeJournalFile } from './fakeJournal';

/**
 * The journal of a process that is killed by one of its own appends: nothing it asks for afterwards is ever answered, so
 * whatever waited for it stays where it was, and its leases are free for the next process.
 */
export class MortalJournal implements Journal {
  readonly died: Promise<void>;
  private die: () => void = () => undefined;
  /** How often something was appended, and what, first events first. */
  appends = 0;
  readonly story: string[] = [];
  private isDead = false;
  private readonly journal: FakeJournal;

  /** @param killed the number of the append that kills, and whether its events were stored before */
  constructor(file: FakeJournalFile, private readonly killed: { readonly at: number; readonly isStored: boolean }) {
    this.journal = file.connect();
    this.died = new Promise((resolve) => (this.die = resolve));
  }

  async append(runId: string, events: readonly NewEvent[]): Promise<StoredEvent[]> {
    if (this.isDead) return never();
    this.appends++;
    this.story.push(events.map((event) => ('taskId' in event ? `${event.type} ${event.taskId ?? ''}` : event.type)).join(', '));
    if (this.appends < this.killed.at) return this.journal.append(runId, events);
    this.isDead = true;
    if (this.killed.isStored) await this.journal.append(runId, events);
    this.journal.die();
    this.die();
    return never();
  }

  read(runId: string, afterSeq?: number): Promise<StoredEvent[]> {
    return this.isDead ? never() : this.journal.read(runId, afterSeq);
  }

  runs() {
    return this.isDead ? never<never>() : this.journal.runs();
  }

  onAppend(listener: (events: readonly StoredEvent[]) => void) {
    return this.journal.onAppend(listener);
  }

  acquire(runId: string): Promise<Result<Lease, Failure>> {
    return this.isDead ? never() : this.journal.acquire(runId);
  }

  ownerOf(runId: string) {
    return this.isDead ? never<never>() : this.journal.ownerOf(runId);
  }

  request(runId: string, request: ControlRequest): Promise<boolean> {
    return this.isDead ? never() : this.journal.request(runId, request);
  }

  close(): Promise<void> {
    return this.isDead ? never() : this.journal.close();
  }
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
