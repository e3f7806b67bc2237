import { describeFailure } from '../../core/model/failure';
import type { EditorContext } from '../editorContext';
import { offline } from '../settings';

interface Provider {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly modelHint: string;
  readonly baseUrl: 'none' | 'required';
  readonly defaultBaseUrl?: string;
  readonly key: 'required' | 'optional' | 'none';
}

const providers: readonly Provider[] = [
  {
    id: 'anthropic',
    label: 'Anthropic',
    description: 'Claude models, with an API key',
    modelHint: 'claude-…',
    baseUrl: 'none',
    key: 'required',
  },
  {
    id: 'openai',
    label: 'OpenAI',
    description: 'GPT models, with an API key',
    modelHint: 'gpt-…',
    baseUrl: 'none',
    key: 'required',
  },
  {
    id: 'google',
    label: 'Google',
    description: 'Gemini models, with an API key',
    modelHint: 'gemini-…',
    baseUrl: 'none',
    key: 'required',
  },
  {
    id: 'openai-compatible',
    label: 'OpenAI-compatible',
    description: 'any address that speaks the same protocol: vLLM, LM Studio, LiteLLM, a company gateway',
    modelHint: 'the name your service uses',
    baseUrl: 'required',
    key: 'optional',
  },
  {
    id: 'ollama',
    label: 'Ollama',
    description: 'models on this machine, no key',
    modelHint: 'the name `ollama list` shows',
    baseUrl: 'required',
    defaultBaseUrl: 'http://127.0.0.1:11434',
    key: 'none',
  },
];

export interface ModelChoice {
  readonly model: string;
  readonly provider?: string;
  readonly baseUrl?: string;
  readonly apiKey?: string;
}

/** Asks for a model, proves it with one real call, and keeps it. Resolves with its id, or undefined when left. */
export async function configureModel(editor: EditorContext): Promise<string | undefined> {
  const choice = await askForModel(editor);
  if (!choice) return undefined;
  if (choice.model !== offline && !(await isWanted(editor, choice))) return undefined;
  await save(editor, choice);
  void editor.api.window.showInformationMessage(
    choice.model === offline
      ? 'Runs use no model: workflows of programs only.'
      : `Runs use ${choice.model} from now on.`,
  );
  return choice.model;
}

async function askForModel(editor: EditorContext): Promise<ModelChoice | undefined> {
  const { window } = editor.api;
  const none = {
    label: 'No model',
    description: 'workflows of programs only: analysis, fixes, checks, reports',
    provider: undefined,
  };
  const items = [
    ...providers.map((provider) => ({ label: provider.label, description: provider.description, provider })),
    none,
  ];
  const picked = await window.showQuickPick(items, {
    title: 'Configure Model (1 of 3): who runs it?',
    ignoreFocusOut: true,
  });
  if (!picked) return undefined;
  const { provider } = picked;
  if (!provider) return { model: offline };
  const baseUrl = provider.baseUrl === 'required' ? await askForAddress(editor, provider) : '';
  if (baseUrl === undefined) return undefined;
  const name = await window.showInputBox({
    title: 'Configure Model (2 of 3): which model?',
    prompt: `The model's id at ${provider.label}`,
    placeHolder: provider.modelHint,
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? 'A model needs a name.' : undefined),
  });
  if (!name) return undefined;
  const apiKey = provider.key === 'none' ? '' : await askForKey(editor, provider, baseUrl);
  if (apiKey === undefined) return undefined;
  return {
    model: `${provider.id}/${name.trim()}`,
    provider: provider.id,
    ...(baseUrl === '' ? {} : { baseUrl }),
    ...(apiKey === '' ? {} : { apiKey }),
  };
}

async function askForAddress(editor: EditorContext, provider: Provider): Promise<string | undefined> {
  const address = await editor.api.window.showInputBox({
    title: 'Configure Model: address',
    prompt: `Where ${provider.label} answers`,
    value: provider.defaultBaseUrl ?? '',
    placeHolder: 'https://models.example.com/v1',
    ignoreFocusOut: true,
    validateInput: (value) =>
      /^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : '')
        ? undefined
        : 'An address starts with http:// or https://.',
  });
  return address?.trim();
}

/** Empty: none wanted, or the one that is stored already. */
async function askForKey(
  editor: EditorContext,
  provider: Provider,
  baseUrl: string,
): Promise<string | undefined> {
  const stored = await editor.keys.find(provider.id, baseUrl === '' ? undefined : baseUrl);
  const mayBeEmpty = stored !== undefined || provider.key === 'optional';
  const prompt = stored
    ? 'Leave it empty to keep the stored key.'
    : 'Kept in the secret storage of the editor, never in a file.';
  const key = await editor.api.window.showInputBox({
    title: 'Configure Model (3 of 3): API key',
    prompt:
      provider.key === 'optional' && !stored ? `${prompt} Leave it empty if the service needs none.` : prompt,
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) =>
      value.trim() === '' && !mayBeEmpty ? `${provider.label} needs a key.` : undefined,
  });
  return key === '' && stored ? stored : key?.trim();
}

async function isWanted(editor: EditorContext, choice: ModelChoice): Promise<boolean> {
  const { api } = editor;
  const module = await editor.loadEngine();
  const options = {
    ...(choice.baseUrl === undefined ? {} : { baseUrl: choice.baseUrl }),
    ...(choice.apiKey === undefined ? {} : { apiKey: choice.apiKey }),
  };
  const answer = await api.window.withProgress(
    { location: api.ProgressLocation.Notification, title: `Enterprise: asking ${choice.model} for one word` },
    () => module.testModel(choice.model, options),
  );
  if (answer.ok) return true;
  const save = 'Save Anyway';
  const chosen = await api.window.showErrorMessage(
    `${choice.model} did not answer. ${describeFailure(answer.failure)}`,
    save,
  );
  return chosen === save;
}

async function save(editor: EditorContext, choice: ModelChoice): Promise<void> {
  if (choice.provider !== undefined && choice.apiKey !== undefined) {
    await editor.keys.store(choice.provider, choice.baseUrl, choice.apiKey);
  }
  const configuration = editor.api.workspace.getConfiguration('enterprise');
  await configuration.update('baseUrl', choice.baseUrl, editor.api.ConfigurationTarget.Global);
  await configuration.update('model', choice.model, editor.api.ConfigurationTarget.Global);
  // A new key alone changes no setting, and still must reach the next run.
  editor.engines.expire();
  if (choice.model !== offline) await editor.surroundings.rememberModel(choice.model);
}
