import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { PrepareWorktree } from '../../core/model/prepareWorktree';
import type { Worktree } from '../../core/ports';
import type { Failure } from '../../core/model/failure';
import { fail, ok, type Result } from '../../base/result';
import { hasLivingOwner } from '../process/ownedFolder';
import { removeTree } from '../process/removeTree';
import { part } from './commits';
import { replace, writeRepository, type Store } from './store';

/**
 * Worktrees on disk. Each is a repository of its own that borrows the store's objects, so an agent's git commands work
 * in it and reach nothing else. The engine itself never uses that repository: it looks at the files through an index
 * and a configuration that the agent cannot reach.
 */
export interface Places {
  /** Where the agent works. */
  readonly path: string;
  /** The engine's own index of it. */
  readonly indexFile: string;
  /** Written last: what stands there is complete and may hold an agent's work. */
  readonly record: string;
}

const recordSchema = z.object({
  taskId: z.string(),
  path: z.string(),
  commit: z.string(),
  dependencies: z.string(),
  /** Paths that were copied in and are never part of a commit; set once the worktree is prepared. */
  included: z.array(z.string()).optional(),
});
type WorktreeRecord = z.infer<typeof recordSchema>;

/** @returns a sentence that says how dependencies came to be usable. */
export type Hydrate = (worktree: string, workspace: string, signal?: AbortSignal) => Promise<string>;

export function placesOf(store: Store, runId: string, taskId: string): Places {
  const beside = join(store.stateFolder, 'index', part(runId), part(taskId));
  return {
    path: join(store.stateFolder, 'worktrees', part(runId), part(taskId)),
    indexFile: `${beside}.index`,
    record: `${beside}.json`,
  };
}

/** The worktree as it was created; undefined when it was not, or not completely. */
export async function existingWorktree(places: Places): Promise<WorktreeRecord | undefined> {
  const text = await readFile(places.record, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  // A record that cannot be read is a defect and no reason to start the worktree over: an agent's work may be in it.
  return text === undefined ? undefined : recordSchema.parse(JSON.parse(text));
}

export async function checkOut(
  store: Store,
  places: Places,
  task: { taskId: string; commit: string },
  { hydrate, prepare }: { hydrate: Hydrate; prepare?: PrepareWorktree | undefined },
  signal?: AbortSignal,
): Promise<Result<Worktree, Failure>> {
  // Without a record no agent was ever let in: what stands there was written by an interrupted creation.
  await discard(store, places);
  await mkdir(dirname(places.indexFile), { recursive: true });
  await layDownRepository(store, places.path, task.commit);
  const read = await store.run({
    argv: ['read-tree', '--reset', '-u', task.commit],
    workTree: places.path,
    indexFile: places.indexFile,
    signal,
  });
  if (!read.ok) return withRemedy(store, read);
  await copyFile(places.indexFile, join(places.path, '.git/index'));
  const dependencies = await hydrate(places.path, store.repository.root, signal);
  const worktree: Worktree = { taskId: task.taskId, path: places.path, commit: task.commit, dependencies };
  // Without its dependencies it would be taken for complete the next time.
  if (signal?.aborted)
    return fail({ kind: 'cancelled', message: `Preparing task ${task.taskId} was cancelled.` });
  if (prepare) return prepareOnce(places, worktree, prepare);
  await replace(places.record, JSON.stringify(worktree), true);
  return ok(worktree);
}

/** Prepares a worktree nobody was let into yet. One that is prepared is returned as it is. */
export async function prepareOnce(
  places: Places,
  worktree: WorktreeRecord,
  prepare: PrepareWorktree,
): Promise<Result<Worktree, Failure>> {
  if (worktree.included) return ok(worktree);
  const done = await prepare(worktree);
  if (!done.ok) return done;
  const { included, notes } = done.value;
  const dependencies = [worktree.dependencies, ...notes].join('; ');
  const prepared = { ...worktree, dependencies, included: [...included] };
  await replace(places.record, JSON.stringify(prepared), true);
  return ok(prepared);
}

/** Removes what was proven to hold nothing unsaved: out of the way at once, from the disk afterwards. */
export async function discard(store: Store, places: Places): Promise<void> {
  const trash = join(store.stateFolder, 'trash', randomUUID());
  await mkdir(trash, { recursive: true });
  await rm(places.record, { force: true });
  const moved = await rename(places.path, join(trash, 'worktree')).then(
    () => true,
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return false;
    },
  );
  await rm(places.indexFile, { force: true });
  await removeTree(trash, moved ? 3 : 0);
}

/** Removes what interrupted commands left in the engine's scratch folders an hour ago or earlier. */
export async function sweep(store: Store): Promise<void> {
  for (const name of ['trash', 'scratch']) {
    const folder = join(store.stateFolder, name);
    for (const entry of await readdir(folder).catch((): string[] => [])) {
      const path = join(folder, entry);
      const found = await stat(path).catch(() => undefined);
      if (!found || Date.now() - found.mtimeMs < 3_600_000 || hasLivingOwner(entry)) continue;
      await removeTree(path);
    }
  }
}

async function layDownRepository(store: Store, path: string, commit: string): Promise<void> {
  const extra = [
    '[user]',
    '\tname = Enterprise Execution Engine',
    '\temail = engine@localhost',
    '[commit]',
    '\tgpgSign = false',
    '',
  ];
  await writeRepository(join(path, '.git'), store, {
    bare: false,
    alternates: [join(store.gitDir, 'objects')],
    head: commit,
    extra: extra.join('\n'),
  });
}

function withRemedy(store: Store, read: { ok: false; failure: Failure }): Result<never, Failure> {
  const { repository } = store;
  const isPartial =
    repository.kind === 'git' && repository.config.some(({ key }) => /^remote\..*\.promisor$/s.test(key));
  if (!isPartial || read.failure.kind === 'cancelled') return read;
  const remedy =
    'This is a partial clone: files missing here are only on its server. Run `git fetch --refetch` with a full filter first.';
  return { ok: false, failure: { ...read.failure, remedy } };
}
