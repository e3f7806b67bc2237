import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { isAbsolute, join, normalize, sep } from 'node:path';
import { fail, ok, type Result } from '../../base/result';
import { failureOf, type Failure } from '../../core/model/failure';
import type { StoredEvent } from '../../core/model/event';
import type { RunView } from '../../core/model/run';
import { reportFiles, type ReportFile } from '../../core/insight/reportFiles';

/**
 * Writes the reports of a run into `.enterprise/runs/<runId>/` of its workspace and returns that folder. Each file is
 * replaced as a whole or not at all. Nothing is written through a symbolic link: it could lead out of the workspace.
 */
export async function writeReports(
  view: RunView,
  events: readonly StoredEvent[],
  workspace: string,
): Promise<Result<{ folder: string }, Failure>> {
  const folder = join(workspace, '.enterprise', 'runs', view.runId);
  if (!isPlainName(view.runId)) return fail(refused(folder, 'the id of the run is not the name of a folder'));
  try {
    for (const path of [join(workspace, '.enterprise'), join(workspace, '.enterprise', 'runs'), folder]) {
      const made = await ownFolder(path);
      if (!made.ok) return made;
    }
    // The reports never show up as changes of the repository.
    const ignored = await writeFile(join(workspace, '.enterprise', 'runs'), {
      name: '.gitignore',
      text: '*\n',
    });
    if (!ignored.ok) return ignored;
    for (const file of reportFiles(view, events)) {
      const written = await writeFile(folder, file);
      if (!written.ok) return written;
    }
    return ok({ folder });
  } catch (error) {
    return fail(fileFailure(error, folder));
  }
}

async function ownFolder(path: string): Promise<Result<void, Failure>> {
  const found = await statOf(path);
  if (found && !found.isDirectory())
    return fail(refused(path, found.isSymbolicLink() ? 'it is a symbolic link' : 'it is not a folder'));
  if (!found) await mkdir(path, { recursive: true });
  return ok(undefined);
}

async function writeFile(folder: string, file: ReportFile): Promise<Result<void, Failure>> {
  const path = join(folder, file.name);
  const parts = normalize(file.name).split(sep);
  if (isAbsolute(file.name) || !parts.every(isPlainName))
    return fail(refused(path, 'its name leads out of the reports folder'));
  for (let depth = 1; depth < parts.length; depth++) {
    const made = await ownFolder(join(folder, ...parts.slice(0, depth)));
    if (!made.ok) return made;
  }
  const found = await statOf(path);
  if (found && !found.isFile())
    return fail(refused(path, found.isSymbolicLink() ? 'it is a symbolic link' : 'it is not a file'));
  await replace(path, file.text);
  return ok(undefined);
}

async function replace(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    // `wx`: made anew, so nothing that stands there already, a link least of all, is written through.
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function statOf(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);
}

function refused(path: string, why: string): Failure {
  const remedy =
    'Move it away. The journal holds everything the reports are made of: `enterprise report RUN` prints it.';
  return { kind: 'workspace-unusable', message: `The report ${path} was not written: ${why}.`, remedy, path };
}

function fileFailure(error: unknown, path: string): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) return failureOf(error, 'Writing the reports');
  const isFull = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
  const message = isFull
    ? `The reports in ${path} could not be written: the disk is full (${code}).`
    : `The reports in ${path} could not be written: ${error instanceof Error ? error.message : code}.`;
  const remedy = `${isFull ? 'Free some space' : 'Check the permissions of the folder'}. Nothing of the run is lost: \`enterprise report RUN\` prints it.`;
  return { kind: 'workspace-unusable', message, remedy, path };
}
