import type { NewEvent, StoredEvent } from '../../src/core/model/event';
import type { ControlRequest, Journal, Lease } from '../../src/core/ports';
import type { Result } from '../../src/base/result';
import { FailureError, type Failure } from '../../src/core/model/failure';
import type { FakeJournal, FakeJournalFile } from './fakeJournal';

/** How a process ends: killed before or after one of its events is stored, asked to leave after that, or its disk is full from then on. */
export interface Ending {
  /** The number of the append. */
  readonly at: number;
  readonly how: 'killed-before' | 'killed-after' | 'left' | 'broken';
}

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

  /** @param leave called for a process that is to end by itself */
  constructor(
    file: FakeJournalFile,
    private readonly ending: Ending | undefined,
    private readonly leave: () => void,
  ) {
    this.journal = file.connect();
    this.died = new Promise((resolve) => (this.die = resolve));
  }

  async append(runId: string, events: readonly NewEvent[]): Promise<StoredEvent[]> {
    if (this.isDead) return never();
    this.appends++;
    this.story.push(
      events
        .map((event) => ('taskId' in event ? `${event.type} ${event.taskId ?? ''}` : event.type))
        .join(', '),
    );
    if (this.ending?.how === 'broken' && this.appends >= this.ending.at) throw new FailureError(diskFull);
    if (this.appends !== this.ending?.at) return this.journal.append(runId, events);
    if (this.ending.how === 'left') {
      this.leave();
      return this.journal.append(runId, events);
    }
    this.isDead = true;
    if (this.ending.how === 'killed-after') await this.journal.append(runId, events);
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

export const diskFull: Failure = {
  kind: 'journal-failed',
  message: 'The journal could not be written: the disk is full.',
};

function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
