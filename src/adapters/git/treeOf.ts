import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Failure } from '../../core/model/failure';
import { fail, ok, type Result } from '../../base/result';
import { ask, type Store } from './store';

/**
 * Turns the files of a folder into a git tree, through an index of the engine's own. Files that the ignore rules in
 * force there leave out are not part of it. Repositories inside the folder become plain folders (never links to commits
 * that nobody else has), and submodules stay what they are in the index.
 */
export interface Folder {
  readonly path: string;
  /** Keeps what is known about the files, so that the next time only changed ones are read. */
  readonly indexFile: string;
  /** Also what the ignore rules leave out, except dependencies. */
  readonly withIgnored?: boolean;
  /** Untracked paths that are never part of the tree. */
  readonly without?: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
}

export async function treeOf(store: Store, folder: Folder): Promise<Result<string, Failure>> {
  const tracked = await trackedChanges(store, folder);
  if (!tracked.ok) return tracked;
  const untracked = await untrackedFiles(store, folder);
  if (!untracked.ok) return untracked;
  const gone = [...tracked.value.gone, ...untracked.value.repositories];
  if (gone.length > 0) {
    const removed = await update(store, folder, ['--force-remove'], gone);
    if (!removed.ok) return removed;
  }
  const present = [...tracked.value.present, ...untracked.value.files];
  if (present.length > 0) {
    const added = await update(store, folder, ['--add', '--remove', '--replace'], present);
    if (!added.ok) return added;
  }
  for (const repository of untracked.value.repositories) {
    const flattened = await flatten(store, folder, repository);
    if (!flattened.ok) return flattened;
  }
  const submodules = await untouchedSubmodules(store, folder);
  if (!submodules.ok) return submodules;
  return ask(store, { argv: ['write-tree'], indexFile: folder.indexFile, signal: folder.signal });
}

/** Files git does not know yet, and folders that are repositories of their own. Names are bytes, kept as latin1. */
export async function untrackedFiles(
  store: Store,
  folder: Folder,
): Promise<Result<{ files: string[]; repositories: string[] }, Failure>> {
  const rules = folder.withIgnored ? ['--exclude=node_modules'] : ['--exclude-standard'];
  const listed = await inFolder(store, folder, ['ls-files', '--others', '-z', ...rules]);
  if (!listed.ok) return listed;
  const without = new Set([...(folder.without ?? [])].map((path) => Buffer.from(path).toString('latin1')));
  const names = split(listed.value.bytes).filter((path) => !without.has(path));
  return ok({
    files: names.filter((name) => !name.endsWith('/')),
    repositories: names.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1)),
  });
}

/** Raw format: `:<mode> <mode> <oid> <oid> <status>` and the path, each ended by NUL (git-diff-files(1)). */
async function trackedChanges(
  store: Store,
  folder: Folder,
): Promise<Result<{ present: string[]; gone: string[] }, Failure>> {
  // Looking into a submodule would run git under a configuration that the agent may have written.
  const listed = await inFolder(store, folder, [
    'diff-files',
    '--raw',
    '-z',
    '--no-renames',
    '--ignore-submodules=all',
  ]);
  if (!listed.ok) return listed;
  const fields = split(listed.value.bytes);
  const changes = { present: [] as string[], gone: [] as string[] };
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const isGone = fields[at]?.endsWith('D') || fields[at]?.split(' ')[1] === '160000';
    (isGone ? changes.gone : changes.present).push(fields[at + 1] ?? '');
  }
  return ok(changes);
}

function update(store: Store, folder: Folder, options: readonly string[], names: readonly string[]) {
  const input = Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1');
  return inFolder(store, folder, ['update-index', ...options, '-z', '--stdin'], input);
}

async function flatten(store: Store, folder: Folder, repository: string): Promise<Result<void, Failure>> {
  const name = Buffer.from(repository, 'latin1').toString('utf8');
  const indexFile = `${folder.indexFile}.${randomUUID()}`;
  const inner = [...(folder.without ?? [])].filter((path) => path.startsWith(`${name}/`));
  const without = new Set(inner.map((path) => path.slice(name.length + 1)));
  const tree = await treeOf(store, { ...folder, path: join(folder.path, name), indexFile, without });
  await rm(indexFile, { force: true });
  if (!tree.ok) return tree;
  const read = await inFolder(store, folder, ['read-tree', `--prefix=${name}/`, tree.value]);
  return read.ok ? ok(undefined) : read;
}

/** Work inside the folder of a submodule has no place in this tree; it must not be left out silently. */
async function untouchedSubmodules(store: Store, folder: Folder): Promise<Result<void, Failure>> {
  const listed = await inFolder(store, folder, ['ls-files', '--stage', '-z']);
  if (!listed.ok) return listed;
  const links = split(listed.value.bytes).filter((entry) => entry.startsWith('160000 '));
  for (const link of links) {
    const name = Buffer.from(link.slice(link.indexOf('\t') + 1), 'latin1').toString('utf8');
    const content = await readdir(join(folder.path, name)).catch((): string[] => []);
    // With a `.git` in it somebody checked the submodule out to read it: that is no work of this tree.
    if (content.length === 0 || content.includes('.git')) continue;
    return fail({
      kind: 'worktree-failed',
      message: `${name} is a submodule, and files were written into it: the engine cannot keep changes inside submodules.`,
      remedy: 'Run the task in the submodule’s own repository.',
      path: folder.path,
    });
  }
  return ok(undefined);
}

/** How many files, and bytes, git does not know yet; for deciding whether a folder can be taken in at all. */
export async function extentOf(
  store: Store,
  folder: Folder,
): Promise<Result<{ files: number; bytes: number }, Failure>> {
  const listed = await untrackedFiles(store, folder);
  if (!listed.ok) return listed;
  const extent = { files: listed.value.files.length, bytes: 0 };
  for (const name of listed.value.files) {
    extent.bytes += await stat(inside(folder, name)).then(
      (found) => found.size,
      () => 0,
    );
  }
  for (const name of listed.value.repositories) {
    const inner = await extentOf(store, { ...folder, path: inside(folder, name) });
    if (!inner.ok) return inner;
    extent.files += inner.value.files;
    extent.bytes += inner.value.bytes;
  }
  return ok(extent);
}

function inside(folder: Folder, name: string): string {
  return join(folder.path, Buffer.from(name, 'latin1').toString('utf8'));
}

function inFolder(store: Store, folder: Folder, argv: readonly string[], input?: Uint8Array) {
  return store.run({
    argv,
    workTree: folder.path,
    indexFile: folder.indexFile,
    signal: folder.signal,
    ...(input ? { input } : {}),
  });
}

function split(bytes: Buffer): string[] {
  return bytes
    .toString('latin1')
    .split('\0')
    .filter((entry) => entry !== '');
}
