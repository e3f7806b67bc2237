import { copyFile, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CommittedTree, Worktree } from '../../core/ports';
import type { Failure } from '../../core/model/failure';
import { fail, ok, type Result } from '../../base/result';
import { changedEntries } from './changes';
import { existingWorktree, type Places } from './checkout';
import { commitTree, keep, packInto, refOf, refsUnder, resolveCommit } from './commits';
import { ask, replace, type Store } from './store';
import { treeOf, type Folder } from './treeOf';

/** Everything an agent wrote becomes a commit under a kept ref before anything of it may be changed or removed (N2). */

/**
 * Commits what is in a worktree. Files that the ignore rules leave out are not committed; an agent that writes an
 * ignore rule thereby keeps a file out of the result, but `saveAll` keeps it from being lost.
 */
export async function commitWork(
  store: Store,
  runId: string,
  worktree: Worktree,
  places: Places,
  message: string,
): Promise<Result<CommittedTree, Failure>> {
  const tree = await treeOf(store, await folderOf(places));
  if (!tree.ok) return tree;
  const start = await resolveCommit(store, worktree.commit);
  if (!start.ok) return start;
  if (start.value?.tree === tree.value) return ok({ ...start.value, changed: [] });
  const kept = await keepTree(store, runId, worktree, tree.value, message);
  if (!kept.ok) return kept;
  const changed = await changedEntries(store, worktree.commit, kept.value);
  return changed.ok
    ? ok({ commit: kept.value, tree: tree.value, changed: changed.value.map(({ path }) => path) })
    : changed;
}

/** Puts the files back to a commit of the worktree. What is there now is kept under a ref first. */
export async function restoreWork(
  store: Store,
  runId: string,
  worktree: Worktree,
  places: Places,
  committed: Pick<CommittedTree, 'commit'>,
): Promise<Result<void, Failure>> {
  const target = await resolveCommit(store, committed.commit);
  if (!target.ok) return target;
  if (!target.value) {
    const message = `The worktree ${worktree.path} cannot be put back: ${committed.commit} is no commit of the store.`;
    return fail({ kind: 'worktree-failed', message, path: worktree.path });
  }
  const now = await treeOf(store, await folderOf(places));
  if (!now.ok) return now;
  if (now.value === target.value.tree) return ok(undefined);
  const kept = await keepTree(
    store,
    runId,
    worktree,
    now.value,
    `State of ${worktree.taskId} before it was put back`,
  );
  if (!kept.ok) return kept;
  const argv = ['read-tree', '--reset', '-u', target.value.commit];
  const done = await store.run({ argv, workTree: places.path, indexFile: places.indexFile });
  return done.ok ? ok(undefined) : done;
}

/** Puts files, HEAD and index of the worktree back to where it began; the agent's own commits stay in its logs. */
export async function rewindWork(
  store: Store,
  runId: string,
  worktree: Worktree,
  places: Places,
): Promise<Result<void, Failure>> {
  const saved = await saveAll(store, runId, worktree, places);
  if (!saved.ok) return saved;
  const restored = await restoreWork(store, runId, worktree, places, { commit: worktree.commit });
  if (!restored.ok) return restored;
  await replace(join(places.path, '.git/HEAD'), `${worktree.commit}\n`);
  await copyFile(places.indexFile, join(places.path, '.git/index'));
  return ok(undefined);
}

/** Makes everything in a worktree reachable from the store, so that the worktree may go. */
export async function saveAll(
  store: Store,
  runId: string,
  worktree: Worktree,
  places: Places,
): Promise<Result<void, Failure>> {
  const committed = await commitWork(store, runId, worktree, places, `Last state of ${worktree.taskId}`);
  if (!committed.ok) return committed;
  if (committed.value.changed.some((path) => basename(path) === '.gitignore')) {
    const all = await treeOf(store, { ...(await folderOf(places)), withIgnored: true });
    if (!all.ok) return all;
    const message = `Last state of ${worktree.taskId}, with what its own ignore rules leave out`;
    const kept = await keepTree(store, runId, worktree, all.value, message);
    if (!kept.ok) return kept;
  }
  return saveOwnCommits(store, runId, worktree);
}

