import type { NewEvent } from '../../../core/model/event';

/** So many events may wait for the journal before the agent is held back. */
const maxWaiting = 64;

/** Records events one after another, without the agent's messages waiting for each; says when too many wait. */
export class Recorder {
  private tail: Promise<void> = Promise.resolve();
  private waiting = 0;

  /** @param onFailure hears of the first event the journal refused; none is recorded after it */
  constructor(
    private readonly emit: (event: NewEvent) => Promise<void>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  record(event: NewEvent): Promise<void> {
    this.waiting++;
    this.tail = this.tail.then(() => this.emit(event)).finally(() => this.waiting--);
    this.tail.catch((error: unknown) => this.onFailure(error));
    return this.tail;
  }

  /** Resolves when more may be recorded. */
  ready(): Promise<void> {
    // A refused event is told to `onFailure`; who waits here only wants to go on.
    return this.waiting < maxWaiting ? Promise.resolve() : this.tail.catch(() => undefined);
  }

  /** Resolves when everything is durable. */
  settled(): Promise<void> {
    return this.tail;
  }
}
