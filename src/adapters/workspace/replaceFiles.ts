import { chmod, lstat, mkdir, open, readdir, rename, rm, rmdir, symlink, unlink } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { isSame, stateOf, type FileContent } from './fileState';

/** Writing into a person's checkout: each file appears whole or not at all, and nothing else is touched. */

export interface Replacement {
  readonly path: string;
  /** What is expected to stand there; it is looked at once more right before it is replaced. */
  readonly current: FileContent | undefined;
  /** Undefined: the file goes. */
  readonly next: FileContent | undefined;
}

/** Begins the name of a file that is being written. */
const temporaryPrefix = '.enterprise-delivery-';

/** A file was changed by somebody else between the look and the write. */
export class ChangedMeanwhile extends Error {
  constructor(readonly path: string) {
    super(`${path} was changed while it was being replaced`);
  }
}

/** The system does not let a file be replaced: it names the person's file, not the one that was being written. */
export class NotReplaceable extends Error {
  constructor(
    readonly path: string,
    cause: NodeJS.ErrnoException,
  ) {
    super(reasons[cause.code ?? ''] ?? cause.message, { cause });
  }
}

/** One could not be replaced, and some of those before it could not be put back either: they stay replaced. */
export class NotPutBack extends Error {
  constructor(
    readonly paths: readonly string[],
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'it or its folder may not be written',
  EPERM: 'it or its folder may not be written',
  EROFS: 'it is on a read-only file system',
  ENOSPC: 'no space is left on its disk',
  EDQUOT: 'the disk quota is used up',
};

/** Replaces all of them; when one cannot be, puts back those that were and throws what stopped it, or `NotPutBack`. */
export async function replaceFiles(
  root: string,
  replacements: readonly Replacement[],
  heedsExecutable: boolean,
): Promise<void> {
  // What goes first makes room: a folder may take the place of a file, and the other way round.
  const ordered = [...replacements].sort(
    (a, b) => Number(a.next !== undefined) - Number(b.next !== undefined),
  );
  const done: Replacement[] = [];
  try {
    for (const replacement of ordered) {
      const now = await stateOf(root, replacement.path);
      if (!isSame(now, replacement.current, heedsExecutable)) throw new ChangedMeanwhile(replacement.path);
      await replaceFile(root, replacement).catch((error: unknown) => {
        const { code } = error as NodeJS.ErrnoException;
        throw code === undefined
          ? error
          : new NotReplaceable(replacement.path, error as NodeJS.ErrnoException);
      });
      done.push(replacement);
    }
  } catch (error) {
    const stuck: string[] = [];
    for (const { path, current, next } of done.reverse())
      await replaceFile(root, { path, current: next, next: current }).catch(() => stuck.push(path));
    throw stuck.length > 0 ? new NotPutBack(stuck, error) : error;
  }
  await syncFolders(root, replacements);
}

/** Removes what an interrupted call left half-written in the folders of these paths. */
export async function removeLeftovers(root: string, paths: readonly string[]): Promise<void> {
  for (const folder of foldersOf(root, paths)) {
    const names = await readdir(folder).catch((): string[] => []);
    for (const name of names)
      if (name.startsWith(temporaryPrefix)) await rm(join(folder, name), { force: true });
  }
}

async function replaceFile(root: string, { path, current, next }: Replacement): Promise<void> {
  const full = join(root, path);
  if (next === undefined) {
    await unlink(full);
    return removeEmptyFolders(root, dirname(path));
  }
  await mkdir(dirname(full), { recursive: true });
  const temporary = join(dirname(full), `${temporaryPrefix}${randomUUID()}`);
  try {
    if (next.kind === 'link') await symlink(Buffer.from(next.bytes), temporary);
    else await writeWhole(temporary, next, current ? await permissionsOf(full, next) : undefined);
    await rename(temporary, full);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeWhole(
  file: string,
  content: FileContent,
  permissions: number | undefined,
): Promise<void> {
  // The system takes the person's umask off these.
  const handle = await open(file, 'wx', content.isExecutable ? 0o777 : 0o666);
  try {
    await handle.writeFile(content.bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (permissions !== undefined) await chmod(file, permissions);
}

/** The replaced file's permissions, executable for those who may read it or for nobody. */
async function permissionsOf(full: string, next: FileContent): Promise<number | undefined> {
  const found = await lstat(full);
  if (!found.isFile()) return undefined;
  const permissions = found.mode & 0o777;
  if (next.isExecutable === ((permissions & 0o100) !== 0)) return permissions;
  return next.isExecutable ? permissions | ((permissions & 0o444) >> 2) : permissions & ~0o111;
}

/** A folder that held only what was just removed goes with it; the root stays. */
async function removeEmptyFolders(root: string, folder: string): Promise<void> {
  for (let at = folder; at !== '.' && at !== ''; at = dirname(at)) {
    const isGone = await rmdir(join(root, at)).then(
      () => true,
      (error: unknown) => {
        if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? ''))
          return false;
        throw error;
      },
    );
    if (!isGone) return;
  }
}

async function syncFolders(root: string, replacements: readonly Replacement[]): Promise<void> {
  // Windows has no way to flush a folder.
  if (process.platform === 'win32') return;
  for (const folder of foldersOf(
    root,
    replacements.map(({ path }) => path),
  )) {
    const handle = await open(folder, 'r').catch(() => undefined);
    await handle?.sync();
    await handle?.close();
  }
}

function foldersOf(root: string, paths: readonly string[]): Set<string> {
  return new Set(paths.map((path) => dirname(join(root, path))));
}
