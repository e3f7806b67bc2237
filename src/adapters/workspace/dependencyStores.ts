import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { packageFolders } from './packageFolders';

/**
 * Folders that the links in a worktree's node_modules lead to: the person's node_modules of the same packages, packages
 * linked into those from elsewhere (`npm link`), and the shared installations. Only the person's checkout is asked, since
 * an agent can put any link into its own worktree. A folder may be named that does not exist.
 */
export async function dependencyStores(
  worktree: string,
  workspace: string,
  cacheFolder: string,
): Promise<string[]> {
  const found = new Set([cacheFolder]);
  for (const folder of await packageFolders(worktree)) {
    const modules = join(workspace, folder, 'node_modules');
    const real = await realpath(modules).catch(() => undefined);
    if (real === undefined || !real.split(sep).includes('node_modules')) continue;
    found.add(modules).add(real);
    for (const target of await linkedFromElsewhere(real)) found.add(target);
  }
  return [...found];
}

async function linkedFromElsewhere(modules: string): Promise<string[]> {
  const links = await linksIn(modules);
  const targets = await Promise.all(links.map((path) => realpath(path).catch(() => undefined)));
  const elsewhere = targets.filter((target) => target !== undefined && !target.startsWith(modules + sep));
  const packages: string[] = [];
  for (const target of new Set(elsewhere)) {
    if (target === undefined || !(await isPackage(target))) continue;
    // A package finds its own dependencies beside itself.
    const at = target.lastIndexOf(`${sep}node_modules${sep}`);
    packages.push(at < 0 ? target : target.slice(0, at + `${sep}node_modules`.length));
  }
  return packages;
}

async function linksIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const scopes = entries.filter((entry) => entry.isDirectory() && entry.name.startsWith('@'));
  const below = await Promise.all(scopes.map((scope) => linksIn(join(folder, scope.name))));
  const own = entries.filter((entry) => entry.isSymbolicLink()).map((entry) => join(folder, entry.name));
  return [...own, ...below.flat()];
}

/** A link to a home or a root is none. */
function isPackage(folder: string): Promise<boolean> {
  return stat(join(folder, 'package.json')).then(
    (found) => found.isFile(),
    () => false,
  );
}
