import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes a folder that commands wrote, also where they took away the permission to write in it (caches of Go do so).
 * Links are removed, never followed. Nothing may write there any more. Rejects when something is left.
 * @param maxRetries when something is busy, as files of ended programs may be for a moment
 */
export async function removeTree(path: string, maxRetries = 0): Promise<void> {
  const how = { recursive: true, force: true, maxRetries };
  try {
    await rm(path, how);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    await open(path);
    await rm(path, how);
  }
}

async function open(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await open(join(folder, entry.name));
}
