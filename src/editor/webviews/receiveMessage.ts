import * as path from 'node:path';
import { isRunEnded } from '../../core/model/run';
import type { FromWebview, SurroundingAction } from '../../protocol/webviewMessages';
import { changeTask, controlRun, person } from '../commands/controlRun';
import { startRun } from '../commands/startRun';
import type { EditorContext } from '../editorContext';
import { runFileUri } from '../runDocuments';
import type { Receive } from './webviewSession';

type Message<T extends FromWebview['type']> = Extract<FromWebview, { type: T }>;

/** Performs what a person did in the panel or the dashboard. */
export function receiveMessage(editor: EditorContext): Receive {
  return async (message) => {
    switch (message.type) {
      case 'ready':
        return undefined;
      case 'select':
        editor.runs.select(message.runId);
        return undefined;
      case 'runTask':
        return runTask(editor, message);
      case 'answer':
        return answer(editor, message);
      case 'act':
        return failureIn(await controlRun(editor, message.action, message.runId));
      case 'changeTask':
        return failureIn(await changeTask(editor, message.runId, message.taskId));
      case 'surrounding':
        await editor.api.commands.executeCommand(...commandFor(editor, message.action));
        if (message.action === 'initialiseGit') await editor.surroundings.refresh();
        return undefined;
      case 'steer':
        return steer(editor, message);
      case 'openFile':
        await openFile(editor, message);
        return undefined;
    }
  };
}

async function runTask(editor: EditorContext, message: Message<'runTask'>) {
  const started = await startRun(editor, {
    task: message.task,
    ...(message.folder === null ? {} : { workspace: message.folder }),
    ...(message.workflow === null ? {} : { workflow: message.workflow }),
    ...(message.model === null ? {} : { model: message.model }),
  });
  if (!started.ok) return started.failure;
  return started.value && { started: started.value.runId };
}

/** The digest goes back as it was shown: the engine refuses the answer to anything else. */
async function answer(editor: EditorContext, message: Message<'answer'>) {
  const { runId, id, digest, decision, scope, text } = message;
  const engine = editor.runs.engineOf(runId);
  const view = editor.runs.get(runId);
  if (!engine || !view || isRunEnded(view.state))
    return { kind: 'not-found' as const, message: 'This question is no longer open.' };
  return failureIn(
    await engine.answer(runId, {
      ...{ id, digest, decision, by: person },
      ...(scope === undefined ? {} : { scope }),
      ...(text === null ? {} : { text }),
    }),
  );
}

async function steer(editor: EditorContext, { runId, taskId, text }: Message<'steer'>) {
  const engine = editor.runs.engineOf(runId);
  if (!engine) return { kind: 'not-found' as const, message: `Run ${runId} is not open in this window.` };
  return failureIn(await engine.steer(runId, taskId, text, person));
}

/** Opens the workspace's file at the place; one that is only in the run's result opens from there. */
async function openFile(
  editor: EditorContext,
  { runId, path: relative, line, column }: Message<'openFile'>,
): Promise<void> {
  const { api } = editor;
  const absolute = editor.runs.placeOf(runId, relative);
  if (absolute === undefined || path.isAbsolute(relative) || path.normalize(relative).startsWith('..'))
    return;
  const inWorkspace = api.Uri.file(absolute);
  const exists = await api.workspace.fs.stat(inWorkspace).then(
    () => true,
    () => false,
  );
  const position = new api.Position(line - 1, column - 1);
  const target = exists ? inWorkspace : runFileUri(api, runId, 'result', relative);
  await api.commands.executeCommand('vscode.open', target, { selection: new api.Range(position, position) });
}

function commandFor(editor: EditorContext, action: SurroundingAction): [string, ...unknown[]] {
  switch (action) {
    case 'openDashboard':
    case 'configureModel':
    case 'doctor':
      return [`enterprise.${action}`];
    case 'initialiseGit':
      return ['git.init', (editor.api.workspace.workspaceFolders?.length ?? 0) === 1];
    case 'openFolder':
      return ['workbench.action.files.openFolder'];
    case 'manageTrust':
      return ['workbench.trust.manage'];
  }
}

function failureIn<F>(result: { ok: true } | { ok: false; failure: F }): F | undefined {
  return result.ok ? undefined : result.failure;
}
