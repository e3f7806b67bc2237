import { fail, ok, type Result } from '../../src/base/result';
import type { NewEvent } from '../../src/core/model/event';
import type { Failure } from '../../src/core/model/failure';
import type { AgentBackend, AttemptContext, AttemptOutcome } from '../../src/core/ports';

/** An attempt in the hands of a test. */
export interface SteeredAttempt {
  readonly context: AttemptContext;
  /** Records something as the agent's own doing. */
  progress(activity: string): Promise<void>;
  emit(event: NewEvent): Promise<void>;
  finish(outcome?: Partial<AttemptOutcome>): void;
  fail(failure: Failure): void;
  /** Ends with an exception, as a defect would. */
  crash(error: Error): void;
}

/**
 * A backend whose attempts do nothing until the test says so: it reports each start and ends on order. A cancelled
 * attempt ends by itself, as a real one does.
 */
export class SteeredBackend implements AgentBackend {
  /** In the order of their starts; ended ones included. */
  readonly attempts: SteeredAttempt[] = [];
  private waiting: (() => void)[] = [];

  run(context: AttemptContext): Promise<Result<AttemptOutcome, Failure>> {
    if (context.signal.aborted) return Promise.resolve(fail(cancelled(context)));
    return new Promise((resolve, reject) => {
      const emit = (event: NewEvent) => context.emit(event);
      this.attempts.push({
        context,
        emit,
        progress: (activity) =>
          emit({ type: 'attempt.progress', taskId: context.task.id, attempt: context.attempt, activity }),
        finish: (outcome = {}) => resolve(ok({ summary: `${context.task.id} is done.`, ...outcome })),
        fail: (failure) => resolve(fail(failure)),
        crash: reject,
      });
      context.signal.addEventListener('abort', () => resolve(fail(cancelled(context))), { once: true });
      const waiting = this.waiting;
      this.waiting = [];
      for (const wake of waiting) wake();
    });
  }

  /** Resolves with the n-th attempt (counted from 1; default: the first) of a task once it has started. */
  async started(taskId: string, attempt = 1): Promise<SteeredAttempt> {
    for (;;) {
      const found = this.attempts.find(
        ({ context }) => context.task.id === taskId && context.attempt === attempt,
      );
      if (found) return found;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }
}

function cancelled(context: AttemptContext): Failure {
  return { kind: 'cancelled', message: `${context.task.id} was cancelled.` };
}
