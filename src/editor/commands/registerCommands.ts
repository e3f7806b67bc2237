import type { Disposable } from 'vscode';
import type { Result } from '../../base/result';
import { describeFailure, failureOf, type Failure } from '../../core/model/failure';
import type { RunAction } from '../../protocol/runModel';
import type { EditorContext } from '../editorContext';
import { showFailure } from '../showFailure';
import type { TextDocuments } from '../textDocuments';
import { configureModel } from './configureModel';
import { controlRun } from './controlRun';
import { doctor } from './doctor';
import { forkRun } from './forkRun';
import { pickRun } from './pickRun';
import { replayRun } from './replayRun';
import { startRun } from './startRun';

const runCommands: Record<string, RunAction> = {
  'enterprise.cancelRun': 'cancel',
  'enterprise.pauseRun': 'pause',
  'enterprise.resumeRun': 'resume',
  'enterprise.reviewChanges': 'review',
  'enterprise.deliverRun': 'deliver',
  'enterprise.undoRun': 'undo',
  'enterprise.showReport': 'report',
  'enterprise.editPlan': 'editPlan',
  'enterprise.changePlan': 'changePlan',
};

/** Every command of the extension. Called with an argument they reject on failure; called by a person they tell. */
export function registerCommands(
  editor: EditorContext,
  documents: TextDocuments,
  openDashboard: () => void,
): Disposable[] {
  const { commands } = editor.api;
  const register = (id: string, run: (argument: unknown) => Promise<Result<unknown, Failure>>) =>
    commands.registerCommand(id, (argument: unknown) => answer(editor, argument, () => run(argument)));
  return [
    register('enterprise.runTask', (argument) =>
      startRun(editor, isTreeElement(argument) ? undefined : argument),
    ),
    ...Object.entries(runCommands).map(([id, action]) =>
      register(id, (argument) => controlPicked(editor, argument, action)),
    ),
    register('enterprise.forkRun', (argument) => forkRun(editor, argument)),
    register('enterprise.replayRun', (argument) => replayRun(editor, documents, argument)),
    register('enterprise.doctor', () => doctor(editor, documents)),
    commands.registerCommand('enterprise.configureModel', () => configureModel(editor)),
    commands.registerCommand('enterprise.openDashboard', openDashboard),
  ];
}

async function controlPicked(
  editor: EditorContext,
  argument: unknown,
  action: RunAction,
): Promise<Result<void, Failure>> {
  const picked = await pickRun(editor, argument, action);
  if (!picked.ok) return picked;
  return picked.value ? controlRun(editor, action, picked.value.runId) : { ok: true, value: undefined };
}

async function answer(
  editor: EditorContext,
  argument: unknown,
  run: () => Promise<Result<unknown, Failure>>,
): Promise<unknown> {
  const result = await run().catch((error: unknown): Result<unknown, Failure> => ({
    ok: false,
    failure: failureOf(error, 'The command'),
  }));
  if (result.ok) return result.value;
  const isByProgram = argument !== undefined && !isTreeElement(argument);
  if (isByProgram) throw new Error(describeFailure(result.failure));
  void showFailure(editor, result.failure);
  return undefined;
}

/** Elements of our trees carry `kind`; programs pass ids and options. */
function isTreeElement(argument: unknown): boolean {
  return typeof argument === 'object' && argument !== null && 'kind' in argument;
}
