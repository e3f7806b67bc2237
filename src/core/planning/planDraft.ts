import type { Plan, Task } from '../model/plan';
import type { RunView } from '../model/run';
import { standing, type Standing } from './taskStanding';

/** A plan while its changes are applied to it, one after another. */
export interface Draft {
  tasks: Task[];
  readonly standings: ReadonlyMap<string, Standing>;
  readonly cancelled: Set<string>;
  readonly restarted: Set<string>;
  /** Tasks whose place in the plan is new or changed. */
  readonly touched: Set<string>;
  readonly problems: string[];
  readonly impact: string[];
}

export function draftOf(plan: Plan, view: Pick<RunView, 'tasks'>): Draft {
  return {
    tasks: [...plan.tasks],
    standings: new Map(view.tasks.map(({ task, state }) => [task.id, standing(state)])),
    cancelled: new Set(),
    restarted: new Set(),
    touched: new Set(),
    problems: [],
    impact: [],
  };
}

export function edit(draft: Draft, task: Task, fields: Partial<Task>): void {
  draft.touched.add(task.id);
  const now = draft.standings.get(task.id);
  if (now === 'failed' || now === 'skipped') draft.restarted.add(task.id);
  draft.tasks = draft.tasks.map((one) => (one.id === task.id ? { ...one, ...fields } : one));
}

export function insert(draft: Draft, at: number, tasks: readonly Task[]): void {
  for (const task of tasks) {
    if (draft.tasks.some((one) => one.id === task.id))
      draft.problems.push(`The id \`${task.id}\` is used by more than one task.`);
    draft.touched.add(task.id);
  }
  draft.tasks = draft.tasks.toSpliced(at, 0, ...tasks);
}

export function hasBegun(taskId: string, draft: Draft): boolean {
  if (draft.restarted.has(taskId)) return false;
  return ['working', 'landing', 'done'].includes(draft.standings.get(taskId) ?? 'open');
}

/** Ended without a result, and not tried again: nothing is ordered after it. */
export function isOver(taskId: string, draft: Draft): boolean {
  if (draft.cancelled.has(taskId)) return true;
  if (draft.restarted.has(taskId)) return false;
  return ['failed', 'skipped', 'cancelled'].includes(draft.standings.get(taskId) ?? 'open');
}
