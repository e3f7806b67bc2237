import { lstat, mkdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { RestoreRequest } from '../../core/coordination/rescue';
import type { Failure } from '../../core/model/failure';
import { fail, ok, type Result } from '../../base/result';
import { removeTree } from '../process/removeTree';
import { exportFiles } from './export';
import type { TreeFile } from './rescueTrees';
import type { Store } from './store';

/** Writes kept files into a folder of a person: all of them new, or nothing. */

type Target = Pick<RestoreRequest, 'folder' | 'isNew'>;

interface Content extends Pick<TreeFile, 'name' | 'mode'> {
  /** Of a link its target. */
  read(): Promise<Buffer>;
}

/** Files of a commit as they stand in a checkout. */
export async function restoreExported(
  store: Store,
  commit: string,
  files: readonly TreeFile[],
  target: Target,
): Promise<Result<void, Failure>> {
  const scratch = join(store.stateFolder, 'scratch', randomUUID());
  await mkdir(scratch, { recursive: true });
  try {
    const names = files.map(({ name }) => Buffer.from(name, 'latin1'));
    const exported = await exportFiles(store, commit, names, scratch);
    if (!exported.ok) return exported;
    const contents = files.map(({ name, mode }) => ({
      name,
      mode,
      read: () => contentOf(pathIn(scratch, name), mode),
    }));
    return await restoreFiles(contents, target);
  } finally {
    await removeTree(scratch);
  }
}

function contentOf(path: Buffer, mode: string): Promise<Buffer> {
  return mode === '120000' ? readlink(path, { encoding: 'buffer' }) : readFile(path);
}

export async function restoreFiles(
  files: readonly Content[],
  { folder, isNew }: Target,
): Promise<Result<void, Failure>> {
  const found = await stat(folder).catch(() => undefined);
  if (found && (isNew || !found.isDirectory())) return taken(folder, [folder]);
  const blocking = new Set<string>();
  for (const { name } of files) {
    if (!isSafe(name)) return unsafe(name);
    const place = await inTheWay(folder, name);
    if (place !== undefined) blocking.add(place);
  }
  if (blocking.size > 0) return taken(folder, [...blocking]);
  let written = 0;
  try {
    await mkdir(folder, { recursive: true });
    for (const file of files) {
      await write(folder, file);
      written++;
    }
    return ok(undefined);
  } catch (error) {
    const message = `Only ${written} of ${files.length} files could be written into ${folder}: ${(error as Error).message}`;
    return fail({
      kind: 'usage',
      message,
      remedy: 'Mend the cause, then restore into another folder.',
      path: folder,
    });
  }
}

async function write(folder: string, file: Content): Promise<void> {
  const { name, mode } = file;
  const content = await file.read();
  const end = name.lastIndexOf('/');
  if (end > 0) await mkdir(pathIn(folder, name.slice(0, end)), { recursive: true });
  // Both fail where something is in the meantime.
  if (mode === '120000') await symlink(content, pathIn(folder, name));
  else
    await writeFile(pathIn(folder, name), content, { flag: 'wx', mode: mode === '100755' ? 0o777 : 0o666 });
}

/** The first part of the path that is there and is no folder, or the file itself: links count, wherever they lead. */
async function inTheWay(folder: string, name: string): Promise<string | undefined> {
  const parts = name.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const part = parts.slice(0, depth).join('/');
    const found = await lstat(pathIn(folder, part)).catch(() => undefined);
    if (!found) return undefined;
    if (depth === parts.length || !found.isDirectory()) return pathIn(folder, part).toString('utf8');
  }
  return undefined;
}

/** An agent can make commits with any names in them. */
function isSafe(name: string): boolean {
  return name.split('/').every((part) => !/^(|\.|\.\.|\.git)$/i.test(part));
}

function unsafe(name: string): Result<never, Failure> {
  return fail({
    kind: 'usage',
    message: `Nothing was written: ${JSON.stringify(Buffer.from(name, 'latin1').toString('utf8'))} is no name for a file that is safe to restore.`,
    remedy: 'Name the paths to restore.',
  });
}

function taken(folder: string, paths: readonly string[]): Result<never, Failure> {
  const first = paths.slice(0, 10).join(', ');
  const more = paths.length > 10 ? ` and ${paths.length - 10} more` : '';
  return fail({
    kind: 'usage',
    message: `Nothing was written, because nothing is replaced: ${first}${more} ${paths.length === 1 ? 'exists' : 'exist'} already.`,
    remedy: 'Name a new folder: --to DIR',
    path: folder,
  });
}

function pathIn(folder: string, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);
}
