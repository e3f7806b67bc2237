import { fail, ok, type Result } from '../../base/result';
import type { Failure } from '../../core/model/failure';
import type { RunView, TaskView } from '../../core/model/run';
import type { EditorContext } from '../editorContext';
import { pickRun, type WantedRun } from './pickRun';

const wanted: WantedRun = {
  isPossible: (view) => begunTasks(view).length > 0,
  none: 'There is no run to fork: none has begun a task.',
};

/** Begins another run at a task of this one, with words for its agent. The value is the new run, unless the person turns away. */
export async function forkRun(
  editor: EditorContext,
  argument: unknown,
): Promise<Result<{ runId: string } | undefined, Failure>> {
  const picked = await pickRun(editor, argument, wanted);
  if (!picked.ok) return picked;
  if (!picked.value) return ok(undefined);
  const { runId } = picked.value;
  const engine = editor.runs.engineOf(runId);
  if (!engine)
    return fail({ kind: 'not-found', message: `The engine of run ${runId} was closed meanwhile.` });
  const from = await askForTask(editor, picked.value);
  if (from === undefined) return ok(undefined);
  const tell = await editor.api.window.showInputBox({
    title: `Fork from ${from}`,
    prompt: 'What shall its agent be told? Empty: it begins as it did.',
    ignoreFocusOut: true,
  });
  if (tell === undefined) return ok(undefined);
  const forked = await engine.fork(runId, { from, ...(tell.trim() === '' ? {} : { tell }) });
  if (!forked.ok) return forked;
  await editor.runs.refresh(engine, forked.value.runId);
  editor.runs.attend(engine, forked.value.runId);
  editor.runs.select(forked.value.runId);
  return forked;
}

async function askForTask(editor: EditorContext, view: RunView): Promise<string | undefined> {
  const items = begunTasks(view).map(({ task, state }) => ({
    label: task.id,
    description: state.name.replace('_', ' '),
    detail: task.title,
  }));
  const title = 'From which task does the other run go on differently?';
  const picked = await editor.api.window.showQuickPick(items, { title, matchOnDetail: true });
  return picked?.label;
}

function begunTasks(view: RunView): TaskView[] {
  return view.tasks.filter((task) => task.startedAt !== undefined);
}
