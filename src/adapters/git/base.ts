import { mkdir, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Base } from '../../core/ports';
import type { Failure } from '../../core/model/failure';
import { fail, ok, type Result } from '../../base/result';
import { commitTree, keep, moveRef, refOf, resolveCommit } from './commits';
import { headOf, localChangesOf, type GitRepository } from './repository';
import type { Git } from './runGit';
import type { Store } from './store';
import { extentOf, treeOf } from './treeOf';

/** The largest folder without commits that is taken in. */
export const snapshotLimits = { files: 50_000, megabytes: 2048 };

/** Fixes the commit a run starts from, once: asked again, the same commit is answered. */
export async function fixBase(
  git: Git,
  store: Store,
  runId: string,
  signal?: AbortSignal,
): Promise<Result<Base, Failure>> {
  const { repository } = store;
  for (const kind of ['head', 'snapshot'] as const) {
    const fixed = await resolveCommit(store, refOf.base(runId, kind));
    if (!fixed.ok) return fixed;
    if (fixed.value) return withLocalChanges(git, store, { ...fixed.value, kind }, signal);
  }
  if (repository.kind === 'folder') return snapshot(store, runId, signal);
  const head = await headOf(git, repository);
  if (!head.ok) return head;
  if (head.value === undefined) return snapshot(store, runId, signal);
  const safe = await keepInPersonsRepository(git, repository, runId, head.value);
  if (!safe.ok) return safe;
  const moved = await moveRef(store, refOf.base(runId, 'head'), head.value, undefined);
  if (!moved.ok) return moved;
  return moved.value ? fixBase(git, store, runId, signal) : alreadyFixed(runId, repository.root);
}

/**
 * The store borrows the base's objects. This ref keeps them from being pruned, whatever the person does with their
 * branches. No hook of theirs runs for it and no reflog is written.
 */
async function keepInPersonsRepository(
  git: Git,
  repository: GitRepository,
  runId: string,
  commit: string,
): Promise<Result<void, Failure>> {
  const argv = ['update-ref', '--end-of-options', refOf.person(runId), commit];
  const done = await git({ cwd: repository.root, config: 'person', overrides: repository.overrides, argv });
  if (done.ok) return ok(undefined);
  return fail({
    kind: 'workspace-unusable',
    message: `The commit the run starts from could not be protected in ${repository.commonDir}: ${done.failure.message}`,
    remedy: 'Make the repository writable for you, or work on a clone of it.',
    path: repository.root,
  });
}

async function snapshot(store: Store, runId: string, signal?: AbortSignal): Promise<Result<Base, Failure>> {
  const indexFile = join(store.stateFolder, 'index', `snapshot-${randomUUID()}`);
  await mkdir(dirname(indexFile), { recursive: true });
  const folder = { path: store.repository.root, indexFile, signal };
  try {
    const fits = await withinLimits(store, folder);
    if (!fits.ok) return fits;
    const tree = await treeOf(store, folder);
    if (!tree.ok) return tree;
    const commit = await commitTree(store, tree.value, [], `Snapshot of ${folder.path}`);
    if (!commit.ok) return commit;
    const kept = await keep(store, refOf.base(runId, 'snapshot'), commit.value, []);
    if (!kept.ok) return kept;
    if (!kept.value) return alreadyFixed(runId, folder.path);
    return ok({ commit: commit.value, tree: tree.value, kind: 'snapshot', localChanges: [] });
  } finally {
    await rm(indexFile, { force: true });
  }
}

/** @param folder with an index that does not exist, so that every file counts. */
export async function withinLimits(
  store: Store,
  folder: { path: string; indexFile: string },
  limits = snapshotLimits,
): Promise<Result<void, Failure>> {
  const extent = await extentOf(store, folder);
  if (!extent.ok) return extent;
  const { files, bytes } = extent.value;
  const megabytes = Math.ceil(bytes / 1024 ** 2);
  if (files <= limits.files && megabytes <= limits.megabytes) return ok(undefined);
  const size = `${files} files, ${megabytes} MB; at most ${limits.files} files and ${limits.megabytes} MB`;
  return fail({
    kind: 'workspace-unusable',
    message: `${folder.path} has no commits and is too large to take a snapshot of (${size}).`,
    remedy:
      'Open a smaller folder, list what does not belong to it in a .gitignore file, or commit it to git first.',
    path: folder.path,
  });
}

/** Fixes a commit of another run as the base of this one; for a run of HEAD it is protected in the same way. */
export async function fixBaseAt(
  git: Git,
  store: Store,
  runId: string,
  { commit, kind }: Pick<Base, 'commit' | 'kind'>,
): Promise<Result<void, Failure>> {
  const { repository } = store;
  if (kind === 'head' && repository.kind === 'git') {
    const safe = await keepInPersonsRepository(git, repository, runId, commit);
    if (!safe.ok) return safe;
  }
  const moved = await moveRef(store, refOf.base(runId, kind), commit, undefined);
  if (!moved.ok) return moved;
  return moved.value ? ok(undefined) : alreadyFixed(runId, repository.root);
}

async function withLocalChanges(
  git: Git,
  store: Store,
  base: Omit<Base, 'localChanges'>,
  signal?: AbortSignal,
): Promise<Result<Base, Failure>> {
  if (store.repository.kind === 'folder' || base.kind === 'snapshot')
    return ok({ ...base, localChanges: [] });
  const localChanges = await localChangesOf(git, store.repository, signal);
  return localChanges.ok ? ok({ ...base, localChanges: localChanges.value }) : localChanges;
}

function alreadyFixed(runId: string, path: string): Result<never, Failure> {
  return fail({
    kind: 'worktree-failed',
    message: `Another process fixed the base of run ${runId} at the same moment.`,
    path,
  });
}
