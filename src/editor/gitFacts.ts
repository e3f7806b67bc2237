import type { Uri } from 'vscode';
import type { Environment } from '../protocol/webviewMessages';
import type { VsCode } from './vscodeApi';

export type GitFact = Environment['git'];

/**
 * What kind of folder this is, read from git's files without running anything, for hints before the first run. The
 * engine decides for itself; an unusual layout is `repository`.
 */
export async function gitFact(api: VsCode, folder: Uri): Promise<GitFact> {
  const git = await findGit(api, folder);
  if (!git) return 'no-repository';
  const head = await textOf(api, api.Uri.joinPath(git, 'HEAD'));
  const branch = head && /^ref: (refs\/heads\/[^\n]+)/.exec(head)?.[1];
  if (!branch || branch.endsWith('/.invalid')) return 'repository';
  if ((await textOf(api, api.Uri.joinPath(git, ...branch.split('/')))) !== undefined) return 'repository';
  const packed = await textOf(api, api.Uri.joinPath(git, 'packed-refs'));
  return packed?.includes(` ${branch}\n`) ? 'repository' : 'no-commits';
}

/** The `.git` of the repository a folder belongs to. */
export async function findGit(api: VsCode, folder: Uri): Promise<Uri | undefined> {
  for (let at = folder; ;) {
    const candidate = api.Uri.joinPath(at, '.git');
    if (await exists(api, candidate)) return candidate;
    const parent = api.Uri.joinPath(at, '..');
    if (parent.path === at.path) return undefined;
    at = parent;
  }
}

async function exists(api: VsCode, uri: Uri): Promise<boolean> {
  return api.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** Undefined where there is no such file, or where it is no file. */
async function textOf(api: VsCode, uri: Uri): Promise<string | undefined> {
  return api.workspace.fs.readFile(uri).then(
    (bytes) => new TextDecoder().decode(bytes),
    () => undefined,
  );
}
