import { Limiter } from '../../base/limiter';
import type { Agent } from '../model/agent';

/**
 * The tasks of a run this process works at, each of which can be stopped alone. Whatever starts tasks or changes the plan
 * does so inside `exclusively`, so that no task starts while the plan it belongs to is being changed.
 */
export class TasksAtWork {
  private readonly working = new Map<
    string,
    { readonly own: AbortController; readonly ended: Promise<void> }
  >();
  /** Who can be given a task, by name; read anew when the plan is changed. */
  readonly agents = new Map<string, Agent>();
  private readonly turns = new Limiter(1);
  private waiting: (() => void)[] = [];
  private closed = false;
  private count = 0;

  get ids(): string[] {
    return [...this.working.keys()];
  }

  /** True when no task will be started any more. */
  get isClosed(): boolean {
    return this.closed;
  }

  close(): void {
    this.closed = true;
  }

  exclusively<T>(act: () => Promise<T>): Promise<T> {
    return this.turns.run(act);
  }

  /** @param work must not reject; its signal is aborted with the given one, or when this task alone is stopped */
  start(taskId: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): void {
    const own = new AbortController();
    const ended = work(AbortSignal.any([signal, own.signal])).finally(() => {
      this.working.delete(taskId);
      this.wake();
    });
    this.working.set(taskId, { own, ended });
  }

  /** Resolves when none of these is at work any more. Those that are not at work are passed over. */
  async stop(taskIds: readonly string[]): Promise<void> {
    const error = new Error('The task was stopped by a change of the plan.');
    error.name = 'AbortError';
    const stopped = taskIds.flatMap((id) => this.working.get(id) ?? []);
    for (const { own } of stopped) own.abort(error);
    await Promise.all(stopped.map(({ ended }) => ended));
  }

  /** Counts what happened that may let tasks start. */
  get turn(): number {
    return this.count;
  }

  /** Resolves when a task ended or `wake` was called since that turn. */
  next(since: number): Promise<void> {
    if (since !== this.count) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Makes whoever starts tasks look again. */
  wake(): void {
    this.count++;
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  async allEnded(): Promise<void> {
    await Promise.all([...this.working.values()].map(({ ended }) => ended));
  }
}
