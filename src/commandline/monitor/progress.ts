import { assertNever } from '../../base/assertNever';
import type { RunView, TaskView } from '../../core/model/run';

/**
 * How far a task is, in percent, from facts only: the stage it has reached, and within an attempt the agent's own
 * figure where it gives one.
 *
 *   waiting 0 · preparing 5 · running 15 (with a figure of the agent: 15 to 75) · checking 80 · repairing 60 ·
 *   integrating 90 · done 100
 *
 * A task that ended otherwise stays where its last stored result left it: 80 with a commit, 15 with a worktree, else 0.
 */
export function percentOf({ state, worktree, commit }: TaskView): number {
  switch (state.name) {
    case 'pending':
      return 0;
    case 'preparing':
      return 5;
    case 'running':
      return 15 + Math.round((60 * (state.percent ?? 0)) / 100);
    case 'awaiting_approval':
      return 15;
    case 'repairing':
      return 60;
    case 'checking':
      return 80;
    case 'integrating':
      return 90;
    case 'done':
      return 100;
    case 'failed':
    case 'skipped':
    case 'cancelled':
      return commit !== undefined ? 80 : worktree !== undefined ? 15 : 0;
    default:
      return assertNever(state);
  }
}

/** The mean over all tasks, each counted alike. */
export function percentOfRun(view: Pick<RunView, 'tasks'>): number {
  if (view.tasks.length === 0) return 0;
  return Math.round(view.tasks.reduce((sum, task) => sum + percentOf(task), 0) / view.tasks.length);
}
