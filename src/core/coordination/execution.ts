import type { NewEvent } from '../model/event';
import type { Task } from '../model/plan';
import type { RunView } from '../model/run';
import { isEnded } from '../model/taskState';
import type { RunControl } from './runControl';
import type { RunSession } from './runSession';
import { byUrgency, ready } from './schedule';
import { runTask } from './taskRun';
import type { TasksAtWork } from './tasksAtWork';
import type { TaskRunDeps } from './taskRunDeps';

/**
 * Phase 3: starts every task as soon as its dependencies are integrated and a place is free, the critical path first.
 * Returns when no task runs and none can start. A failed task skips what depends on it and harms nothing else. A plan
 * that is changed meanwhile is followed from then on.
 */
export async function execute(deps: TaskRunDeps, control: RunControl, atWork: TasksAtWork): Promise<void> {
  const { session } = deps;
  const urgent = urgencyOf(session);
  /** True when nothing is left to do. */
  const startTasks = async () => {
    await skipBlocked(session);
    if (control.isPaused || control.signal.aborted) return false;
    for (const taskId of startable(urgent(), session.view, atWork.ids))
      atWork.start(taskId, control.signal, (signal) => runTask(taskId, deps, signal));
    if (atWork.ids.length > 0) return false;
    atWork.close();
    return true;
  };
  try {
    while (!control.signal.aborted) {
      const { turn } = atWork;
      if (await atWork.exclusively(startTasks)) break;
      if (control.isPaused)
        await Promise.race([atWork.next(turn), control.whileRunning(control.signal).catch(() => undefined)]);
      else await Promise.race([atWork.next(turn), stopped(control.signal)]);
    }
  } finally {
    atWork.close();
    // Whatever ended this: no task is at work any more when it returns.
    await atWork.allEnded();
  }
}

/** The order of a plan, worked out once for each. */
function urgencyOf(session: RunSession): () => readonly Task[] {
  let plan = session.view.plan;
  let urgent = byUrgency(plan?.tasks ?? []);
  return () => {
    if (session.view.plan === plan) return urgent;
    plan = session.view.plan;
    return (urgent = byUrgency(plan?.tasks ?? []));
  };
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
