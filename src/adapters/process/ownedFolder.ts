import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes a new folder that only this account enters and that belongs to this process for as long as it lives: whoever
 * sweeps left-overs leaves it alone until then, however old it is.
 */
export async function ownedFolder(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  return mkdtemp(join(await realpath(parent), `owned-${process.pid}-`));
}

/** Whether a folder of this name belongs to a process that lives. */
export function hasLivingOwner(name: string): boolean {
  const id = /^owned-(\d+)-/.exec(name)?.[1];
  if (id === undefined) return false;
  try {
    process.kill(Number(id), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
