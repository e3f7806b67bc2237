import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Repository } from './repository';

export type PackageManagerName = 'npm' | 'pnpm' | 'yarn' | 'bun';

export interface PackageManager {
  readonly name: PackageManagerName;
  /** How it was recognised, for a person: `pnpm-lock.yaml`, `packageManager in package.json`. */
  readonly because: string;
  readonly lockfile?: string;
  /** Yarn 2 and later speak another language than Yarn 1. */
  readonly isBerry: boolean;
}

const lockfiles: readonly (readonly [string, PackageManagerName])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];

/** `packageManager` in the manifest decides, then the lockfile; npm is what a repository without either uses. */
export function packageManagerOf(repository: Repository): PackageManager {
  const [, declared, version = ''] =
    /^(npm|pnpm|yarn|bun)@(\d*)/.exec(repository.manifest?.packageManager ?? '') ?? [];
  const found = lockfiles.filter(([file]) => repository.entries.has(file));
  const isBerry = repository.entries.has('.yarnrc.yml') || (declared === 'yarn' && Number(version) > 1);
  if (declared !== undefined) {
    const name = declared as PackageManagerName;
    const lockfile = found.find(([, manager]) => manager === name)?.[0];
    return { name, because: 'packageManager in package.json', isBerry, ...(lockfile && { lockfile }) };
  }
  const [lockfile, name] = found[0] ?? [];
  if (lockfile === undefined || name === undefined)
    return { name: 'npm', because: 'no lockfile of another', isBerry: false };
  return { name, because: lockfile, lockfile, isBerry };
}

/** The shell line that runs a script of the manifest, as a person would type it. */
export function runScriptLine(manager: PackageManager, script: string): string {
  return `${manager.name} run ${script}`;
}

/** Absolute path of a program on the PATH; undefined when it is not installed. */
export function findOnPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const path = Object.entries(env).find(([key]) => key.toUpperCase() === 'PATH')?.[1] ?? '';
  const endings = process.platform === 'win32' ? (env['PATHEXT'] ?? '.EXE;.CMD;.BAT').split(';') : [''];
  for (const folder of path.split(delimiter).filter((entry) => entry !== '')) {
    const found = endings.map((ending) => join(folder, name + ending)).find(isExecutable);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // Somebody else's program.
  }
}
