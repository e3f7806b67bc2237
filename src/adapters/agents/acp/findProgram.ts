import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, relative } from 'node:path';

/**
 * The absolute path of a program: as it is given, or the first on the PATH. Nothing inside `untrusted` folders is found,
 * neither where the PATH points nor where a link there leads: a repository must not choose what is started (law L1).
 */
export async function findProgram(
  command: string,
  path: string,
  untrusted: readonly string[],
): Promise<string | undefined> {
  const forbidden = await Promise.all(untrusted.map(canonical));
  for (const file of candidates(command, path)) {
    const places = [file, await canonical(file)];
    const isForbidden = forbidden.some((root) => places.some((place) => isInside(root, place)));
    if (!isForbidden && (await isExecutable(file))) return file;
  }
  return undefined;
}

/** The PATH of this process without the folders npm puts in front for its scripts, and without relative ones. */
export function searchPath(environment: NodeJS.ProcessEnv): string {
  const key = Object.keys(environment).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return (environment[key] ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !/[\\/]node_modules[\\/]\.bin$|node-gyp-bin$/.test(folder))
    .join(delimiter);
}

function candidates(command: string, path: string): string[] {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat', ''] : [''];
  if (isAbsolute(command)) return endings.map((ending) => command + ending);
  if (/[\\/]/.test(command)) return [];
  return path.split(delimiter).flatMap((folder) => endings.map((ending) => join(folder, command + ending)));
}

/** The path with its links followed; itself when it does not exist. */
function canonical(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    // Not there or not for us: the next candidate is tried.
    return false;
  }
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}
