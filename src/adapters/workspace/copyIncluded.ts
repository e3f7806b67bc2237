import { constants } from 'node:fs';
import { lstat, mkdir, open, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Preparation } from '../../core/model/preparation';

/**
 * Copies files of the checkout into a worktree nobody works in yet. Neither side is reached through a link, and nothing
 * that is in the worktree is replaced. Returns the paths that were copied, and why others were not.
 */
export async function copyIncluded(
  files: Preparation['included'],
  checkout: string,
  worktree: string,
): Promise<{ copied: string[]; leftOut: string[] }> {
  const copied: string[] = [];
  const leftOut: string[] = [];
  for (const { path, bytes } of files) {
    const why = await copy(path, bytes, checkout, worktree).catch(
      (error: unknown) => (error as Error).message,
    );
    if (why === undefined) copied.push(path);
    else leftOut.push(`${path} (${why})`);
  }
  return { copied, leftOut };
}

/** @returns why not */
async function copy(
  path: string,
  approvedBytes: number,
  checkout: string,
  worktree: string,
): Promise<string | undefined> {
  const from = join(checkout, path);
  if ((await realpath(dirname(from))) !== join(await realpath(checkout), dirname(path)))
    return 'a folder on its way is a link';
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = await source.stat();
    if (!found.isFile()) return 'it is no regular file any more';
    // What was approved was a small file; a log that grew since is none.
    if (found.size > approvedBytes * 2 + 65_536) return 'it has grown since it was approved';
    if (!(await makeFolders(worktree, dirname(path)))) return 'a folder on its way is a link in the worktree';
    if (await lstat(join(worktree, path)).catch(() => undefined)) return 'the repository has one of its own';
    const target = await open(join(worktree, path), 'wx', found.mode & 0o777);
    try {
      await target.writeFile(await source.readFile());
    } finally {
      await target.close();
    }
    return undefined;
  } finally {
    await source.close();
  }
}

/** False where something on the way is no folder. */
async function makeFolders(root: string, path: string): Promise<boolean> {
  let folder = root;
  for (const part of path.split(/[\\/]/).filter((name) => name !== '' && name !== '.')) {
    folder = join(folder, part);
    await mkdir(folder).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
    if (!(await lstat(folder)).isDirectory()) return false;
  }
  return true;
}
