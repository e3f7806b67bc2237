import type { Clock } from '../../../base/clock';
import type { AttemptContext } from '../../../core/ports';

interface Report {
  readonly activity: string;
  readonly percent?: number;
}

const intervalMs = 1000;

/**
 * Records what a program is doing, at most once a second and one event at a time, so that a chatty program does not fill
 * the journal. What comes in between is replaced by what comes after it.
 */
export class Progress {
  private waiting: Report | undefined;
  private lastAt = Number.NEGATIVE_INFINITY;
  private lastActivity = '';
  private writing: Promise<void> = Promise.resolve();
  private isWriting = false;

  constructor(
    private readonly context: Pick<AttemptContext, 'attempt' | 'emit'> & {
      readonly task: { readonly id: string };
    },
    private readonly clock: Clock,
  ) {}

  report(report: Report): void {
    if (report.activity === '' || report.activity === this.lastActivity) return;
    this.waiting = report;
    if (this.isWriting || this.clock.monotonicMs() - this.lastAt < intervalMs) return;
    this.isWriting = true;
    this.writing = this.write();
    // Awaited, and thrown from, in `settled`.
    this.writing.catch(() => undefined);
  }

  /** Resolves when everything is durable, the last report included; rejects when the journal refused one. */
  async settled(): Promise<void> {
    await this.writing;
    if (this.waiting) await this.write();
  }

  private async write(): Promise<void> {
    const report = this.waiting;
    this.waiting = undefined;
    if (!report) return;
    this.lastAt = this.clock.monotonicMs();
    this.lastActivity = report.activity;
    await this.context.emit({
      type: 'attempt.progress',
      taskId: this.context.task.id,
      attempt: this.context.attempt,
      ...report,
    });
    this.isWriting = false;
  }
}
