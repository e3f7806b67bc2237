import { fail, ok, type Result } from '../../base/result';
import type { Failure } from '../../core/model/failure';

/** Where a model is reached: worked out from its id, the settings and the environment. */
export interface ModelService {
  readonly provider: ProviderName;
  /** The model's name at the service. */
  readonly modelName: string;
  /** As the person gave it: `provider/model`. */
  readonly model: string;
  readonly baseUrl?: string;
  /** Never leaves this folder except in a request to the service. */
  readonly apiKey?: string;
  /** What a person would set to change the key. */
  readonly keyVariables: readonly string[];
}

export const providerNames = ['anthropic', 'openai', 'google', 'openai-compatible', 'ollama'] as const;
export type ProviderName = (typeof providerNames)[number];

export interface ModelSettings {
  /**
   * The configured model: `baseUrl` and `apiKey` belong to its provider and are not shown to another one. Absent: they
   * are used for whichever provider is asked.
   */
  readonly model?: string;
  readonly baseUrl?: string;
  readonly apiKey?: string;
  /** Variables of the process: ENTERPRISE_BASE_URL, ENTERPRISE_API_KEY, then the provider's usual ones. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The variables each provider's own tools read. */
export const usualKeys: Record<ProviderName, readonly string[]> = {
  anthropic: ['ANTHROPIC_API_KEY'],
  openai: ['OPENAI_API_KEY'],
  google: ['GOOGLE_GENERATIVE_AI_API_KEY', 'GEMINI_API_KEY'],
  'openai-compatible': [],
  ollama: [],
};

/** Finds the service of a model id. A wrong id is `usage`; a missing key or address says what to set. */
export function resolveService(model: string, settings: ModelSettings): Result<ModelService, Failure> {
  const slash = model.indexOf('/');
  const name = slash > 0 ? model.slice(0, slash) : model;
  const modelName = slash > 0 ? model.slice(slash + 1) : '';
  const provider = providerNames.find((known) => known === name);
  if (!provider) return fail(unknownProvider(model, name));
  if (!modelName)
    return fail(usage(`The model id "${model}" names no model.`, `Write it as ${provider}/<model>.`));
  const chosen = settings.model === undefined || settings.model.startsWith(`${provider}/`);
  const { environment } = settings;
  const own = (value: string | undefined) => (chosen && value?.trim() ? value.trim() : undefined);
  const apiKey =
    own(settings.apiKey) ??
    own(environment['ENTERPRISE_API_KEY']) ??
    firstOf(environment, usualKeys[provider]);
  const given = own(settings.baseUrl) ?? own(environment['ENTERPRISE_BASE_URL']);
  const address = addressOf(provider, given, environment);
  if (!address.ok) return address;
  const keyVariables = ['ENTERPRISE_API_KEY', ...usualKeys[provider]];
  if (!apiKey && usualKeys[provider].length > 0) return fail(missingKey(model, provider, keyVariables));
  return ok({
    provider,
    modelName,
    model,
    keyVariables,
    ...(address.value ? { baseUrl: address.value } : {}),
    ...(apiKey ? { apiKey } : {}),
  });
}

function addressOf(
  provider: ProviderName,
  given: string | undefined,
  environment: ModelSettings['environment'],
): Result<string | undefined, Failure> {
  const raw = given ?? (provider === 'ollama' ? ollamaAddress(environment['OLLAMA_HOST']) : undefined);
  if (raw === undefined) {
    return provider === 'openai-compatible'
      ? fail(
          usage(
            'An openai-compatible model needs the address of its service.',
            'Set `enterprise.baseUrl` or ENTERPRISE_BASE_URL, for example http://127.0.0.1:8080/v1.',
          ),
        )
      : ok(undefined);
  }
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    return fail(usage(`The model address "${raw}" is not an http or https address.`, correctAddress));
  }
  if (url.search !== '' || url.username !== '' || url.password !== '') {
    const message = `The model address ${url.origin}${url.pathname} must not hold a query or a password.`;
    return fail(usage(message, `${correctAddress} A key is set with ENTERPRISE_API_KEY.`));
  }
  const path = url.pathname.replace(/\/+$/, '');
  return ok(`${url.origin}${path === '' ? versionPath[provider] : path}`);
}

const correctAddress = 'Correct `enterprise.baseUrl` or ENTERPRISE_BASE_URL.';

/** Appended to a bare origin, which each of these services understands to mean its current version. */
const versionPath: Record<ProviderName, string> = {
  anthropic: '/v1',
  openai: '/v1',
  google: '/v1beta',
  'openai-compatible': '',
  ollama: '/v1',
};

/** OLLAMA_HOST may be a bare host, a host and port, or an address; 0.0.0.0 is what a server listens on, not a target. */
export function ollamaAddress(host: string | undefined): string {
  const given = host?.trim();
  if (!given) return 'http://127.0.0.1:11434/v1';
  const address = given.includes('://') ? given : `http://${given}`;
  // What is no address is named as such where it is used.
  if (!URL.canParse(address)) return given;
  const url = new URL(address);
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (!url.port && url.protocol === 'http:') url.port = '11434';
  return `${url.origin}${url.pathname === '/' ? '/v1' : url.pathname}`;
}

function firstOf(environment: ModelSettings['environment'], names: readonly string[]): string | undefined {
  return names.map((name) => environment[name]?.trim()).find((value) => value);
}

function unknownProvider(model: string, name: string): Failure {
  const ids = [
    ...providerNames.map((known) => `${known}/<model>`),
    'vscode/<model> (in the editor)',
    'acp/<agent>',
  ];
  const works = `Use ${ids.join(', ')}, or offline to work without a model.`;
  if (name === 'offline') return usage('No model is configured (offline), and this needs one.', works);
  if (name === 'vscode')
    return usage(`${model} is a model of the editor, which only runs in the editor can call.`, works);
  if (name === 'acp')
    return usage(`${model} is an external agent, which cannot be called as a model here.`, works);
  return usage(`"${model}" is not a model id: there is no provider "${name}".`, works);
}

function missingKey(model: string, provider: ProviderName, variables: readonly string[]): Failure {
  return {
    kind: 'model-unavailable',
    model,
    retryable: false,
    message: `There is no API key for ${provider}, so ${model} cannot be called.`,
    remedy: `Set ${variables.join(' or ')}, or store a key with "Enterprise: Configure Model".`,
  };
}

function usage(message: string, remedy: string): Failure {
  return { kind: 'usage', message, remedy };
}
