import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Failure } from '../../core/model/failure';
import { ok, type Result } from '../../base/result';
import type { ConfigEntry } from './hardening';
import type { Repository } from './repository';
import type { Git, GitCall, GitOutput } from './runGit';
import { removeStaleLock } from './staleLock';

/**
 * The engine's own git repository for one workspace. It borrows the objects of the person's repository and shares
 * nothing else with it; worktrees borrow its objects and share nothing else with it. So no configuration, hook or ref
 * that an agent or a repository can write is ever in effect for a command of the engine.
 * See docs/decisions/0001-engine-git-store.md.
 */
export interface Store {
  readonly stateFolder: string;
  readonly gitDir: string;
  readonly repository: Repository;
  /** Configuration that decides how files look in a checkout, taken over from the person. */
  readonly checkoutConfig: string;
  readonly excludes: string;
  /** Commits at which the person's history ends (a shallow clone), as git keeps them; empty otherwise. */
  readonly shallow: string;
  run(call: StoreCall): Promise<Result<GitOutput, Failure>>;
}

export type StoreCall = Omit<GitCall, 'config' | 'gitDir' | 'cwd' | 'overrides'>;

/** Never part of a run, wherever they are: dependencies are linked into worktrees, reports are written beside the files. */
const alwaysExcluded = ['node_modules', '/.enterprise/runs/'];
/** Additionally left out of a folder that has no git to say what belongs to it. */
const excludedFromFolders = ['.venv/', '__pycache__/', '.DS_Store', 'Thumbs.db'];

const identity = {
  GIT_AUTHOR_NAME: 'Enterprise Execution Engine',
  GIT_AUTHOR_EMAIL: 'engine@localhost',
  GIT_COMMITTER_NAME: 'Enterprise Execution Engine',
  GIT_COMMITTER_EMAIL: 'engine@localhost',
};

/** Creates the store in the state folder, or brings what it takes over from the person's repository up to date. */
export async function openStore(git: Git, stateFolder: string, repository: Repository): Promise<Store> {
  const gitDir = join(stateFolder, 'store.git');
  const store: Store = {
    stateFolder,
    gitDir,
    repository,
    checkoutConfig: checkoutConfigOf(repository),
    excludes: await excludesOf(repository),
    shallow: repository.kind === 'git' ? await textOf(join(repository.commonDir, 'shallow')) : '',
    run: (call) => runInStore(git, stateFolder, { ...call, cwd: call.workTree ?? gitDir, gitDir }),
  };
  const alternates = repository.kind === 'git' ? [join(repository.commonDir, 'objects')] : [];
  await writeRepository(gitDir, store, { bare: true, alternates, head: 'ref: refs/heads/none' });
  return store;
}

async function runInStore(
  git: Git,
  stateFolder: string,
  call: StoreCall & Pick<GitCall, 'cwd' | 'gitDir'>,
): Promise<Result<GitOutput, Failure>> {
  const complete: GitCall = { ...call, config: 'store', environment: { ...identity, ...call.environment } };
  const answer = await git(complete);
  if (answer.ok || !(await removeStaleLock(answer.failure, stateFolder, call.cwd))) return answer;
  return git(complete);
}

/** Lays down a git repository without starting git. Existing objects, refs and HEAD stay; the rest is brought up to date. */
export async function writeRepository(
  gitDir: string,
  store: Pick<Store, 'checkoutConfig' | 'excludes' | 'shallow' | 'repository'>,
  options: { bare: boolean; alternates: readonly string[]; head: string; extra?: string },
): Promise<void> {
  for (const folder of ['objects/info', 'objects/pack', 'refs', 'info'])
    await mkdir(join(gitDir, folder), { recursive: true });
  const sha256 = store.repository.kind === 'git' && store.repository.objectFormat === 'sha256';
  const config = [
    '[core]',
    `\trepositoryformatversion = ${sha256 ? 1 : 0}`,
    `\tbare = ${options.bare}`,
    store.checkoutConfig,
    ...(sha256 ? ['[extensions]', '\tobjectformat = sha256'] : []),
    '[gc]',
    '\tauto = 0',
    options.extra ?? '',
  ].join('\n');
  await replace(join(gitDir, 'config'), config);
  await replace(join(gitDir, 'info/exclude'), store.excludes);
  await replace(
    join(gitDir, 'objects/info/alternates'),
    options.alternates.map((path) => `${quoted(path)}\n`).join(''),
  );
  if (store.shallow !== '') await replace(join(gitDir, 'shallow'), store.shallow);
  // Written last: a folder is a repository for git only when it has a HEAD.
  if ((await textOf(join(gitDir, 'HEAD'))) === '') await replace(join(gitDir, 'HEAD'), `${options.head}\n`);
}

