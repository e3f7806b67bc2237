import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { isInside } from '../process/machineView';

/** Reports of hostile size are not read: they would be the tree's way into our memory. */
const maxBytes = 128 * 1024 * 1024;

/**
 * The text of a report that a tool of the tree wrote. Undefined when it is not there, is no plain file, is too large, or
 * is not in one of the folders the tool may write: a link that was laid in its place could lead to anything this account
 * may read, and what is read goes into findings.
 * @param folders absolute
 */
export async function readReportFile(path: string, folders: readonly string[]): Promise<string | undefined> {
  const real = await realpath(path).catch(() => undefined);
  const places = await Promise.all(folders.map((folder) => realpath(folder).catch(() => undefined)));
  if (real === undefined || !places.some((place) => place !== undefined && isInside(place, real)))
    return undefined;
  // Neither a link that came since nor a pipe, which would never end.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(real, flags).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const found = await file.stat();
    // A file of several names may be one of somewhere else.
    const isPlain = found.isFile() && found.nlink === 1 && found.size <= maxBytes;
    return isPlain ? await file.readFile('utf8') : undefined;
  } catch {
    return undefined; // A failing disk: no report.
  } finally {
    await file.close();
  }
}
