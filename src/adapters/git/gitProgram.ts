import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { delimiter, isAbsolute, join, relative } from 'node:path';
import type { Failure } from '../../core/model/failure';
import { fail, ok, type Result } from '../../base/result';
import { runProcess } from '../process/run';

/** The git every engine command runs: an absolute path outside the folders that others can write. */
export interface GitProgram {
  readonly file: string;
  readonly version: string;
}

const minimum = [2, 38] as const;
const remedy = `Install git ${minimum.join('.')} or newer and make sure it is on the PATH.`;

/** Finds git on the PATH, skipping relative entries and everything inside `untrusted` folders (the workspace, its worktrees). */
export async function findGit(untrusted: readonly string[]): Promise<Result<GitProgram, Failure>> {
  const forbidden = await Promise.all(untrusted.map(canonical));
  const names = process.platform === 'win32' ? ['git.exe'] : ['git'];
  for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter(isAbsolute)) {
    for (const name of names) {
      const file = join(folder, name);
      // Both count: where the PATH points, and where a link there leads. It is run by its own name.
      const places = [file, await canonical(file)];
      const isForbidden = forbidden.some((root) => places.some((place) => isInside(root, place)));
      if (!isForbidden && (await isExecutable(file))) return checkVersion(file);
    }
  }
  return fail({
    kind: 'git-failed',
    message: 'Git was not found on the PATH.',
    remedy,
    argv: ['--version'],
    exitCode: null,
  });
}

async function checkVersion(file: string): Promise<Result<GitProgram, Failure>> {
  const argv = ['--version'];
  const { stdout, exitCode, startError } = await runProcess({
    file,
    args: argv,
    cwd: '/',
    timeoutMs: 30_000,
  });
  const version = /(\d+)\.(\d+)(\.\d+)*/.exec(stdout);
  if (exitCode !== 0 || !version) {
    const why = startError ?? `it answered ${JSON.stringify(stdout.slice(0, 200))}`;
    return fail({
      kind: 'git-failed',
      message: `Git (${file}) does not tell its version: ${why}`,
      remedy,
      argv,
      exitCode,
    });
  }
  const [major, minor] = [Number(version[1]), Number(version[2])];
  if (major < minimum[0] || (major === minimum[0] && minor < minimum[1])) {
    const message = `Git ${version[0]} (${file}) is too old: the engine merges in memory, which needs ${minimum.join('.')}.`;
    return fail({ kind: 'git-failed', message, remedy, argv, exitCode });
  }
  return ok({ file, version: version[0] });
}

/** The path with its links followed; itself when it does not exist. */
function canonical(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}
