import { fail, ok, type Result } from '../../base/result';
import type { Failure } from '../../core/model/failure';
import type { RunView } from '../../core/model/run';
import { runStateLabel } from '../../protocol/labels';
import type { RunAction } from '../../protocol/runModel';
import { runActions, runItem } from '../../protocol/runProjection';
import type { EditorContext } from '../editorContext';
import { openFolders, windowRefusal } from '../folders';

const impossible: Record<RunAction, string> = {
  cancel: 'There is no run to cancel: every run has ended.',
  pause: 'There is no run to pause: none is being worked at.',
  resume: 'There is no run to resume: none is paused or interrupted.',
  deliver: 'There is no run to deliver: none has a verified result that waits.',
  undo: 'There is no delivery to undo.',
  review: 'There are no changes to review: no run has finished a task with changes.',
  editPlan: 'There is no plan to edit: none waits for your approval.',
  changePlan: 'There is no plan to change: no run waits for approval or has tasks at work.',
  report: 'There is no report: no run has written one in this folder.',
};

/** Which runs a command can be used on, and what is said where there is none. */
export interface WantedRun {
  readonly isPossible: (view: RunView) => boolean;
  readonly none: string;
}

/**
 * The run a command means: the one its argument names (an id, or an element of a tree), the one that is looked at, the
 * only one it is possible for, or the one a person picks (`undefined` when they turn away).
 */
export async function pickRun(
  editor: EditorContext,
  argument: unknown,
  wanted: RunAction | WantedRun,
): Promise<Result<RunView | undefined, Failure>> {
  const named = runIdOf(argument);
  if (named !== undefined) return findRun(editor, named);
  const opened = await openEngines(editor);
  if (!opened.ok) return opened;
  const { isPossible, none } = typeof wanted === 'string' ? wantedFor(editor, wanted) : wanted;
  const possible = editor.runs.list().filter(isPossible);
  const current = editor.runs.current();
  if (current && possible.includes(current)) return ok(current);
  if (possible.length === 0) return fail({ kind: 'not-found', message: none });
  if (possible.length === 1) return ok(possible[0]);
  return ok(await ask(editor, possible));
}

/** A run by its id, also when its engine was not opened yet. */
export async function findRun(editor: EditorContext, runId: string): Promise<Result<RunView, Failure>> {
  const known = editor.runs.get(runId);
  if (known) return ok(known);
  const opened = await openEngines(editor);
  if (!opened.ok) return opened;
  const found = editor.runs.get(runId);
  return found
    ? ok(found)
    : fail({ kind: 'not-found', message: `There is no run ${runId} in the open folders.` });
}

/** Opens the engine of every open folder; fails only when none could be opened. */
export async function openEngines(editor: EditorContext): Promise<Result<void, Failure>> {
  const refusal = windowRefusal(editor.api);
  if (refusal) return fail(refusal);
  const results = await Promise.all(openFolders(editor.api).map((folder) => editor.engines.open(folder)));
  const failed = results.find((result) => !result.ok);
  return failed && results.every((result) => !result.ok) ? failed : ok(undefined);
}

function runIdOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  if (typeof argument !== 'object' || argument === null || !('runId' in argument)) return undefined;
  return typeof argument.runId === 'string' ? argument.runId : undefined;
}

function wantedFor(editor: EditorContext, action: RunAction): WantedRun {
  return {
    isPossible: (view) => runActions(view, editor.runs.attendanceOf(view.runId)).includes(action),
    none: impossible[action],
  };
}

async function ask(editor: EditorContext, views: readonly RunView[]): Promise<RunView | undefined> {
  const items = views.map((view) => ({
    label: view.request.split('\n')[0] ?? view.runId,
    description: runStateLabel(runItem(view, editor.runs.attendanceOf(view.runId))),
    detail: `${view.runId}, started ${view.startedAt}`,
    view,
  }));
  const picked = await editor.api.window.showQuickPick(items, { title: 'Which run?', matchOnDetail: true });
  return picked?.view;
}
