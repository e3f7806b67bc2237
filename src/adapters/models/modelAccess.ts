import { ok, type Result } from '../../base/result';
import type { Failure } from '../../core/model/failure';
import type { ModelProvider } from '../../core/ports';
import { createModelProvider } from './modelProvider';
import type { ModelSettings } from './modelService';

/** What a person configured about models, once for all runs of an engine. */
export interface ModelAccess {
  /** The model of runs that name none; `offline` where none is configured. */
  readonly configuredModel: string;
  /** Address of the configured model's service. */
  readonly baseUrl?: string;
  /** The key a person stored for a provider at an address; where there is none, the environment's is used. */
  readonly apiKey?: (provider: string, baseUrl: string | undefined) => Promise<string | undefined>;
}

/** Calls models for work whose model is the given one; an agent that names another provider's model needs that one's own key. */
export function modelsFor(model: string, access: ModelAccess): ModelProvider {
  return {
    complete: async (request, signal, onText) => {
      const provider = createModelProvider(await modelSettings(model, access));
      return provider.complete(request, signal, onText);
    },
  };
}

/**
 * How a model is reached. The configured address belongs to the provider of the configured model, so a run with another
 * provider's model does not send its code there; the environment of the process is for the model that is asked.
 */
export async function modelSettings(model: string, access: ModelAccess): Promise<ModelSettings> {
  const provider = providerOf(model);
  const isConfigured =
    access.configuredModel === 'offline' || provider === providerOf(access.configuredModel);
  const baseUrl = isConfigured ? access.baseUrl : undefined;
  const apiKey = await access.apiKey?.(provider, baseUrl);
  return {
    model,
    environment: process.env,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(apiKey === undefined ? {} : { apiKey }),
  };
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