/** Keeps a tree as the next rescue commit of its task; the last one when it is the same. */
async function keepTree(
  store: Store,
  runId: string,
  worktree: Worktree,
  tree: string,
  message: string,
): Promise<Result<string, Failure>> {
  const prefix = refOf.rescue(runId, worktree.taskId);
  const refs = await refsUnder(store, prefix);
  if (!refs.ok) return refs;
  const numbered = refs.value.map(({ ref, commit }) => ({
    number: Number(ref.slice(prefix.length)),
    commit,
  }));
  const last = numbered.sort((a, b) => b.number - a.number)[0];
  if (last) {
    const parents = await ask(store, { argv: ['rev-parse', `${last.commit}^{tree}`, `${last.commit}^`] });
    if (!parents.ok) return parents;
    if (parents.value === `${tree}\n${worktree.commit}`) return ok(last.commit);
  }
  const commit = await commitTree(store, tree, [worktree.commit], message);
  if (!commit.ok) return commit;
  const kept = await keep(store, `${prefix}${(last?.number ?? 0) + 1}`, commit.value, [worktree.commit]);
  if (!kept.ok) return kept;
  // Another process took the number: the next one is free or taken by it, too.
  return kept.value ? commit : keepTree(store, runId, worktree, tree, message);
}

/**
 * Takes over commits the agent made itself, and those it stashed or left behind: git keeps them in its logs. Their
 * names are read as text and their objects by the store, so the agent's configuration is never in effect.
 */
async function saveOwnCommits(
  store: Store,
  runId: string,
  worktree: Worktree,
): Promise<Result<void, Failure>> {
  const gitDir = join(worktree.path, '.git');
  const named = await idsIn(gitDir, ['HEAD', 'refs', 'packed-refs', 'logs']);
  named.delete(worktree.commit);
  if (named.size === 0) return ok(undefined);
  const objects = join(gitDir, 'objects');
  const tips = await commitsAmong(store, [...named], objects);
  if (!tips.ok) return tips;
  if (tips.value.length === 0) return ok(undefined);
  const packed = await packInto(store, tips.value, [worktree.commit], [objects]);
  if (!packed.ok) return packed;
  // One commit over all of them, so that one ref holds them.
  const tree = await ask(store, {
    argv: ['rev-parse', '--verify', '--end-of-options', `${worktree.commit}^{tree}`],
  });
  if (!tree.ok) return tree;
  const commit = await commitTree(
    store,
    tree.value,
    tips.value,
    `Commits made in the worktree of ${worktree.taskId}`,
  );
  if (!commit.ok) return commit;
  const ref = `${refOf.ownCommits(runId, worktree.taskId)}${commit.value}`;
  const kept = await keep(store, ref, commit.value, tips.value);
  return kept.ok ? ok(undefined) : kept;
}

async function commitsAmong(
  store: Store,
  ids: readonly string[],
  objects: string,
): Promise<Result<string[], Failure>> {
  const checked = await store.run({
    argv: ['cat-file', '--batch-check=%(objecttype) %(objectname)'],
    input: ids.map((id) => `${id}\n`).join(''),
    environment: { GIT_ALTERNATE_OBJECT_DIRECTORIES: objects },
  });
  if (!checked.ok) return checked;
  const lines = checked.value.text.split('\n').filter((line) => line.startsWith('commit '));
  return ok(lines.map((line) => line.slice('commit '.length)));
}

/** Everything that looks like an object id in the files of a git folder that hold refs and logs. */
async function idsIn(gitDir: string, names: readonly string[]): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const name of names) {
    for (const file of await filesUnder(join(gitDir, name))) {
      const text = await readFile(file, 'latin1').catch(() => '');
      for (const [id] of text.matchAll(/\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b/g))
        if (!/^0+$/.test(id)) ids.add(id);
    }
  }
  return ids;
}

/** The path itself where it is no folder; links are not followed. */
async function filesUnder(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => undefined);
  if (!entries) return [path];
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** What was copied in from the person's checkout is no work of the agent, whatever the ignore rules say by now. */
async function folderOf(places: Places): Promise<Folder> {
  const included = (await existingWorktree(places))?.included ?? [];
  return { path: places.path, indexFile: places.indexFile, without: new Set(included) };
}
