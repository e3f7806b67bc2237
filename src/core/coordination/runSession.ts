import { Emitter } from '../../base/emitter';
import type { NewEvent, StoredEvent } from '../model/event';
import { foldRun, nextRun, type RunView } from '../model/run';
import type { Journal } from '../ports';

/**
 * One run as its owner works at it: the recorded events, their fold, and the only ways to add to them. `emit` resolves
 * when the event is durable and in the view, so what follows it may rely on it: it stands before every effect that
 * cannot be repeated, and where other tasks go on. `record` is for the steps between: the journal keeps the order, so
 * one commit makes them durable together with the next that is emitted.
 */
export class RunSession {
  private readonly log: StoredEvent[] = [];
  private readonly byTask = new Map<string, StoredEvent[]>();
  private current: RunView;
  private lost: { readonly error: unknown } | undefined;
  private readonly changed = new Emitter<readonly StoredEvent[]>();
  private readonly broken = new Emitter<unknown>();

  constructor(
    private readonly journal: Journal,
    events: readonly StoredEvent[],
  ) {
    const view = foldRun(events);
    if (!view) throw new Error('A run session needs the event `run.created`.');
    for (const event of events) this.keep(event);
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

  /** The events that name a task, in order. */
  eventsOf(taskId: string): readonly StoredEvent[] {
    return this.byTask.get(taskId) ?? [];
  }

  /** Fires after each durable append, with the view already moved on. */
  readonly onChange = (listener: (events: readonly StoredEvent[]) => void) => this.changed.on(listener);

  /** Fires with the error when the journal failed; nothing is added any more after that. */
  readonly onBroken = (listener: (error: unknown) => void) => this.broken.on(listener);

  /** Adds events whose durability nothing has to wait for yet: what is emitted later is durable only with them. */
  record(...events: NewEvent[]): void {
    // Whoever emits next is told, and whoever listens at once.
    this.append(events).catch((error: unknown) => this.lose(error));
  }

  /** Rejects when the journal failed, also where it lost something recorded before. */
  async emit(...events: NewEvent[]): Promise<void> {
    await this.append(events);
    if (this.lost) throw this.lost.error;
  }

  private async append(events: readonly NewEvent[]): Promise<void> {
    if (this.lost) throw this.lost.error;
    const stored = await this.journal.append(this.runId, events).catch((error: unknown) => {
      this.lose(error);
      throw error;
    });
    for (const event of stored) {
      this.keep(event);
      this.current = nextRun(this.current, event) ?? this.current;
    }
    this.changed.fire(stored);
  }

  private lose(error: unknown): void {
    if (this.lost) return;
    this.lost = { error };
    this.broken.fire(error);
  }

  private keep(event: StoredEvent): void {
    this.log.push(event);
    if (!('taskId' in event) || event.taskId === undefined) return;
    const own = this.byTask.get(event.taskId);
    if (own) own.push(event);
    else this.byTask.set(event.taskId, [event]);
  }
}
