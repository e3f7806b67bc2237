import { rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAbsolute, join, relative } from 'node:path';
import type { Failure } from '../../core/model/failure';

/**
 * Locks that a killed git left in the engine's own folders. Nobody else works there, and work on one index or ref is done
 * one after another, so a lock that stays is nobody's. The person's repository is never unlocked.
 */

/** A git that outlived its engine for a moment may still be writing. */
const staleMs = 2000;

/** True when a lock that made git fail was removed, so that the command can be run again. */
export async function removeStaleLock(failure: Failure, stateFolder: string, cwd: string): Promise<boolean> {
  const named = /Unable to create '(?<path>.+\.lock)': File exists/s.exec(failure.message)?.groups?.['path'];
  if (failure.kind !== 'git-failed' || named === undefined) return false;
  const lock = isAbsolute(named) ? named : join(cwd, named);
  const way = relative(stateFolder, lock);
  if (way.startsWith('..') || isAbsolute(way)) return false;
  const ageMs = await stat(lock).then(
    (found) => Date.now() - found.mtimeMs,
    () => Infinity,
  );
  // Longer than this is waited for no lock, also where the wall clock was set back.
  if (ageMs < staleMs) await sleep(staleMs - Math.max(ageMs, 0));
  await rm(lock, { force: true });
  return true;
}
