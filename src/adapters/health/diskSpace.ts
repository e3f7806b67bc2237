import { statfs } from 'node:fs/promises';
import { fail, ok, type Result } from '../../base/result';
import type { Failure } from '../../core/model/failure';

/** Below this a run would fail in its middle: every task has a checkout of its own. */
const leastMegabytes = 256;

/** Refuses a state folder on a disk that is as good as full. */
export async function refuseFullDisk(
  folder: string,
  freeMegabytes: (folder: string) => Promise<number | undefined> = free,
): Promise<Result<void, Failure>> {
  const megabytes = await freeMegabytes(folder);
  if (megabytes === undefined || megabytes >= leastMegabytes) return ok(undefined);
  return fail({
    kind: 'workspace-unusable',
    path: folder,
    message: `Only ${Math.floor(megabytes)} MB are free where the engine keeps its worktrees (${folder}); a run takes at least ${leastMegabytes} MB.`,
    remedy: 'Free some disk space, or set ENTERPRISE_HOME to a folder on another disk.',
  });
}

/** Undefined where the file system does not say. */
async function free(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize, blocks } = await statfs(folder);
    return blocks === 0 ? undefined : (bavail * bsize) / 1024 ** 2;
  } catch (error) {
    // A folder that is not there yet says nothing about its disk.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
