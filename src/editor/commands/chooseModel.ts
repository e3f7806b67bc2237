import type { QuickPickItem } from 'vscode';
import { describeFailure, type Failure } from '../../core/model/failure';
import type { FoundModels } from '../../core/model/foundModels';
import type { EditorContext } from '../editorContext';
import type { EditorModel } from '../languageModels';
import { offline } from '../settings';
import { providers, type Provider } from './modelProviders';

/** A model as a person chose it, not yet tried. */
export interface ModelChoice {
  /** `provider/model`, or `offline`. */
  readonly model: string;
  /** Absent where no key can belong to it. */
  readonly provider?: Provider;
  readonly baseUrl?: string;
  /** What is used to call it. */
  readonly apiKey?: string;
  /** Whether the person typed the key just now. */
  readonly isNewKey?: boolean;
}

/** What is there already: models of the editor, and what runs or is installed on this machine. */
export interface Offers {
  readonly editor: readonly EditorModel[];
  readonly machine: readonly FoundModels[];
}

interface Item extends QuickPickItem {
  readonly choice?: ModelChoice;
  readonly provider?: Provider;
}

/** Lets a person choose a model. What was found comes first and needs no further question. Undefined when left. */
export async function chooseModel(editor: EditorContext, offers: Offers): Promise<ModelChoice | undefined> {
  const picked = await editor.api.window.showQuickPick(itemsOf(editor, offers), {
    title: 'Configure Model: who runs it?',
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (!picked?.provider) return picked?.choice;
  const baseUrl = picked.provider.baseUrl === 'required' ? await askForAddress(editor, picked.provider) : '';
  if (baseUrl === undefined) return undefined;
  return askForModel(editor, picked.provider, baseUrl === '' ? undefined : baseUrl, offers);
}

function itemsOf({ api }: EditorContext, { editor, machine }: Offers): Item[] {
  const heading = (label: string): Item => ({ label, kind: api.QuickPickItemKind.Separator });
  const ofEditor = editor.map(({ id, name, vendor }): Item => ({
    label: name,
    description: `${id}, of this editor (${vendor})`,
    choice: { model: id },
  }));
  const ofMachine = machine.flatMap(({ kind, name, models, place, baseUrl }): Item[] =>
    models.map((model) => ({
      label: kind === 'agent' ? name : model.slice(model.indexOf('/') + 1),
      description: kind === 'agent' ? `${model}: ${place}` : name,
      choice: { model, ...(baseUrl === undefined ? {} : { baseUrl }) },
    })),
  );
  const found = [...ofEditor, ...ofMachine];
  const none: Item = {
    label: 'No model',
    description: 'workflows of programs only: analysis, fixes, checks, reports',
    choice: { model: offline },
  };
  return [
    ...(found.length > 0 ? [heading('Found here'), ...found] : []),
    heading('Services'),
    ...providers.map((provider) => ({
      label: provider.label,
      description: describe(provider, machine),
      provider,
    })),
    heading('Without a model'),
    none,
  ];
}

function describe(provider: Provider, machine: readonly FoundModels[]): string {
  const key = machine.find((found) => found.kind === 'key' && found.provider === provider.id);
  const empty = machine.find((found) => found.kind === 'server' && found.provider === provider.id);
  if (key) return `${provider.description}: ${key.place} is set`;
  if (empty?.models.length === 0) return `${empty.name} runs and has no model yet: ollama pull <name>`;
  return provider.description;
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

interface Key {
  readonly apiKey?: string;
  readonly isNewKey?: boolean;
}

/** Asks the service for its models, for a key only where it needs one, and the person for one of them. */
async function askForModel(
  editor: EditorContext,
  provider: Provider,
  baseUrl: string | undefined,
  offers: Offers,
): Promise<ModelChoice | undefined> {
  const at = baseUrl === undefined ? {} : { baseUrl };
  const module = await editor.loadEngine();
  let key = await firstKey(editor, provider, baseUrl, offers);
  for (;;) {
    if (!key) return undefined;
    const { apiKey } = key;
    const options = { ...at, ...(apiKey === undefined ? {} : { apiKey }) };
    const listed = await module.listModels(provider.id, options);
    // A key may be allowed to call models and not to list them: that is a 403, and no reason for another key.
    if (!listed.ok && statusOf(listed.failure) === 401 && provider.key !== 'none') {
      key = await askForKey(editor, provider, describeFailure(listed.failure));
      continue;
    }
    const name = await askForName(editor, provider, listed);
    if (name === undefined) return undefined;
    return { model: `${provider.id}/${name}`, provider, ...at, ...key };
  }
}

/** The stored key, or none where the environment has one or the service may need none; else the person is asked. */
async function firstKey(
  editor: EditorContext,
  provider: Provider,
  baseUrl: string | undefined,
  { machine }: Offers,
): Promise<Key | undefined> {
  if (provider.key === 'none') return {};
  const stored = await editor.keys.find(provider.id, baseUrl);
  if (stored !== undefined) return { apiKey: stored };
  const isSet = machine.some((found) => found.kind === 'key' && found.provider === provider.id);
  if (isSet || provider.key === 'optional') return {};
  return askForKey(editor, provider, 'Kept in the secret storage of the editor, never in a file.');
}

/** Undefined when left. */
export async function askForKey(
  editor: EditorContext,
  provider: Provider,
  prompt: string,
): Promise<Key | undefined> {
  const typed = await editor.api.window.showInputBox({
    title: `Configure Model: API key of ${provider.label}`,
    prompt,
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? `${provider.label} needs a key.` : undefined),
  });
  const apiKey = typed?.trim();
  return apiKey === undefined || apiKey === '' ? undefined : { apiKey, isNewKey: true };
}

export function isKeyRefused(failure: Failure): boolean {
  return statusOf(failure) === 401 || statusOf(failure) === 403;
}

function statusOf(failure: Failure): number | undefined {
  return failure.kind === 'model-unavailable' ? failure.status : undefined;
}

const another = 'Another name…';

async function askForName(
  { api }: EditorContext,
  provider: Provider,
  listed: { ok: true; value: readonly string[] } | { ok: false; failure: Failure },
): Promise<string | undefined> {
  const title = 'Configure Model: which model?';
  if (listed.ok && listed.value.length > 0) {
    const items = [...listed.value.map((label) => ({ label })), { label: another }];
    const picked = await api.window.showQuickPick(items, { title, ignoreFocusOut: true });
    if (picked?.label !== another) return picked?.label;
  }
  const typed = await api.window.showInputBox({
    title,
    prompt: listed.ok
      ? `The model's id at ${provider.label}`
      : `${describeFailure(listed.failure)} Which one is meant?`,
    placeHolder: provider.modelHint,
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? 'A model needs a name.' : undefined),
  });
  const name = typed?.trim();
  return name === '' ? undefined : name;
}
