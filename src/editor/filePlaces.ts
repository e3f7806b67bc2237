import * as path from 'node:path';
import type { WorkspaceFolder } from 'vscode';
import { findGit } from './gitFacts';
import type { VsCode } from './vscodeApi';

/** The absolute path, as the editor knows the file, of a path relative to the top of a run's tree. */
export type PlaceFile = (file: string) => string;

/**
 * A run works on the whole repository, of which the open folder may be a part, and the editor may have opened that
 * folder through a link: `real` is where it leads, and what the engine calls its workspace.
 */
export async function filePlaces(api: VsCode, folder: WorkspaceFolder, real: string): Promise<PlaceFile> {
  const git = await findGit(api, api.Uri.file(real));
  const root = git ? path.dirname(git.fsPath) : real;
  const inside = path.relative(root, real);
  return (file) => {
    const relative = path.relative(inside, path.normalize(file));
    const isInFolder = !relative.startsWith(`..${path.sep}`) && relative !== '..';
    return isInFolder ? path.join(folder.uri.fsPath, relative) : path.join(root, file);
  };
}
