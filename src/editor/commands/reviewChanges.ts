import type { Uri } from 'vscode';
import { fail, ok, type Result } from '../../base/result';
import type { Engine } from '../../core/coordination/engine';
import type { Failure } from '../../core/model/failure';
import type { EditorContext } from '../editorContext';
import { runFileUri } from '../runDocuments';

/** Shows what a delivery of the run changes (or changed) in the native multi-file diff. */
export async function reviewChanges(
  editor: EditorContext,
  engine: Engine,
  runId: string,
): Promise<Result<void, Failure>> {
  const review = await engine.review(runId);
  if (!review.ok) return review;
  if (review.value.length === 0)
    return fail({ kind: 'not-found', message: 'This run changes no file, so there is nothing to review.' });
  const { api } = editor;
  const resources = review.value.map((file): [Uri, Uri | undefined, Uri | undefined] => [
    api.Uri.file(editor.runs.placeOf(runId, file.path) ?? file.path),
    file.change === 'added' ? undefined : runFileUri(api, runId, 'base', file.path),
    file.change === 'deleted' ? undefined : runFileUri(api, runId, 'result', file.path),
  ]);
  const request = editor.runs.get(runId)?.request.split('\n')[0] ?? runId;
  const title = `Enterprise: ${request.length > 60 ? `${request.slice(0, 60)}…` : request}`;
  await api.commands.executeCommand('vscode.changes', title, resources);
  return ok(undefined);
}
