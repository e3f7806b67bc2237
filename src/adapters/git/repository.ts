import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Failure } from '../../core/model/failure';
import { fail, ok, type Result } from '../../base/result';
import { driverOverrides, parseConfig, type ConfigEntry } from './hardening';
import type { Git } from './runGit';

/**
 * The person's repository, as far as the engine looks at it. It is only read; the single thing ever written there is
 * the ref that keeps a run's base commit (`base.ts`).
 */
export type Repository =
  | { readonly kind: 'folder'; readonly root: string }
  | {
      readonly kind: 'git';
      /** Top folder of the checkout; the workspace may be a folder inside it. A run works on all of it. */
      readonly root: string;
      readonly gitDir: string;
      readonly commonDir: string;
      readonly objectFormat: 'sha1' | 'sha256';
      readonly config: readonly ConfigEntry[];
      readonly overrides: readonly ConfigEntry[];
    };

export type GitRepository = Extract<Repository, { kind: 'git' }>;

/** Finds the repository a folder belongs to; a folder that is in none, or that one ignores, stands for itself. */
export async function locateRepository(git: Git, folder: string): Promise<Result<Repository, Failure>> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return unusable(folder, `${folder} is not a folder.`, 'Open a folder that exists.');
  const workspace = await realpath(folder);
  const argv = [
    'rev-parse',
    '--path-format=absolute',
    '--git-dir',
    '--git-common-dir',
    '--show-object-format',
    '--is-bare-repository',
  ];
  const where = await git({ cwd: workspace, config: 'person', argv });
  if (!where.ok) return withoutRepository(workspace, where.failure);
  const [gitDir, commonDir, objectFormat, isBare, ...more] = where.value.text.trimEnd().split('\n');
  if (
    gitDir === undefined ||
    commonDir === undefined ||
    (objectFormat !== 'sha1' && objectFormat !== 'sha256') ||
    more.length
  ) {
    return unusable(
      workspace,
      `The git folder of ${workspace} has a name the engine cannot read (${JSON.stringify(gitDir)}).`,
    );
  }
  if (isBare === 'true') return bare(workspace);
  const top = await git({ cwd: workspace, config: 'person', argv: ['rev-parse', '--show-toplevel'] });
  if (!top.ok)
    return unusable(workspace, `${workspace} is inside a .git folder.`, 'Open the checkout itself.');
  const root = await realpath(top.value.text.replace(/\n$/, ''));
  if (root !== workspace && (await isIgnored(git, root, workspace)))
    return ok({ kind: 'folder', root: workspace });
  const listed = await git({ cwd: root, config: 'person', argv: ['config', '--list', '-z', '--includes'] });
  if (!listed.ok) return listed;
  const config = parseConfig(listed.value.text);
  return ok({
    kind: 'git',
    root,
    gitDir,
    commonDir,
    objectFormat,
    config,
    overrides: driverOverrides(config),
  });
}

/** The commit HEAD names; undefined before the first commit. */
export async function headOf(
  git: Git,
  repository: GitRepository,
): Promise<Result<string | undefined, Failure>> {
  const argv = ['rev-parse', '--verify', '--quiet', '--end-of-options', 'HEAD^{commit}'];
  const found = await git({ cwd: repository.root, config: 'person', argv, accept: [0, 1] });
  if (!found.ok) return found;
  return ok(found.value.exitCode === 0 ? found.value.text.trim() : undefined);
}

/** Paths with uncommitted changes, untracked ones included (a folder for all that is in it), relative to the root. */
export async function localChangesOf(
  git: Git,
  repository: GitRepository,
  signal?: AbortSignal,
): Promise<Result<string[], Failure>> {
  const found = await git({
    cwd: repository.root,
    config: 'person',
    overrides: repository.overrides,
    // Looking into a submodule would run git under the submodule's own configuration.
    argv: [
      'status',
      '--porcelain=v1',
      '-z',
      '--no-renames',
      '--untracked-files=normal',
      '--ignore-submodules=dirty',
    ],
    signal,
  });
  if (!found.ok) return found;
  const paths = found.value.text.split('\0').flatMap((entry) => (entry === '' ? [] : [entry.slice(3)]));
  const onlyReports = await hasOnlyReports(join(repository.root, '.enterprise'));
  return ok(
    paths.filter(
      (path) => !path.startsWith('.enterprise/runs/') && !(path === '.enterprise/' && onlyReports),
    ),
  );
}

/** The engine's own reports in the workspace are nobody's local change. */
function hasOnlyReports(folder: string): Promise<boolean> {
  return readdir(folder).then(
    (names) => names.length === 1 && names[0] === 'runs',
    () => false,
  );
}

/** Whether the repository ignores the whole folder; `check-ignore` does not take paths literally. */
async function isIgnored(git: Git, root: string, folder: string): Promise<boolean> {
  const path = relative(root, folder).split(sep).join('/');
  const argv = ['ls-files', '--others', '--ignored', '--exclude-standard', '--directory', '-z', '--', path];
  const listed = await git({ cwd: root, config: 'person', argv });
  // It may also be a folder above that is ignored.
  return (
    listed.ok &&
    listed.value.text.split('\0').some((entry) => entry.endsWith('/') && `${path}/`.startsWith(entry))
  );
}

function withoutRepository(workspace: string, failure: Failure): Result<Repository, Failure> {
  if (/not a git repository/.test(failure.message)) return ok({ kind: 'folder', root: workspace });
  if (/cannot use bare repository/.test(failure.message)) return bare(workspace);
  if (/dubious ownership/.test(failure.message)) {
    const remedy = `If you trust it: git config --global --add safe.directory '${workspace}'`;
    return unusable(
      workspace,
      `${workspace} belongs to another user of this machine, so git does not open it.`,
      remedy,
    );
  }
  return fail(failure);
}

function bare(workspace: string): Result<Repository, Failure> {
  return unusable(
    workspace,
    `${workspace} is a bare repository: it has no files to work on.`,
    'Open a checkout of it.',
  );
}

function unusable(path: string, message: string, remedy?: string): Result<never, Failure> {
  return fail({ kind: 'workspace-unusable', message, path, ...(remedy === undefined ? {} : { remedy }) });
}
