import { AsyncLocalStorage } from 'node:async_hooks';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { assertNever } from '../../base/assertNever';
import type { ModelService } from './modelService';

/** What a call fetches with: each watches its own stream, while all calls of a service share what the SDK made for it. */
export const fetchOfCall = new AsyncLocalStorage<typeof globalThis.fetch>();

/**
 * The SDK's model of a service, made once for each map. To be called inside `fetchOfCall.run`: making a model costs a
 * millisecond and more, because the SDK compiles its schemas anew with each.
 */
export async function languageModel(
  service: ModelService,
  made: Map<string, unknown>,
): Promise<LanguageModelV4> {
  const { provider, modelName, apiKey, baseUrl } = service;
  const key = JSON.stringify([provider, modelName, apiKey, baseUrl]);
  const known = made.get(key) as LanguageModelV4 | undefined;
  if (known) return known;
  const model = await newModel(service, (input, init) => (fetchOfCall.getStore() ?? fetch)(input, init));
  made.set(key, model);
  return model;
}

async function newModel(service: ModelService, fetch: typeof globalThis.fetch): Promise<LanguageModelV4> {
  const { provider, modelName, apiKey, baseUrl } = service;
  const common = { fetch, ...(apiKey ? { apiKey } : {}), ...(baseUrl ? { baseURL: baseUrl } : {}) };
  switch (provider) {
    case 'anthropic':
      return (await import('@ai-sdk/anthropic')).createAnthropic(common)(modelName);
    case 'openai':
      return (await import('@ai-sdk/openai')).createOpenAI(common).responses(modelName);
    case 'google':
      return (await import('@ai-sdk/google')).createGoogle(common)(modelName);
    case 'openai-compatible':
    case 'ollama': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const settings = {
        ...common,
        name: provider,
        baseURL: baseUrl ?? '',
        includeUsage: true,
        fetch: orUnderVersion(baseUrl ?? '', fetch),
      };
      return createOpenAICompatible(settings).chatModel(modelName);
    }
    default:
      return assertNever(provider);
  }
}

/** Given a bare origin, most compatible services mean the path `/v1` under it, and some mean the origin: ask both. */
function orUnderVersion(baseUrl: string, fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  if (!URL.canParse(baseUrl) || new URL(baseUrl).pathname !== '/') return fetch;
  return async (input, init) => {
    const response = await fetch(input, init);
    if (response.status !== 404 || typeof input !== 'string') return response;
    await response.body?.cancel();
    return fetch(input.replace(baseUrl, `${baseUrl}/v1`), init);
  };
}
