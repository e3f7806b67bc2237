import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, readFile, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, relative, resolve } from 'node:path';
import { fail, ok, type Result } from '../../base/result';

/**
 * Absolute path of the program a command means. A name is looked up on the PATH, never in a relative folder of it; a
 * path is taken from the person's checkout.
 */
export async function findProgram(
  command: string,
  { workspace, environment }: { workspace: string; environment: NodeJS.ProcessEnv },
): Promise<Result<string, string>> {
  if (/[\\/]/.test(command)) {
    const path = resolve(workspace, command);
    return (await isProgram(path)) ? ok(path) : fail(`${path} is not a program`);
  }
  const key = Object.keys(environment).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const folders = (environment[key] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const endings = process.platform === 'win32' ? (environment['PATHEXT'] ?? '.EXE;.CMD').split(';') : [''];
  for (const path of folders.flatMap((folder) => endings.map((ending) => join(folder, command + ending)))) {
    if (await isProgram(path)) return ok(path);
  }
  return fail(`the program ${JSON.stringify(command)} is not on the PATH`);
}

export async function kindOfPath(path: string): Promise<'file' | 'folder' | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? 'file' : found?.isDirectory() ? 'folder' : undefined;
}

/** SHA-256 of a file of the checkout, so that a change of it is a change of what runs; empty for any other word. */
export async function contentDigest(path: string, { workspace }: { workspace: string }): Promise<string> {
  if (!isAbsolute(path)) return '';
  const [folder, file] = await Promise.all([realpath(workspace), realpath(path).catch(() => path)]);
  const inside = relative(folder, file);
  if (inside.startsWith('..') || isAbsolute(inside) || (await kindOfPath(file)) !== 'file') return '';
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

async function isProgram(path: string): Promise<boolean> {
  if ((await kindOfPath(path)) !== 'file') return false;
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
