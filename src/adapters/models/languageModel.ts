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
      const settings = { ...common, name: provider, baseURL: baseUrl ?? '', includeUsage: true };
      return createOpenAICompatible(settings).chatModel(modelName);
    }
    default:
      return assertNever(provider);
  }
}
