import { realpathSync } from 'node:fs';
import type { PlaceFile } from './filePlaces';
import type { VsCode } from './vscodeApi';

/** Real absolute paths of the files with unsaved changes in this window. */
export function unsavedFiles(api: VsCode): string[] {
  return unsavedPaths(api).map((file) => {
    try {
      return realpathSync(file);
    } catch {
      // A file that is not on disk (any more) is known by the name the editor has for it.
      return file;
    }
  });
}

/** Those of a run's files that have unsaved changes. */
export function unsavedIn(api: VsCode, files: readonly string[], place: PlaceFile): string[] {
  const unsaved = new Set(unsavedPaths(api));
  return files.filter((file) => unsaved.has(place(file)));
}

function unsavedPaths(api: VsCode): string[] {
  const unsaved = api.workspace.textDocuments.filter(
    (document) => document.isDirty && document.uri.scheme === 'file',
  );
  return unsaved.map((document) => document.uri.fsPath);
}
