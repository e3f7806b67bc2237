import { mkdir, readFile, readlink, rm, lstat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Failure } from '../../core/model/failure';
import { ok, type Result } from '../../base/result';
import type { Store } from './store';

/** Files of a commit as they stand in a checkout: with the line ends and the encoding the repository asks for. */

/** Writes files of a commit into an empty folder, under their paths. Submodules are left out. */
export async function exportFiles(
  store: Store,
  commit: string,
  paths: readonly (string | Buffer)[],
  folder: string,
): Promise<Result<void, Failure>> {
  if (paths.length === 0) return ok(undefined);
  const scratch = join(store.stateFolder, 'scratch', randomUUID());
  const workTree = join(scratch, 'empty');
  const indexFile = join(scratch, 'index');
  await mkdir(workTree, { recursive: true });
  try {
    const read = await store.run({ argv: ['read-tree', commit], indexFile });
    if (!read.ok) return read;
    // In an empty work tree the attributes are taken from the index, so from the commit.
    const names = paths.map((path) => (typeof path === 'string' ? Buffer.from(path) : path));
    const input = Buffer.concat(names.flatMap((name) => [name, Buffer.alloc(1)]));
    const argv = ['checkout-index', '--quiet', '-z', '--stdin', `--prefix=${folder}/`];
    const written = await store.run({ argv, input, workTree, indexFile });
    return written.ok ? ok(undefined) : written;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** One file of a commit; undefined when it is not there or is no file. A link gives its target. */
export async function fileAt(
  store: Store,
  commit: string,
  path: string,
): Promise<Result<Uint8Array | undefined, Failure>> {
  const entry = await store.run({ argv: ['ls-tree', '-z', '--end-of-options', commit, '--', path] });
  if (!entry.ok) return entry;
  if (!/^(100|120)\d{3} blob /.test(entry.value.text)) return ok(undefined);
  const folder = join(store.stateFolder, 'scratch', randomUUID());
  await mkdir(folder, { recursive: true });
  try {
    const exported = await exportFiles(store, commit, [path], folder);
    return exported.ok ? ok(await contentOf(join(folder, path))) : exported;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function contentOf(file: string): Promise<Uint8Array> {
  const found = await lstat(file);
  return found.isSymbolicLink() ? readlink(file, { encoding: 'buffer' }) : readFile(file);
}
