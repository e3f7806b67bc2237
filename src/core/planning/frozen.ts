import type { Task } from '../model/plan';
import type { TaskView } from '../model/run';
import { isEnded } from '../model/taskState';
import { ancestorsOf } from './criticalPath';
import { outsideScope, scopesOverlap } from './scope';

/** Paths that one task settles for all that do not come before it: the interfaces others rely on (F53). */
export interface FrozenPaths {
  /** Globs. */
  readonly paths: readonly string[];
  /** The task that settles them. */
  readonly by: string;
}

/** What others freeze for a task. One that ended without a result has settled nothing. */
export function frozenFor(taskId: string, tasks: readonly Pick<TaskView, 'task' | 'state'>[]): FrozenPaths[] {
  if (tasks.every(({ task }) => !task.freezes?.length)) return [];
  const before = ancestorsOf(tasks.map(({ task }) => task));
  return tasks
    .filter(({ task, state }) => task.id !== taskId && (!isEnded(state) || state.name === 'done'))
    .filter(({ task }) => before.get(task.id)?.has(taskId) !== true)
    .flatMap(({ task }) => (task.freezes?.length ? [{ paths: task.freezes, by: task.id }] : []));
}

/** The changed paths that were frozen, with the task that froze them. */
export function frozenIn(changed: readonly string[], frozen: readonly FrozenPaths[]): FrozenPaths[] {
  return frozen.flatMap(({ paths, by }) => {
    const free = new Set(outsideScope(paths, changed));
    const broken = changed.filter((path) => !free.has(path));
    return broken.length > 0 ? [{ paths: broken, by }] : [];
  });
}

/** What is wrong with the frozen paths of a plan, in words for its author. */
export function freezeProblems(tasks: readonly Task[]): string[] {
  const before = ancestorsOf(tasks);
  return tasks.flatMap((owner) =>
    (owner.freezes ?? []).flatMap((path) => [
      ...(owner.scope.length > 0 && !scopesOverlap([path], owner.scope)
        ? [`Task \`${owner.id}\` freezes \`${path}\`, which its scope does not let it change.`]
        : []),
      ...tasks
        .filter((other) => other !== owner && before.get(owner.id)?.has(other.id) !== true)
        .filter((other) => other.scope.includes(path))
        .map((other) => `Task \`${other.id}\` may change \`${path}\`, which \`${owner.id}\` freezes.`),
    ]),
  );
}
