import type { Priority, Task } from '../model/plan';
import type { TaskState } from '../model/taskState';
import { remainingMinutes } from '../planning/criticalPath';
import { compare } from '../planning/closestNames';
import { tasksCollide } from '../planning/scope';

export interface ScheduleLimits {
  /** Tasks that may be under way at once. */
  readonly maxParallel: number;
  /**
   * Ids of the tasks this process works at now. After a crash a task can stand at `running` in the journal although
   * nobody works at it: it is started again.
   */
  readonly running: readonly string[];
}

const ended: readonly TaskState['name'][] = ['done', 'failed', 'skipped', 'cancelled'];
const rank: Readonly<Record<Priority, number>> = { critical: 0, high: 1, normal: 2, low: 3 };

/**
 * Ids of the tasks to start now, in the order given: their dependencies are done, a place is free, and no task under way
 * has promised to write the same paths. A task missing from `states` is pending.
 * @param tasks the whole plan, `byUrgency`
 */
export function ready(
  tasks: readonly Task[],
  states: ReadonlyMap<string, TaskState['name']>,
  limits: ScheduleLimits,
): string[] {
  const running = new Set(limits.running);
  const underWay = tasks.filter((task) => running.has(task.id));
  let free = limits.maxParallel - running.size;
  const start: string[] = [];
  for (const task of tasks) {
    if (free <= 0) break;
    if (!mayStart(task, states, running) || underWay.some((other) => tasksCollide(task, other))) continue;
    start.push(task.id);
    underWay.push(task);
    free--;
  }
  return start;
}

function mayStart(
  task: Task,
  states: ReadonlyMap<string, TaskState['name']>,
  running: ReadonlySet<string>,
): boolean {
  if (running.has(task.id) || ended.includes(states.get(task.id) ?? 'pending')) return false;
  return task.needs.every((need) => states.get(need) === 'done');
}

/**
 * Most urgent first: the priority `critical`, then the longest remaining chain, then the priority, then the id. It stays
 * the same while a plan is carried out.
 */
export function byUrgency(tasks: readonly Task[]): Task[] {
  const remaining = remainingMinutes(tasks);
  const left = (task: Task) => remaining.get(task.id) ?? 0;
  const isCritical = (task: Task) => (task.priority === 'critical' ? 0 : 1);
  return [...tasks].sort(
    (a, b) =>
      isCritical(a) - isCritical(b) ||
      left(b) - left(a) ||
      rank[a.priority] - rank[b.priority] ||
      compare(a.id, b.id),
  );
}
