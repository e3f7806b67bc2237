import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ownedFolder } from './ownedFolder';
import { removeTree } from './removeTree';
import type { Loopback } from './sandboxLoopback';

/** What the commands of one session have in common: `/tmp` and, where the machine allows it, the loopback. */
export interface Shared {
  /** Absolute; what is `/tmp` for them. */
  readonly temporary: string;
  /** Undefined: each command has its own. */
  readonly loopback: Loopback | undefined;
}

export interface SharedPlace {
  /** Made at the first command. Rejects when it was closed. */
  open(): Promise<Shared>;
  /** Removes the folder and gives the loopback back. To be called when no command runs any more; twice is harmless. */
  close(): Promise<void>;
}

/**
 * @param scratchFolder the folder gets a place in it; what a killed engine leaves there is for its owner to sweep
 * @param loopback may reject: then this session does without
 */
export function sharedPlace(
  scratchFolder: string,
  loopback: () => Promise<Loopback | undefined>,
): SharedPlace {
  let opening: Promise<Shared & { readonly folder: string }> | undefined;
  let isClosed = false;
  const make = async () => {
    const folder = await ownedFolder(scratchFolder);
    const temporary = join(folder, 'tmp');
    await mkdir(temporary);
    // As `/tmp` is everywhere; others of this machine do not come through the folder round it.
    await chmod(temporary, 0o1777);
    return { folder, temporary, loopback: await loopback().catch(() => undefined) };
  };
  return {
    open: () =>
      isClosed ? Promise.reject(new Error('A command began after its session.')) : (opening ??= make()),
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      const shared = await opening?.catch(() => undefined);
      if (shared === undefined) return;
      await shared.loopback?.close();
      // What cannot be removed (a failing disk) is left to the sweep; the work of the session is not lost by it.
      await removeTree(shared.folder).catch(() => undefined);
    },
  };
}
