import type { StoredEvent } from '../model/event';
import type { RunSession } from './runSession';

/** What the journal holds of a task since it last began: a change of the plan lets it begin anew. */
export interface TaskLife {
  readonly events: readonly StoredEvent[];
  /** The number of its first attempt; attempts keep counting through all its beginnings. */
  readonly firstAttempt: number;
  /** Worktrees it had before this beginning; they hold what was written then. */
  readonly earlierWorktrees: number;
}

export function taskLife(taskId: string, session: Pick<RunSession, 'eventsOf'>): TaskLife {
  const all = session.eventsOf(taskId);
  const begun = all.findLastIndex((event) => event.type === 'task.restarted') + 1;
  const before = all.slice(0, begun);
  const attempts = before.flatMap((event) => (event.type === 'attempt.started' ? [event.attempt] : []));
  return {
    events: all.slice(begun),
    firstAttempt: Math.max(0, ...attempts) + 1,
    earlierWorktrees: before.filter((event) => event.type === 'worktree.created').length,
  };
}
