import { constants } from 'node:fs';
import { access, mkdtemp, realpath, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { isInside } from './machineView';
import { runProcess } from './run';
import { sandboxArguments, type View } from './sandboxArguments';

/** A bubblewrap that works here: it was tried. */
export interface Bubblewrap {
  readonly kind: 'ready';
  /** Absolute. */
  readonly file: string;
  readonly version: string;
  /** Whether it can refuse user namespaces inside (0.8 and later). */
  readonly noNesting: boolean;
}

/** Why commands are not confined. */
export interface NoSandbox {
  readonly kind: 'missing' | 'broken' | 'off';
  /** Without a full stop: it goes on after "because". */
  readonly reason: string;
  readonly remedy: string;
}

export interface BubblewrapSearch {
  readonly path: string;
  /** Folders that others can write: a program found there is not used. */
  readonly untrusted: readonly string[];
  readonly off?: boolean | undefined;
  /** Default: this machine's. */
  readonly platform?: NodeJS.Platform;
}

/** Finds bubblewrap on the PATH: its absolute path, or why there is none. */
export async function findBubblewrap(search: BubblewrapSearch): Promise<string | NoSandbox> {
  if (search.off) return turnedOff;
  if ((search.platform ?? process.platform) !== 'linux') return otherSystem;
  return (await findProgram('bwrap', search)) ?? notInstalled;
}

/**
 * Starts a program as commands are started, since a bubblewrap that is installed may be forbidden to work.
 * @param view what to show, over an empty folder in the place of a worktree
 */
export async function tryBubblewrap(
  file: string,
  view: (root: string, noNesting: boolean) => View,
): Promise<Bubblewrap | NoSandbox> {
  const version = await runProcess({ file, args: ['--version'], cwd: '/', timeoutMs: 10_000 });
  return overEmptyFolder(async (root) => {
    const strict = await trial(file, view(root, true));
    const problem = strict === undefined ? undefined : await trial(file, view(root, false));
    if (problem !== undefined) return broken(file, problem);
    const said = version.stdout.trim() || 'bubblewrap of unknown version';
    return { kind: 'ready', file, version: said, noNesting: strict === undefined };
  });
}

/** For trials: something that can stand in the place of a worktree, and is gone afterwards. */
export async function overEmptyFolder<T>(work: (root: string) => Promise<T>): Promise<T> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'enterprise-sandbox-')));
  try {
    return await work(root);
  } finally {
    await rmdir(root);
  }
}

const turnedOff: NoSandbox = {
  kind: 'off',
  reason: 'the sandbox is turned off in the settings of this machine',
  remedy: 'Remove `sandbox.off` from the configuration of this machine.',
};
const otherSystem: NoSandbox = {
  kind: 'missing',
  reason: 'there is no sandbox for this system yet, only for Linux',
  remedy: 'Work in a Linux container or virtual machine to have commands confined.',
};
const notInstalled: NoSandbox = {
  kind: 'missing',
  reason: 'bubblewrap (bwrap) is not installed',
  remedy: 'Install the package `bubblewrap` (apt, dnf, pacman, zypper, apk), then start again.',
};

function broken(file: string, problem: string): NoSandbox {
  return {
    kind: 'broken',
    reason: `${file} cannot make a sandbox here: ${problem}`,
    remedy:
      'Allow user namespaces for bubblewrap: on Ubuntu 24.04 and later by an AppArmor profile for bwrap, elsewhere by `sysctl kernel.unprivileged_userns_clone=1`; in a container by running it with its own user namespaces.',
  };
}

/** Its absolute path; undefined where it is not on the PATH, or only where others can write. */
export async function findProgram(
  name: string,
  { path, untrusted }: Pick<BubblewrapSearch, 'path' | 'untrusted'>,
): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    const file = await realpath(join(folder, name)).catch(() => undefined);
    if (file === undefined || untrusted.some((root) => isInside(root, file) || isInside(root, folder)))
      continue;
    // Not where it leads to: programs of one file look at the name they are called by.
    if (await isExecutable(file)) return join(folder, name);
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    async () => (await stat(file)).isFile(),
    () => false,
  );
}

/** Undefined when a program ran in it; else why it did not. */
async function trial(file: string, view: View): Promise<string | undefined> {
  const confinement = { file, args: (cwd: string) => sandboxArguments(view, cwd), env: {} };
  const spec = {
    file: '/bin/sh',
    args: ['-c', ': > /dev/null'],
    cwd: view.root,
    timeoutMs: 10_000,
    confinement,
  };
  const run = await runProcess(spec);
  if (run.exitCode === 0) return undefined;
  return (run.startError ?? run.stderr.trim()) || 'a program that does nothing did not end in it';
}
