import type { Estimate, Task } from '../model/plan';

type Node = Pick<Task, 'id' | 'needs' | 'estimateMinutes'>;

/** The middle of an estimate, in minutes. */
function expectedMinutes(estimate: Estimate): number {
  return (estimate.low + estimate.high) / 2;
}

/**
 * For each task the expected minutes of the longest chain from its start to the end of the plan, itself included: the
 * larger, the more urgent. The plan must be acyclic; unknown dependencies are ignored.
 */
export function remainingMinutes(tasks: readonly Node[]): ReadonlyMap<string, number> {
  const remaining = new Map<string, number>();
  const order = topologicalOrder(tasks);
  const dependants = dependantsOf(tasks);
  for (const task of order.toReversed()) {
    const after = (dependants.get(task.id) ?? []).map((id) => remaining.get(id) ?? 0);
    remaining.set(task.id, expectedMinutes(task.estimateMinutes) + Math.max(0, ...after));
  }
  return remaining;
}

export interface CriticalPath {
  /** Ids from the first task to the last. */
  readonly tasks: readonly string[];
  readonly minutes: number;
  /** Expected minutes of all tasks one after another. */
  readonly sequentialMinutes: number;
}

/** The longest chain of dependent tasks by expected minutes; ties go to the task that stands first in the plan. */
export function criticalPath(tasks: readonly Node[]): CriticalPath {
  const remaining = remainingMinutes(tasks);
  const dependants = dependantsOf(tasks);
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const known = (task: Node) => task.needs.some((need) => byId.has(need));
  const path: string[] = [];
  let next = longest(
    tasks.filter((task) => !known(task)),
    remaining,
  );
  while (next) {
    path.push(next.id);
    next = longest(
      (dependants.get(next.id) ?? []).flatMap((id) => byId.get(id) ?? []),
      remaining,
    );
  }
  const sequentialMinutes = tasks.reduce((sum, task) => sum + expectedMinutes(task.estimateMinutes), 0);
  return { tasks: path, minutes: remaining.get(path[0] ?? '') ?? 0, sequentialMinutes };
}

/** Every task after its dependencies, otherwise in the order given. Tasks of a cycle are left out. */
export function topologicalOrder<T extends Pick<Task, 'id' | 'needs'>>(tasks: readonly T[]): T[] {
  const dependants = dependantsOf(tasks);
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const open = new Map(
    tasks.map((task) => [task.id, new Set(task.needs.filter((need) => byId.has(need))).size]),
  );
  const order = tasks.filter((task) => open.get(task.id) === 0);
  for (const task of order) {
    for (const id of dependants.get(task.id) ?? []) {
      const left = (open.get(id) ?? 0) - 1;
      open.set(id, left);
      const dependant = byId.get(id);
      if (left === 0 && dependant) order.push(dependant);
    }
  }
  return order;
}

/** Ids of the tasks that need a task, in the order of the plan. */
export function dependantsOf(
  tasks: readonly Pick<Task, 'id' | 'needs'>[],
): ReadonlyMap<string, readonly string[]> {
  const dependants = new Map<string, string[]>(tasks.map((task) => [task.id, []]));
  for (const task of tasks) for (const need of new Set(task.needs)) dependants.get(need)?.push(task.id);
  return dependants;
}

/** For each task the ids of all that must be done before it. */
export function ancestorsOf(
  tasks: readonly Pick<Task, 'id' | 'needs'>[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const before = new Map<string, Set<string>>();
  for (const task of topologicalOrder(tasks)) {
    before.set(task.id, new Set(task.needs.flatMap((need) => [need, ...(before.get(need) ?? [])])));
  }
  return before;
}

function longest(tasks: readonly Node[], remaining: ReadonlyMap<string, number>): Node | undefined {
  return tasks.reduce<Node | undefined>((best, task) => {
    return best && (remaining.get(best.id) ?? 0) >= (remaining.get(task.id) ?? 0) ? best : task;
  }, undefined);
}
