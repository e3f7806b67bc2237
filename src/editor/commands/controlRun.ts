import { fail, ok, type Result } from '../../base/result';
import type { Engine } from '../../core/coordination/engine';
import type { Approval } from '../../core/model/approval';
import { isRunEnded } from '../../core/model/run';
import { failureOf, type Failure } from '../../core/model/failure';
import { countText } from '../../protocol/labels';
import type { RunAction } from '../../protocol/runModel';
import type { EditorContext } from '../editorContext';
import { unsavedIn } from '../unsavedFiles';
import { planUri } from '../plans/planUri';
import { changePlan } from './changePlan';
import { findRun } from './pickRun';
import { reviewChanges } from './reviewChanges';
import { showReport } from './showReport';

export const person = 'person';

/** Does one thing with a run, for the command palette, a tree, the panel and the API alike. */
export async function controlRun(
  editor: EditorContext,
  action: RunAction,
  runId: string,
): Promise<Result<void, Failure>> {
  const found = await findRun(editor, runId);
  if (!found.ok) return found;
  const engine = editor.runs.engineOf(runId);
  if (!engine)
    return fail({
      kind: 'not-found',
      message: `The engine of run ${runId} was closed meanwhile. Try again.`,
    });
  try {
    return await act(editor, engine, action, runId);
  } catch (error) {
    return fail(failureOf(error, `The command ${action}`));
  }
}

async function act(
  editor: EditorContext,
  engine: Engine,
  action: RunAction,
  runId: string,
): Promise<Result<void, Failure>> {
  switch (action) {
    case 'cancel':
      return engine.cancel(runId, person);
    case 'pause':
      return engine.pause(runId, person);
    case 'resume':
      return resume(editor, engine, runId);
    case 'deliver':
      return land(editor, engine, runId, 'deliver');
    case 'undo':
      return land(editor, engine, runId, 'undo');
    case 'review':
      return reviewChanges(editor, engine, runId);
    case 'report':
      return showReport(editor, runId);
    case 'editPlan':
      await editor.api.commands.executeCommand('vscode.open', planUri(editor.api, runId));
      return ok(undefined);
    case 'changePlan':
      return changeTask(editor, runId);
  }
}

/** @param taskId the task that is meant; asked for where it is absent */
export async function changeTask(
  editor: EditorContext,
  runId: string,
  taskId?: string,
): Promise<Result<void, Failure>> {
  const engine = editor.runs.engineOf(runId);
  const view = editor.runs.get(runId);
  if (!engine || !view)
    return fail({ kind: 'not-found', message: `Run ${runId} is not open in this window.` });
  return changePlan(editor, engine, view, taskId);
}

async function resume(editor: EditorContext, engine: Engine, runId: string): Promise<Result<void, Failure>> {
  const resumed = await engine.resume(runId);
  if (resumed.ok) editor.runs.attend(engine, runId);
  return resumed;
}

/** Writes into the checkout, forwards or back; refuses by name where the editor holds unsaved changes. */
async function land(
  editor: EditorContext,
  engine: Engine,
  runId: string,
  direction: 'deliver' | 'undo',
): Promise<Result<void, Failure>> {
  const review = await engine.review(runId);
  if (!review.ok) return review;
  const paths = review.value.map((file) => file.path);
  const unsaved = unsavedIn(editor.api, paths, (file) => editor.runs.placeOf(runId, file) ?? file);
  if (unsaved.length > 0) return fail(unsavedFailure(direction, unsaved));
  const question = editor.runs.get(runId)?.approvals.find((approval) => approval.kind === 'delivery');
  const isAsked =
    direction === 'deliver' && question !== undefined && editor.runs.attendanceOf(runId) === 'here';
  if (isAsked) return allow(engine, runId, question);
  const view = editor.runs.get(runId);
  // A run that has just ended still writes its reports, under its lease.
  if (view && isRunEnded(view.state)) await engine.settled(runId);
  const done = direction === 'deliver' ? await engine.deliver(runId) : await engine.undo(runId);
  if (!done.ok) return done;
  const files = countText(done.value.paths.length, 'file');
  if (direction === 'undo')
    void editor.api.window.showInformationMessage(`Undone: ${files} are as they were before the delivery.`);
  else if (editor.runs.attendanceOf(runId) !== 'here')
    void editor.api.window.showInformationMessage(`Delivered ${files} into the workspace.`);
  return ok(undefined);
}

/** The run waits for exactly this answer: giving it is how it goes on to deliver. */
async function allow(
  engine: Engine,
  runId: string,
  { id, digest }: Approval,
): Promise<Result<void, Failure>> {
  const answered = await engine.answer(runId, { id, digest, decision: 'allow', by: person });
  if (!answered.ok) return answered;
  const { state, failures } = await engine.settled(runId);
  const last = failures.at(-1)?.failure;
  return state.name === 'awaiting_delivery' && last ? fail(last) : ok(undefined);
}

function unsavedFailure(direction: 'deliver' | 'undo', paths: string[]): Failure {
  const names = paths.slice(0, 5).join(', ') + (paths.length > 5 ? ` and ${paths.length - 5} more` : '');
  return {
    kind: direction === 'deliver' ? 'delivery-refused' : 'undo-refused',
    paths,
    message: `Nothing was changed: ${names} ${paths.length === 1 ? 'has' : 'have'} unsaved changes in the editor.`,
    remedy: 'Save or revert them, then try again.',
  };
}
