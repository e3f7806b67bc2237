import type { Preparation } from '../model/preparation';
import type { PrepareWorktree } from '../model/prepareWorktree';
import type { Worktrees } from '../ports';
import type { RunSession } from './runSession';

/** Prepares the worktrees of a run as it was approved with the plan. */
export type Prepare = (
  preparation: Preparation,
  run: { readonly runId: string; readonly signal?: AbortSignal | undefined },
) => PrepareWorktree;

/** The same worktrees; those created once the plan is approved are prepared before anybody is let in. */
export function preparedWorktrees(worktrees: Worktrees, session: RunSession, prepare: Prepare): Worktrees {
  return {
    ...worktrees,
    create: (runId, taskId, commit, signal) => {
      const approved = approvedPreparation(session);
      return worktrees.create(
        runId,
        taskId,
        commit,
        signal,
        approved && prepare(approved, { runId, signal }),
      );
    },
  };
}

/** Nothing of what a person did not see is copied: where the plan was approved unseen, files stay where they are. */
function approvedPreparation({ view, events }: RunSession): Preparation | undefined {
  const approval = events.findLast((event) => event.type === 'plan.approved');
  if (!view.preparation || approval?.type !== 'plan.approved') return undefined;
  return approval.by === unseen ? { ...view.preparation, included: [] } : view.preparation;
}

/** Who approves a plan by an option given beforehand. */
export const unseen = 'option' as const;

/** Said where nobody looked at the plan; undefined where it does not matter. */
export function notCopied({ view, events }: RunSession): string | undefined {
  const approval = events.findLast((event) => event.type === 'plan.approved');
  const included = view.preparation?.included ?? [];
  if (approval?.type !== 'plan.approved' || approval.by !== unseen || included.length === 0) return undefined;
  const paths = included.map(({ path }) => path).join(', ');
  return `Not copied into the worktrees, because nobody looked at the plan: ${paths}. Approve the plan yourself to have them there.`;
}
