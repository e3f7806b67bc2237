import { ok, type Result } from '../../base/result';
import type { Failure } from '../../core/model/failure';
import type { ModelProvider } from '../../core/ports';
import { createModelProvider } from './modelProvider';
import { resolveService, type ModelSettings } from './modelService';
import { windowOf } from './windows';

/** What a person configured about models, once for all runs of an engine. */
export interface ModelAccess {
  /** The model of runs that name none; `offline` where none is configured. */
  readonly configuredModel: string;
  /** Address of the configured model's service. */
  readonly baseUrl?: string;
  /** The key a person stored for a provider at an address; where there is none, the environment's is used. */
  readonly apiKey?: (provider: string, baseUrl: string | undefined) => Promise<string | undefined>;
  /** What the names in agent files stand for: `sonnet` → `provider/model`. */
  readonly tiers: Readonly<Record<string, string>>;
  /** Models that are asked, in order, when one cannot be used. */
  readonly fallbacks: readonly string[];
  /** Providers of model ids that are reached otherwise than over the network, by the id's beginning: `vscode`, `acp`. */
  readonly providers?: Readonly<Record<string, OwnProvider>>;
}

/** A provider an entry or another adapter brings. */
export interface OwnProvider extends ModelProvider {
  /** Tokens a model reads at once, where the provider knows. */
  windowOf?(model: string): number | undefined;
}

/** Tokens a model reads at once, as its provider or the table says; undefined where neither knows. */
export function knownWindowOf(model: string, { providers }: ModelAccess): number | undefined {
  return providers?.[providerOf(model)]?.windowOf?.(model) ?? windowOf(model);
}

/** Calls models for a run whose model is the given one; any other model is called with its own provider's key. */
export function modelsFor(runModel: string, access: ModelAccess): ModelProvider {
  const known = new Map<string, ModelProvider>();
  return {
    complete: async (request, signal, onText) => {
      const own = access.providers?.[providerOf(request.model)];
      if (own) return own.complete(request, signal, onText);
      const settings = await modelSettings(request.model, runModel, access);
      const key = JSON.stringify([settings.model, settings.baseUrl, settings.apiKey]);
      const provider = known.get(key) ?? createModelProvider(settings);
      known.set(key, provider);
      return provider.complete(request, signal, onText);
    },
  };
}

/** Says why a model cannot be asked, without asking it. */
export async function modelProblem(model: string, access: ModelAccess): Promise<Failure | undefined> {
  if (access.providers?.[providerOf(model)]) return undefined;
  const service = resolveService(model, await modelSettings(model, model, access));
  return service.ok ? undefined : service.failure;
}

/**
 * How a model is reached. The configured address belongs to the provider of the configured model, and the engine's own
 * variables (ENTERPRISE_API_KEY …) to that of the run's model: another provider's model gets neither.
 */
async function modelSettings(model: string, runModel: string, access: ModelAccess): Promise<ModelSettings> {
  const provider = providerOf(model);
  const isConfigured =
    access.configuredModel === 'offline' || provider === providerOf(access.configuredModel);
  const baseUrl = isConfigured ? access.baseUrl : undefined;
  const apiKey = await access.apiKey?.(provider, baseUrl);
  return {
    model,
    environment: provider === providerOf(runModel) ? process.env : withoutOwnVariables(process.env),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(apiKey === undefined ? {} : { apiKey }),
  };
}

function withoutOwnVariables(environment: ModelSettings['environment']): ModelSettings['environment'] {
  return { ...environment, ENTERPRISE_API_KEY: undefined, ENTERPRISE_BASE_URL: undefined };
}

function providerOf(model: string): string {
  return model.split('/')[0] ?? '';
}

const askTimeoutMs = 60_000;

/** One real, tiny call; the value is what the model answered. */
export async function askOnce(provider: ModelProvider, model: string): Promise<Result<string, Failure>> {
  const messages = [{ role: 'user' as const, text: 'Answer with the single word: ready' }];
  const request = { model, system: 'You are asked whether you can be reached.', messages, tools: [] };
  const answer = await provider.complete(request, AbortSignal.timeout(askTimeoutMs));
  return answer.ok ? ok(answer.value.text.trim()) : answer;
}
