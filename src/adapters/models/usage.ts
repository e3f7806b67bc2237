import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import type { Usage } from '../../core/model/event';
import type { ModelRequest } from '../../core/ports';
import type { ModelService } from './modelService';
import { costOf, pricesAsOf, type TokenCounts } from './prices';

/**
 * The tokens of a call as the service counted them. Where it did not count (some local servers), they are estimated from
 * the characters, and the cost is unknown.
 */
export function usageOf(
  service: ModelService,
  reported: LanguageModelV4Usage,
  request: ModelRequest,
  answered: string,
): Usage {
  const { total: inputTokens, cacheRead = 0, cacheWrite = 0 } = reported.inputTokens;
  const { total: outputTokens, reasoning = 0 } = reported.outputTokens;
  const isFree = service.provider === 'ollama';
  if (!inputTokens && !outputTokens) {
    const estimated = {
      inputTokens: tokensOf(JSON.stringify([request.system, request.messages, request.tools])),
      outputTokens: tokensOf(answered),
    };
    return { ...estimated, isEstimate: true, costUsd: isFree ? 0 : null };
  }
  const counts: TokenCounts = { input: inputTokens ?? 0, output: outputTokens ?? 0, cacheRead, cacheWrite };
  const costUsd = isFree ? 0 : costOf(service.provider, service.modelName, counts);
  return {
    inputTokens: counts.input,
    outputTokens: counts.output,
    ...(cacheRead > 0 ? { cachedInputTokens: cacheRead } : {}),
    ...(cacheWrite > 0 ? { cacheWriteTokens: cacheWrite } : {}),
    ...(reasoning > 0 ? { reasoningTokens: reasoning } : {}),
    costUsd,
    ...(isFree || costUsd === null ? {} : { pricesAsOf }),
  };
}

/** English text and code have about four characters to a token. */
function tokensOf(text: string): number {
  return Math.ceil(text.length / 4);
}
