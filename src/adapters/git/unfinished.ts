import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../base/result';
import type { Failure } from '../../core/model/failure';
import type { GitRepository } from './repository';
import type { Git } from './runGit';

interface Operation {
  /** In the git folder of the checkout, as long as the operation is not finished. */
  readonly mark: string;
  readonly name: string;
  readonly finish: string;
}

const operations: readonly Operation[] = [
  { mark: 'rebase-merge', name: 'A rebase', finish: 'git rebase --continue, or --abort' },
  { mark: 'rebase-apply', name: 'A rebase or an `am`', finish: 'git rebase --continue, or --abort' },
  { mark: 'MERGE_HEAD', name: 'A merge', finish: 'git merge --continue, or --abort' },
  { mark: 'CHERRY_PICK_HEAD', name: 'A cherry-pick', finish: 'git cherry-pick --continue, or --abort' },
  { mark: 'REVERT_HEAD', name: 'A revert', finish: 'git revert --continue, or --abort' },
];

/**
 * Refuses a checkout in the middle of something: HEAD is a step that nobody means to keep, and what a run delivers would
 * land among half-merged files.
 */
export async function refuseUnfinished(git: Git, repository: GitRepository): Promise<Result<void, Failure>> {
  const { root, gitDir } = repository;
  const listed = await git({ cwd: root, config: 'person', argv: ['ls-files', '--unmerged', '-z'] });
  if (!listed.ok) return listed;
  const entries = listed.value.text.split('\0').filter((entry) => entry !== '');
  const unmerged = [...new Set(entries.map((entry) => entry.slice(entry.indexOf('\t') + 1)))];
  for (const operation of operations)
    if (await exists(join(gitDir, operation.mark))) return fail(unfinished(root, operation, unmerged));
  if (unmerged.length === 0) return ok(undefined);
  const message = `${root} has files with unresolved conflicts: ${few(unmerged)}.`;
  return fail(refused(root, message, 'Resolve them and commit, then start again.'));
}

function unfinished(root: string, { name, finish }: Operation, unmerged: readonly string[]): Failure {
  const conflicts = unmerged.length > 0 ? ` with conflicts in ${few(unmerged)}` : '';
  const message = `${name} is in progress in ${root}${conflicts}, so there is no state to start from.`;
  return refused(root, message, `Finish it (${finish}), then start again.`);
}

function refused(path: string, message: string, remedy: string): Failure {
  return { kind: 'workspace-unusable', path, message, remedy };
}

function few(paths: readonly string[]): string {
  return paths.length <= 5
    ? paths.join(', ')
    : `${paths.slice(0, 5).join(', ')} and ${paths.length - 5} more`;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => (error as NodeJS.ErrnoException).code !== 'ENOENT',
  );
}
