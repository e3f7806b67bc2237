import { fail, ok, type Result } from '../../base/result';
import type { RunRequest } from '../../core/coordination/engine';
import { failureOf, type Failure } from '../../core/model/failure';
import type { RunTaskOptions } from '../../protocol/runTaskOptions';
import type { EditorContext } from '../editorContext';
import { chooseFolder } from '../folders';
import { runSettings, type RunSettings } from '../settings';

/** Starts a run. The value is `undefined` when the person turned away from a question. */
export async function startRun(
  editor: EditorContext,
  options: unknown,
): Promise<Result<{ runId: string } | undefined, Failure>> {
  // Built with the first run, so that activation does not pay for it.
  const { runTaskOptionsSchema } = await import('../../protocol/runTaskOptions');
  const parsed = runTaskOptionsSchema.safeParse(options ?? {});
  if (!parsed.success) return fail(wrongOptions(parsed.error.issues));
  const folder = await chooseFolder(editor.api, parsed.data.workspace);
  if (!folder.ok) return folder;
  const task = parsed.data.task ?? (folder.value && (await askForTask(editor)));
  if (!folder.value || !task) return ok(undefined);
  const engine = await editor.engines.open(folder.value);
  if (!engine.ok) return engine;
  const request = requestOf(task, parsed.data, runSettings(editor.api));
  try {
    const started = await engine.value.start(request);
    if (!started.ok) return started;
    const { runId } = started.value;
    await editor.runs.refresh(engine.value, runId);
    editor.runs.attend(engine.value, runId);
    editor.runs.select(runId);
    return ok({ runId });
  } catch (error) {
    return fail(failureOf(error, 'Starting the run'));
  }
}

function requestOf(task: string, options: RunTaskOptions, settings: RunSettings): RunRequest {
  const deliver =
    typeof options.deliver === 'boolean' ? (options.deliver ? 'auto' : 'never') : options.deliver;
  return {
    request: task,
    model: options.model ?? settings.model,
    ...(options.workflow === undefined ? {} : { workflow: options.workflow }),
    budget: settings.budget,
    approvePlan: options.approvePlan ?? settings.approvePlan,
    deliver: deliver ?? settings.deliver,
  };
}

async function askForTask(editor: EditorContext): Promise<string | undefined> {
  const task = await editor.api.window.showInputBox({
    title: 'Run Enterprise Task',
    prompt: 'What is to be done? The task is planned first; you see the plan before anything changes.',
    placeHolder: 'Fix what the linter can fix, and check the rest',
    ignoreFocusOut: true,
  });
  return task?.trim() === '' ? undefined : task;
}

function wrongOptions(issues: readonly { path: PropertyKey[]; message: string }[]): Failure {
  const problems = issues.map(
    ({ path, message }) => `${path.length > 0 ? `${path.map(String).join('.')}: ` : ''}${message}`,
  );
  return {
    kind: 'usage',
    message: `The options of enterprise.runTask are wrong: ${problems.join('; ')}.`,
    remedy: 'It takes {task, workspace?, workflow?, model?, approvePlan?, deliver?}.',
  };
}
