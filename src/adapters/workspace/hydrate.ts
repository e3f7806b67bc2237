import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { failureOf } from '../../core/model/failure';
import { createInstaller, lockfileIn, type Installer } from './install';
import { linkFarm, type FarmSource } from './linkFarm';
import { packageFolders } from './packageFolders';

/**
 * Makes the dependencies of a checkout usable in a fresh worktree, without writing into the checkout: linked from the
 * person's own node_modules, or from one installation shared by all worktrees with the same lockfile.
 */

/** @returns a sentence that begins with `linked`, `installed` or `none`; what went wrong is in it. */
export type Hydrate = (worktree: string, workspace: string, signal?: AbortSignal) => Promise<string>;

/** @param cacheFolder where shared installations are kept. */
export function createHydrate(cacheFolder: string): Hydrate {
  const install = createInstaller(cacheFolder);
  return (worktree, workspace, signal) =>
    hydrate(install, worktree, workspace, signal).catch((error: unknown) => {
      // A worktree without dependencies is still of use; its gates will say what is missing.
      return `none: ${failureOf(error, 'Linking the dependencies').message}`;
    });
}

async function hydrate(
  install: Installer,
  worktree: string,
  workspace: string,
  signal?: AbortSignal,
): Promise<string> {
  const folders = await packageFolders(worktree);
  if (folders.length === 0) return 'none: the repository has no package.json';
  const report: Report = { linked: 0, installed: 0, folders: 0, notes: [] };
  for (const folder of folders) {
    if (await isFolder(join(worktree, folder, 'node_modules'))) continue;
    const lockfile = await lockfileIn(join(worktree, folder));
    const here = join(workspace, folder);
    const isCurrent =
      lockfile === undefined || (await isSameFile(join(worktree, folder, lockfile), join(here, lockfile)));
    const hasModules = await isFolder(join(here, 'node_modules'));
    if (hasModules && isCurrent) await link(report, 'linked', folder, { worktree, root: workspace });
    else if (lockfile !== undefined) {
      await installed(
        install,
        report,
        { worktree, workspace, folder, lockfile, hasModules },
        folders,
        signal,
      );
    }
  }
  return sentence(report);
}

interface Report {
  /** Packages. */
  linked: number;
  installed: number;
  folders: number;
  readonly notes: string[];
}

interface Place {
  readonly worktree: string;
  readonly workspace: string;
  readonly folder: string;
  readonly lockfile: string;
  readonly hasModules: boolean;
}

async function installed(
  install: Installer,
  report: Report,
  place: Place,
  folders: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const { worktree, workspace, folder, lockfile } = place;
  const below = folders.filter(
    (other) => folder === '' || other === folder || other.startsWith(`${folder}/`),
  );
  const done = await install({ worktree, folder, lockfile, folders: below, signal });
  if (done.ok) {
    for (const other of below) {
      const isThere = await isFolder(join(done.root, other, 'node_modules'));
      const isTaken = await isFolder(join(worktree, other, 'node_modules'));
      if (isThere && !isTaken) await link(report, 'installed', other, { worktree, root: done.root });
    }
    return;
  }
  report.notes.push(done.why);
  if (!place.hasModules) return;
  report.notes.push(`the workspace's node_modules are for another ${lockfile}`);
  await link(report, 'linked', folder, { worktree, root: workspace });
}

async function link(
  report: Report,
  how: 'linked' | 'installed',
  folder: string,
  source: FarmSource,
): Promise<void> {
  report[how] += await linkFarm(source, folder);
  report.folders++;
}

function sentence({ linked, installed: fresh, folders, notes }: Report): string {
  const places = `in ${folders} ${folders === 1 ? 'folder' : 'folders'}`;
  const parts: string[] = [];
  if (linked > 0) parts.push(`linked: ${linked} packages of the workspace's node_modules ${places}`);
  if (fresh > 0) parts.push(`installed: ${fresh} packages ${places}, without lifecycle scripts`);
  if (parts.length === 0) parts.push('none');
  if (parts[0] === 'none' && notes.length === 0)
    notes.push('nothing is installed in the workspace and there is no lockfile');
  return notes.length === 0 ? parts.join('; ') : `${parts.join('; ')}: ${notes.join('; ')}`;
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([a, b].map((path) => readFile(path).catch(() => undefined)));
  // A checkout without the lockfile cannot be out of date with it.
  return right === undefined || left?.equals(right) === true;
}
