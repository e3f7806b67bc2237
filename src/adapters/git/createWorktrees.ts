import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worktree, Worktrees } from '../../core/ports';
import type { Failure } from '../../core/model/failure';
import { fail, ok, type Result } from '../../base/result';
import { Limiter } from '../../base/limiter';
import { fixBase, fixBaseAt } from './base';
import { changedEntries, deliverableOf, diffText } from './changes';
import { checkOut, discard, existingWorktree, placesOf, prepareOnce, sweep, type Hydrate } from './checkout';
import { part, resolveCommit } from './commits';
import { fileAt } from './export';
import { integrateCommit, startBranch, tipOf } from './integrate';
import type { Git } from './runGit';
import { commitWork, restoreWork, rewindWork, saveAll } from './saveWork';
import type { Store } from './store';

export interface WorktreesOptions {
  readonly git: Git;
  readonly store: Store;
  /** Makes dependencies usable in a new worktree. */
  readonly hydrate: Hydrate;
  /** Checkouts at once; more do not make a disk faster. Default 4. */
  readonly parallelCheckouts?: number;
}

/** Worktrees on disk over the engine's own git store. */
export function createWorktrees({ git, store, hydrate, parallelCheckouts = 4 }: WorktreesOptions): Worktrees {
  const checkouts = new Limiter(parallelCheckouts);
  const inTurn = oneAtATime();
  const places = (runId: string, taskId: string) => placesOf(store, runId, taskId);
  return {
    base: (runId, signal) => inTurn(`base ${runId}`, () => fixBase(git, store, runId, signal)),
    branchOff: (runId, base, tip) =>
      inTurn(`branch ${runId}`, async () => {
        const fixed = await fixBaseAt(git, store, runId, base);
        return fixed.ok && tip !== base.commit ? startBranch(store, runId, tip) : fixed;
      }),
    create: (runId, taskId, commit, signal, prepare) =>
      inTurn(`${runId} ${taskId}`, async () => {
        const existing = await existingWorktree(places(runId, taskId));
        if (existing) return prepare ? prepareOnce(places(runId, taskId), existing, prepare) : ok(existing);
        if (signal?.aborted)
          return fail({ kind: 'cancelled', message: `Preparing task ${taskId} was cancelled.` });
        return checkouts.run(() =>
          checkOut(store, places(runId, taskId), { taskId, commit }, { hydrate, prepare }, signal),
        );
      }),
    commit: (runId, worktree, message) =>
      inTurn(`${runId} ${worktree.taskId}`, async () => {
        const gone = await missing(worktree);
        return gone ?? commitWork(store, runId, worktree, places(runId, worktree.taskId), message);
      }),
    restore: (worktree, committed) => {
      const runId = runOf(store, worktree);
      return inTurn(`${runId} ${worktree.taskId}`, () =>
        restoreWork(store, runId, worktree, places(runId, worktree.taskId), committed),
      );
    },
    integrate: (runId, taskId, commit, message) =>
      inTurn(`branch ${runId}`, () => integrateCommit(store, runId, { taskId, commit, message })),
    tip: (runId) => tipOf(store, runId),
    rewind: (runId, worktree) =>
      inTurn(`${runId} ${worktree.taskId}`, async () => {
        const gone = await missing(worktree);
        return gone ?? rewindWork(store, runId, worktree, places(runId, worktree.taskId));
      }),
    treeOf: async (commit) => {
      const found = await resolveCommit(store, commit);
      if (!found.ok) return found;
      if (found.value) return ok(found.value.tree);
      return fail({ kind: 'not-found', message: `${commit} is no commit of ${store.gitDir}.` });
    },
    changes: async (from, to) => {
      const entries = await changedEntries(store, from, to);
      return entries.ok ? ok(entries.value.map(deliverableOf)) : entries;
    },
    diff: (from, to, maxChars) => diffText(store, from, to, maxChars),
    fileAt: (commit, path) => fileAt(store, commit, path),
    release: (runId) => releaseRun(store, runId, inTurn),
  };
}

async function releaseRun(
  store: Store,
  runId: string,
  inTurn: InTurn,
): Promise<Result<{ kept: string[] }, Failure>> {
  const folder = join(store.stateFolder, 'worktrees', part(runId));
  const taskIds = await readdir(folder).catch((): string[] => []);
  const kept: string[] = [];
  for (const taskId of taskIds.sort()) {
    const places = placesOf(store, runId, taskId);
    await inTurn(`${runId} ${taskId}`, async () => {
      const worktree = await existingWorktree(places);
      // Without a record no agent was ever let in.
      const saved = worktree ? await saveAll(store, runId, worktree, places) : ok(undefined);
      if (saved.ok) await discard(store, places);
      else kept.push(`${places.path}: ${saved.failure.message}`);
    });
  }
  // Not empty where something was kept, or where another process prepares a task of the run: then it stays.
  for (const name of ['worktrees', 'index'])
    await rmdir(join(store.stateFolder, name, part(runId))).catch(() => undefined);
  await sweep(store);
  return ok({ kept });
}

async function missing(worktree: Worktree): Promise<Result<never, Failure> | undefined> {
  const exists = await readdir(worktree.path).then(
    () => true,
    () => false,
  );
  if (exists) return undefined;
  return fail({
    kind: 'worktree-failed',
    message: `The worktree of task ${worktree.taskId} is gone: ${worktree.path} does not exist any more.`,
    remedy: 'Run the task again; what was committed of it before is kept.',
    path: worktree.path,
  });
}

/** A worktree's path ends in the run's and the task's id. */
function runOf(store: Store, worktree: Worktree): string {
  const runId = worktree.path.slice(join(store.stateFolder, 'worktrees').length + 1).split(/[\\/]/)[0] ?? '';
  return part(runId);
}

type InTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** Runs work with the same key one after another, in the order of the calls. */
function oneAtATime(): InTurn {
  const limiters = new Map<string, Limiter>();
  return (key, work) => {
    const limiter = limiters.get(key) ?? new Limiter(1);
    limiters.set(key, limiter);
    return limiter.run(work);
  };
}