/** Only values of a fixed list are taken over: what a configuration says is never copied as text. */
function checkoutConfigOf(repository: Repository): string {
  const isWindows = process.platform === 'win32';
  const values = new Map<string, string>([
    ['filemode', String(!isWindows)],
    ['symlinks', String(!isWindows)],
    ['ignorecase', String(isWindows || process.platform === 'darwin')],
  ]);
  if (repository.kind === 'git') {
    for (const { key, value } of repository.config) {
      const name = /^core\.(autocrlf|eol|filemode|symlinks|ignorecase|precomposeunicode)$/.exec(key)?.[1];
      const safe = name === undefined ? undefined : safeValue(name, value.toLowerCase());
      if (name !== undefined && safe !== undefined) values.set(name, safe);
    }
  }
  return [...values].map(([name, value]) => `\t${name} = ${value}`).join('\n');
}

function safeValue(name: string, value: string): string | undefined {
  if (name === 'eol') return ['lf', 'crlf', 'native'].includes(value) ? value : undefined;
  if (name === 'autocrlf' && value === 'input') return value;
  if (['true', 'yes', 'on', '1'].includes(value)) return 'true';
  return ['false', 'no', 'off', '0', ''].includes(value) ? 'false' : undefined;
}

/** The person's own ignore rules, the weaker ones first (the last rule that fits decides), then ours. */
async function excludesOf(repository: Repository): Promise<string> {
  if (repository.kind === 'folder') return [...excludedFromFolders, ...alwaysExcluded, ''].join('\n');
  const global = await textOf(globalExcludes(repository.config, repository.root));
  const local = await textOf(join(repository.commonDir, 'info/exclude'));
  return [global, local, ...alwaysExcluded, ''].join('\n');
}

/** Where git looks for the rules of a person: `core.excludesFile`, else the configuration folder (gitignore(5)). */
function globalExcludes(config: readonly ConfigEntry[], root: string): string {
  const configured = config.findLast((entry) => entry.key === 'core.excludesfile')?.value;
  const home = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
  if (configured === undefined || configured === '') return join(home, 'git/ignore');
  if (configured.startsWith('~/')) return join(homedir(), configured.slice(2));
  return isAbsolute(configured) ? configured : resolve(root, configured);
}

function textOf(path: string): Promise<string> {
  // A file that is not there (or that we may not read) has no rules for us.
  return readFile(path, 'utf8').catch(() => '');
}

/** Git reads a line of this file as a C string when it begins with a quote (gitrepository-layout(5)). */
function quoted(path: string): string {
  const forward = process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
  return /["#\n]/.test(forward) ? JSON.stringify(forward) : forward;
}

/**
 * Writes a whole file or nothing; leaves it alone when it is already so.
 * @param isDurable the file is on the disk when this resolves, also after a power failure.
 */
export async function replace(path: string, content: string, isDurable = false): Promise<void> {
  if ((await textOf(path)) === content && content !== '') return;
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}`;
  try {
    await writeFile(temporary, content, { flush: isDurable });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  // Windows has no way to flush a folder.
  if (!isDurable || process.platform === 'win32') return;
  const folder = await open(dirname(path), 'r');
  await folder.sync();
  await folder.close();
}

/** Runs git and gives its output without the last newline: an object id, a ref. */
export async function ask(store: Store, call: StoreCall): Promise<Result<string, Failure>> {
  const answer = await store.run(call);
  return answer.ok ? ok(answer.value.text.trim()) : answer;
}
