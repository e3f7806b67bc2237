import { describeFailure } from '../../core/model/failure';
import type { EditorContext } from '../editorContext';
import { openFolders } from '../folders';
import { offline } from '../settings';
import { askForKey, chooseModel, isKeyRefused, type ModelChoice, type Offers } from './chooseModel';

/** Asks for a model, proves it with one real call, and keeps it. Resolves with its id, or undefined when left. */
export async function configureModel(editor: EditorContext): Promise<string | undefined> {
  const choice = await chooseModel(editor, await findOffers(editor));
  if (!choice) return undefined;
  const wanted = choice.model === offline ? choice : await proven(editor, choice);
  if (!wanted) return undefined;
  await save(editor, wanted);
  void editor.api.window.showInformationMessage(
    wanted.model === offline
      ? 'Runs use no model: workflows of programs only.'
      : `Runs use ${wanted.model} from now on.`,
  );
  return wanted.model;
}

function findOffers(editor: EditorContext): Promise<Offers> {
  const { api, log } = editor;
  const location = api.ProgressLocation.Notification;
  const title = 'Enterprise: looking for models that are there already';
  return Promise.resolve(
    api.window.withProgress({ location, title }, async () => {
      const module = await editor.loadEngine();
      const [machine, own] = await Promise.all([
        module.discoverModels(...openFolders(api).map((folder) => folder.uri.fsPath)),
        editor.models.list().catch((error: unknown) => {
          // A broken extension of somebody else must not stand in the way of the other models.
          log.warn(`The editor could not list its models: ${String(error)}`);
          return [];
        }),
      ]);
      return { machine, editor: own };
    }),
  );
}

const tryAgain = 'Try Again';
const anotherKey = 'Enter Another Key';
const saveAnyway = 'Save Anyway';

/** Calls the model until it answers, the person insists, or leaves. */
async function proven(editor: EditorContext, first: ModelChoice): Promise<ModelChoice | undefined> {
  const { window } = editor.api;
  let choice = first;
  for (;;) {
    const { model, provider } = choice;
    const answer = await ask(editor, choice);
    if (answer.ok) return choice;
    const { failure } = answer;
    const buttons = [...(provider && isKeyRefused(failure) ? [anotherKey] : []), tryAgain, saveAnyway];
    const text = `${model} did not answer. ${describeFailure(failure)}`;
    const pressed = await window.showErrorMessage(text, ...buttons);
    if (pressed === saveAnyway) return choice;
    if (pressed === undefined) return undefined;
    if (pressed !== anotherKey || !provider) continue;
    const key = await askForKey(editor, provider, describeFailure(failure));
    if (!key) return undefined;
    choice = { ...choice, ...key };
  }
}

async function ask(editor: EditorContext, { model, baseUrl, apiKey }: ModelChoice) {
  const module = await editor.loadEngine();
  const options = {
    providers: { vscode: editor.models },
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(apiKey === undefined ? {} : { apiKey }),
  };
  const location = editor.api.ProgressLocation.Notification;
  const title = `Enterprise: asking ${model} for one word`;
  return editor.api.window.withProgress({ location, title }, () => module.testModel(model, options));
}

async function save(editor: EditorContext, choice: ModelChoice): Promise<void> {
  const { model, provider, baseUrl, apiKey, isNewKey } = choice;
  if (provider && apiKey !== undefined && isNewKey === true)
    await editor.keys.store(provider.id, baseUrl, apiKey);
  const configuration = editor.api.workspace.getConfiguration('enterprise');
  await configuration.update('baseUrl', baseUrl, editor.api.ConfigurationTarget.Global);
  await configuration.update('model', model, editor.api.ConfigurationTarget.Global);
  // A new key alone changes no setting, and still must reach the next run.
  editor.engines.expire();
  if (model !== offline) await editor.surroundings.rememberModel(model);
}
