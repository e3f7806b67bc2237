import type { Task } from '../model/plan';
import { tasksCollide } from './scope';
import { ancestorsOf } from './criticalPath';
import { cycleIn } from './validatePlan';

export interface OrderedTasks {
  readonly tasks: readonly Task[];
  /** One for each dependency that was added, for the person. */
  readonly notes: readonly string[];
}

/**
 * Orders tasks that have promised to write common paths: the later one in the plan comes to need the earlier one.
 * Joining two tasks without an order can close no circle. A plan that is already broken is returned as it is.
 */
export function orderCollisions(tasks: readonly Task[]): OrderedTasks {
  if (new Set(tasks.map((task) => task.id)).size < tasks.length || cycleIn(tasks))
    return { tasks, notes: [] };
  const before = new Map([...ancestorsOf(tasks)].map(([id, ids]) => [id, new Set(ids)]));
  const added = new Map<string, string[]>();
  const notes: string[] = [];
  const join = (earlier: string, later: string) => {
    added.set(later, [...(added.get(later) ?? []), earlier]);
    notes.push(`Task \`${later}\` now waits for \`${earlier}\`: their scopes name common paths.`);
    const gained = [earlier, ...(before.get(earlier) ?? [])];
    for (const [id, ids] of before)
      if (id === later || ids.has(later)) for (const one of gained) ids.add(one);
  };
  tasks.forEach((later, index) => {
    // From the nearest back: an order that follows from another needs no dependency of its own.
    for (const earlier of tasks.slice(0, index).toReversed()) {
      const isOrdered =
        before.get(later.id)?.has(earlier.id) === true || before.get(earlier.id)?.has(later.id) === true;
      if (!isOrdered && tasksCollide(earlier, later)) join(earlier.id, later.id);
    }
  });
  return {
    tasks: tasks.map((task) => ({ ...task, needs: [...task.needs, ...(added.get(task.id) ?? [])] })),
    notes,
  };
}
