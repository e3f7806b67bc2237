import { copyFile, cp, mkdir, readdir, readlink, realpath, stat, symlink } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

/**
 * A node_modules folder of links: the folder itself is the worktree's own, so tools may add to it and put their caches
 * there, while the packages in it are those of another checkout.
 */
export interface FarmSource {
  readonly worktree: string;
  /** The checkout whose node_modules are linked to. */
  readonly root: string;
}

/** Stores that packages are linked out of (pnpm, the isolated linkers of npm and yarn): shared, never written by tools. */
const stores = new Set(['.pnpm', '.store', '.aspect_rules_js']);
/** Generated code that packages load from beside them, and that a tool may generate anew: each worktree has a copy. */
const generated = new Set(['.prisma']);
/** Without its notes of where packages are, `yarn run` refuses to run anything: each worktree has a copy. */
const notes = new Set(['.yarn-state.yml']);

/** @returns the number of packages. */
export async function linkFarm(source: FarmSource, folder: string): Promise<number> {
  const from = join(source.root, folder, 'node_modules');
  const into = join(source.worktree, folder, 'node_modules');
  await mkdir(into, { recursive: true });
  const root = await realpath(source.root);
  let packages = 0;
  for (const entry of await readdir(from)) {
    if (entry === '.bin') await linkPrograms(join(from, entry), join(into, entry));
    else if (stores.has(entry)) await linkTo(join(from, entry), join(into, entry));
    else if (generated.has(entry))
      await cp(join(from, entry), join(into, entry), { recursive: true, verbatimSymlinks: true });
    else if (notes.has(entry)) await copyFile(join(from, entry), join(into, entry));
    // Other names with a dot are caches and notes of tools: not shared for writing.
    else if (entry.startsWith('.')) continue;
    else if (entry.startsWith('@'))
      packages += await linkScope(source, root, join(from, entry), join(into, entry));
    else packages += await linkPackage(source, root, join(from, entry), join(into, entry));
  }
  return packages;
}

async function linkScope(source: FarmSource, root: string, from: string, into: string): Promise<number> {
  await mkdir(into, { recursive: true });
  let packages = 0;
  for (const entry of await readdir(from))
    packages += await linkPackage(source, root, join(from, entry), join(into, entry));
  return packages;
}

/** A package that is part of the checkout itself (a monorepo) is taken from the worktree, where it may be changed. */
async function linkPackage(source: FarmSource, root: string, from: string, into: string): Promise<number> {
  const real = await realpath(from).catch(() => undefined);
  // A link that leads nowhere is no package.
  if (real === undefined) return 0;
  const way = relative(root, real);
  const isOwn =
    way !== '' && !way.startsWith('..') && !isAbsolute(way) && !way.split(sep).includes('node_modules');
  const own = join(source.worktree, way);
  await linkTo(isOwn && (await exists(own)) ? own : from, into);
  return 1;
}

/** Links among programs are relative (`../typescript/bin/tsc`), so they lead through the farm when they are kept. */
async function linkPrograms(from: string, into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  for (const name of await readdir(from)) {
    const target = await readlink(join(from, name)).catch(() => undefined);
    if (target !== undefined) await symlink(target, join(into, name));
    // A script: it finds its package relative to itself.
    else await copyFile(join(from, name), join(into, name));
  }
}

async function linkTo(target: string, path: string): Promise<void> {
  const isFolder = (await stat(target)).isDirectory();
  // Junctions are the links that need no privilege on Windows.
  if (isFolder) await symlink(target, path, 'junction');
  else await copyFile(target, path);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
