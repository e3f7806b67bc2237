import { Emitter } from '../../base/emitter';
import type { NewEvent, StoredEvent } from '../model/event';
import { foldRun, nextRun, type RunView } from '../model/run';
import type { Journal } from '../ports';

/**
 * One run as its owner works at it: the recorded events, their fold, and the only way to add to them. `emit` resolves
 * when the event is durable, so what follows it may rely on it.
 */
export class RunSession {
  private readonly log: StoredEvent[];
  private current: RunView;
  private readonly changed = new Emitter<readonly StoredEvent[]>();

  constructor(
    private readonly journal: Journal,
    events: readonly StoredEvent[],
  ) {
    const view = foldRun(events);
    if (!view) throw new Error('A run session needs the event `run.created`.');
    this.log = [...events];
    this.current = view;
  }

  get runId(): string {
    return this.current.runId;
  }

  get view(): RunView {
    return this.current;
  }

  get events(): readonly StoredEvent[] {
    return this.log;
  }

  /** Fires after each durable append, with the view already moved on. */
  readonly onChange = (listener: (events: readonly StoredEvent[]) => void) => this.changed.on(listener);

  async emit(...events: NewEvent[]): Promise<void> {
    const stored = await this.journal.append(this.runId, events);
    for (const event of stored) {
      this.log.push(event);
      this.current = nextRun(this.current, event) ?? this.current;
    }
    this.changed.fire(stored);
  }
}
