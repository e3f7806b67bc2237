import type { Merge } from '../../core/ports';
import type { Failure } from '../../core/model/failure';
import { fail, ok, type Result } from '../../base/result';
import { ask, type Store } from './store';
import { commitTree, keep, moveRef, refOf, resolveCommit, type Commit } from './commits';

/** The run's branch: merges happen in memory and the branch moves by compare-and-swap, so it is old or new, never between. */

/** How often a branch that somebody else moved meanwhile is merged onto again. */
const tries = 5;

export async function tipOf(store: Store, runId: string): Promise<Result<Commit, Failure>> {
  for (const ref of [refOf.result(runId), refOf.base(runId, 'head'), refOf.base(runId, 'snapshot')]) {
    const found = await resolveCommit(store, ref);
    if (!found.ok) return found;
    if (found.value) return ok(found.value);
  }
  return fail({ kind: 'not-found', message: `Run ${runId} has no base commit in ${store.gitDir}.` });
}

/** Puts the branch of a run that has none at a commit of another run. */
export async function startBranch(store: Store, runId: string, tip: string): Promise<Result<void, Failure>> {
  const moved = await moveRef(store, refOf.result(runId), tip, undefined);
  if (!moved.ok) return moved;
  if (moved.value) return ok(undefined);
  const message = `Run ${runId} already has a branch, so it cannot begin at ${tip}.`;
  return fail({ kind: 'git-failed', message, argv: ['update-ref'], exitCode: null });
}

export async function integrateCommit(
  store: Store,
  runId: string,
  change: { taskId: string; commit: string; message: string },
): Promise<Result<Merge, Failure>> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const tip = await tipOf(store, runId);
    if (!tip.ok) return tip;
    const earlier = await earlierMerge(store, tip.value, change.commit);
    if (!earlier.ok) return earlier;
    if (earlier.value) return ok(earlier.value);
    const tree = await mergedTree(store, tip.value.commit, change);
    if (!tree.ok) return tree;
    const parents = [tip.value.commit, change.commit];
    const commit = await commitTree(store, tree.value, parents, change.message);
    if (!commit.ok) return commit;
    const result = await resolveCommit(store, refOf.result(runId));
    if (!result.ok) return result;
    // The branch does not exist before its first merge; then the tip was the base.
    const expected = result.value === undefined ? undefined : tip.value.commit;
    const moved = await keep(store, refOf.result(runId), commit.value, parents, expected);
    if (!moved.ok) return moved;
    if (moved.value) return ok({ commit: commit.value, tree: tree.value });
  }
  const message = `The branch of run ${runId} kept moving while task ${change.taskId} was merged onto it.`;
  return fail({ kind: 'git-failed', message, argv: ['update-ref'], exitCode: null });
}

/** The merge that brought a commit in, so that merging it again gives the same; the tip when it needs no merge. */
async function earlierMerge(
  store: Store,
  tip: Commit,
  commit: string,
): Promise<Result<Merge | undefined, Failure>> {
  const contained = await store.run({
    argv: ['merge-base', '--is-ancestor', '--end-of-options', commit, tip.commit],
    accept: [0, 1],
  });
  if (!contained.ok) return contained;
  if (contained.value.exitCode === 1) return ok(undefined);
  // Only merges of the run have the commit in their history and are not in it themselves.
  const argv = ['rev-list', '--first-parent', '--parents', '--end-of-options', tip.commit, `^${commit}`];
  const merges = await ask(store, { argv });
  if (!merges.ok) return merges;
  const merge = merges.value
    .split('\n')
    .find((line) => line.split(' ')[2] === commit)
    ?.split(' ')[0];
  return merge === undefined ? ok(tip) : resolveCommit(store, merge);
}

/** Output: the tree, then on exit code 1 the paths in conflict, each ended by NUL (git-merge-tree(1)). */
async function mergedTree(
  store: Store,
  tip: string,
  change: { taskId: string; commit: string },
): Promise<Result<string, Failure>> {
  const argv = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', tip, change.commit];
  const merged = await store.run({ argv, accept: [0, 1] });
  if (!merged.ok) return merged;
  const [tree, ...conflicts] = merged.value.text.split('\0').filter((entry) => entry !== '');
  if (tree === undefined) throw new Error('git merge-tree wrote no tree');
  if (merged.value.exitCode === 0) return ok(tree);
  const paths = [...new Set(conflicts)];
  return fail({
    kind: 'merge-conflict',
    message: `Task ${change.taskId} changed what the run’s branch changed as well: ${paths.join(', ')}.`,
    remedy:
      'The task is done again on the current state of the branch, or the two changes are combined by hand.',
    paths,
  });
}
