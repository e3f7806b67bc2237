import * as path from 'node:path';
import type { VsCode } from './vscodeApi';

/** Absolute paths of the files with unsaved changes in this window. */
export function unsavedFiles(api: VsCode): string[] {
  return api.workspace.textDocuments.filter((document) => document.isDirty && document.uri.scheme === 'file').map((document) => document.uri.fsPath);
}

/** Those of the given paths (relative to the workspace) that have unsaved changes. */
export function unsavedIn(api: VsCode, workspace: string, paths: readonly string[]): string[] {
  const unsaved = new Set(unsavedFiles(api));
  return paths.filter((relative) => unsaved.has(path.join(workspace, relative)));
}
