import type { Engine } from '../core/coordination/engine';
import { activityOf } from '../core/model/activity';
import type { EventType, StoredEvent } from '../core/model/event';
import type { Paint } from './paint';
import { oneLine } from './monitor/fitText';

/** Hands over the events of a run one by one, in order, each once, as they are stored. */
export class EventFeed {
  private reading: Promise<void> = Promise.resolve();
  private isDue = false;
  private failure: { error: unknown } | undefined;
  private readonly subscription;

  constructor(
    private readonly engine: Engine,
    private readonly runId: string,
    private lastSeq: number,
    private readonly receive: (event: StoredEvent) => void,
  ) {
    this.subscription = engine.onChange((view) => {
      if (view.runId === runId) this.read();
    });
    this.read();
  }

  /** Resolves when everything stored so far is handed over; nothing is after that. Rejects when reading failed. */
  async end(): Promise<void> {
    this.subscription.dispose();
    this.read();
    await this.reading;
    if (this.failure) throw this.failure.error;
  }

  private read(): void {
    if (this.isDue) return;
    this.isDue = true;
    this.reading = this.reading
      .then(() => this.handOver())
      .catch((error: unknown) => {
        // Told at the end: the run itself goes on.
        this.failure ??= { error };
      });
  }

  private async handOver(): Promise<void> {
    this.isDue = false;
    for (const event of await this.engine.events(this.runId, this.lastSeq)) {
      this.lastSeq = event.seq;
      this.receive(event);
    }
  }
}

/** Too many to be read as plain lines; the live monitor and --json show them. */
const quiet: ReadonlySet<EventType> = new Set<EventType>([
  'attempt.progress',
  'tool.called',
  'worktree.created',
  'approval.answered',
]);

/** A noteworthy event as one line, for where there is no live monitor. */
export function plainLine(event: StoredEvent, paint: Paint): string | undefined {
  if (quiet.has(event.type)) return undefined;
  const line =
    event.type === 'task.done'
      ? { level: 'info' as const, taskId: event.taskId, text: 'Done' }
      : activityOf(event);
  if (!line) return undefined;
  const text = `${event.at.slice(11, 19)} ${line.taskId === undefined ? '' : `[${line.taskId}] `}${oneLine(line.text)}`;
  return line.level === 'info' ? text : paint(line.level === 'error' ? 'red' : 'yellow', text);
}
