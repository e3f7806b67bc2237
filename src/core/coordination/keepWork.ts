import { ok, type Result } from '../../base/result';
import type { Failure } from '../model/failure';
import type { TaskView } from '../model/run';
import type { Worktrees } from '../ports';
import type { RunSession } from './runSession';

/** Keeps under a ref what the worktree of a task holds (N2). @param why why its work stopped, in a word */
export async function keepWork(
  { task, worktree }: Pick<TaskView, 'task' | 'worktree'>,
  why: string,
  session: RunSession,
  worktrees: Worktrees,
): Promise<Result<void, Failure>> {
  const created = session.eventsOf(task.id).findLast((event) => event.type === 'worktree.created');
  if (worktree === undefined || created?.type !== 'worktree.created') return ok(undefined);
  const { commit, dependencies } = created;
  const place = { taskId: task.id, path: worktree, commit, dependencies };
  const kept = await worktrees.commit(session.runId, place, `${task.title} (${why})`);
  return kept.ok ? ok(undefined) : kept;
}
