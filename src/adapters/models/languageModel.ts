import type { LanguageModelV4 } from '@ai-sdk/provider';
import { assertNever } from '../../base/assertNever';
import type { ModelService } from './modelService';

/** The SDK's model of a service. Made anew for each call, which costs nothing, so that each call has its own fetch. */
export async function languageModel(
  service: ModelService,
  fetch: typeof globalThis.fetch,
): Promise<LanguageModelV4> {
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
