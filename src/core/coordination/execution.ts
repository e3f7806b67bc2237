import type { NewEvent } from '../model/event';
import type { Task } from '../model/plan';
import type { RunView } from '../model/run';
import { isEnded } from '../model/taskState';
import type { RunControl } from './runControl';
import type { RunSession } from './runSession';
import { byUrgency, ready } from './schedule';
import { runTask } from './taskRun';
import type { TaskRunDeps } from './taskRunDeps';

/**
 * Phase 3: starts every task as soon as its dependencies are integrated and a place is free, the critical path first.
 * Returns when no task runs and none can start. A failed task skips what depends on it and harms nothing else.
 */
export async function execute(deps: TaskRunDeps, control: RunControl): Promise<void> {
  const { session } = deps;
  const running = new Map<string, Promise<void>>();
  const urgent = byUrgency(session.view.plan?.tasks ?? []);
  try {
    while (!control.signal.aborted) {
      await skipBlocked(session);
      if (control.isPaused) {
        await Promise.race([
          ...running.values(),
          control.whileRunning(control.signal).catch(() => undefined),
        ]);
        continue;
      }
      for (const taskId of startable(urgent, session.view, [...running.keys()])) {
        const work = runTask(taskId, deps, control.signal).finally(() => running.delete(taskId));
        running.set(taskId, work);
      }
      if (running.size === 0) break;
      await Promise.race([...running.values(), stopped(control.signal)]);
    }
  } finally {
    // Whatever ended this: no task is at work any more when it returns.
    await Promise.allSettled(running.values());
  }
}

function startable(urgent: readonly Task[], view: RunView, running: readonly string[]): string[] {
  const states = new Map(view.tasks.map((task) => [task.task.id, task.state.name] as const));
  return ready(urgent, states, { maxParallel: view.budget.maxParallel, running });
}

/** A task whose dependency ended without success will never start: it ends as skipped, naming the dependency. */
async function skipBlocked(session: RunSession): Promise<void> {
  for (;;) {
    const events = blocked(session.view);
    if (events.length === 0) return;
    await session.emit(...events);
  }
}

function blocked(view: RunView): NewEvent[] {
  const states = new Map(view.tasks.map((task) => [task.task.id, task.state]));
  return view.tasks
    .filter((task) => task.state.name === 'pending')
    .flatMap(({ task }) => {
      const culprit = task.needs.find((need) => {
        const state = states.get(need);
        return state && isEnded(state) && state.name !== 'done';
      });
      if (culprit === undefined) return [];
      const message = `Not started: it needs ${culprit}, which did not succeed.`;
      return [
        {
          type: 'task.skipped' as const,
          taskId: task.id,
          failure: { kind: 'dependency-failed' as const, taskId: culprit, message },
        },
      ];
    });
}

function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
