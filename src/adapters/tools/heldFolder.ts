import { constants, existsSync } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { WorktreePath } from './worktreePath';

/**
 * Does something with a file of a worktree while the folder it stands in is held open. `at` names the file through that
 * folder, so that whoever puts a link in the place of a folder meanwhile (a program an agent left running) leads nobody
 * elsewhere: a link that was not there when the path was resolved is an error (`ENOTDIR`, `ELOOP`). Where the system
 * cannot name what is open, `at` is the path as it was resolved. The last part of `at` is for the caller not to follow.
 * @param make makes the folders on the way that are missing; else `ENOENT`
 */
export async function inHeldFolder<T>(
  path: WorktreePath,
  make: boolean,
  act: (at: string) => Promise<T>,
): Promise<T> {
  const { absolute, relative } = path;
  const isBelow = relative !== '.' && absolute.endsWith(`/${relative}`);
  if (!canNameOpen || !isBelow) {
    if (make) await mkdir(dirname(absolute), { recursive: true });
    return act(absolute);
  }
  const parts = relative.split('/');
  const name = parts.pop() ?? '';
  let folder = await open(absolute.slice(0, -relative.length - 1), constants.O_DIRECTORY);
  try {
    for (const part of parts) {
      const next = await below(folder, part, make);
      await folder.close();
      folder = next;
    }
    return await act(through(folder, name));
  } finally {
    await folder.close();
  }
}

const canNameOpen = process.platform === 'linux' && existsSync('/proc/self/fd');

async function below(folder: FileHandle, name: string, make: boolean): Promise<FileHandle> {
  const path = through(folder, name);
  if (make) await mkdir(path).catch(unlessThere);
  return open(path, constants.O_DIRECTORY | constants.O_NOFOLLOW);
}

function unlessThere(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
}

function through(folder: FileHandle, name: string): string {
  return `/proc/self/fd/${folder.fd}/${name}`;
}
