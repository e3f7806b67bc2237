import * as path from 'node:path';
import { fail, ok, type Result } from '../../base/result';
import type { Failure } from '../../core/model/failure';
import type { EditorContext } from '../editorContext';

/** Opens `report.md` of a run in the Markdown preview. */
export async function showReport(editor: EditorContext, runId: string): Promise<Result<void, Failure>> {
  const view = editor.runs.get(runId);
  if (view?.reportFolder === undefined) {
    return fail({
      kind: 'not-found',
      message: 'This run has written no report yet.',
      remedy: 'Reports are written when a run ends.',
    });
  }
  const file = path.resolve(view.workspace, view.reportFolder, 'report.md');
  const uri = editor.api.Uri.file(file);
  const exists = await editor.api.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  if (!exists) return fail({ kind: 'not-found', message: `The report ${file} is no longer there.` });
  await editor.api.commands.executeCommand('markdown.showPreview', uri);
  return ok(undefined);
}
