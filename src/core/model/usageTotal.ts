import type { Usage } from './event';

/** What the answered model calls of a run have used. */
export interface UsageTotal {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null as soon as one call's price is unknown. */
  readonly costUsd: number | null;
  readonly modelCalls: number;
  /** Tokens of `inputTokens` that services read from their caches. */
  readonly cachedInputTokens?: number;
  /** Tokens of `outputTokens` that were thinking, where services say so. */
  readonly reasoningTokens?: number;
  /** Calls whose tokens are an estimate, because the service counted none. */
  readonly estimatedCalls?: number;
  /** The latest day of the price tables `costUsd` is from. */
  readonly pricesAsOf?: string;
}

/** The total with one more call. */
export function withUsage(total: UsageTotal, usage: Usage): UsageTotal {
  const costUsd = total.costUsd === null || usage.costUsd === null ? null : total.costUsd + usage.costUsd;
  const cachedInputTokens = (total.cachedInputTokens ?? 0) + (usage.cachedInputTokens ?? 0);
  const reasoningTokens = (total.reasoningTokens ?? 0) + (usage.reasoningTokens ?? 0);
  const estimatedCalls = (total.estimatedCalls ?? 0) + (usage.isEstimate === true ? 1 : 0);
  const pricesAsOf = [total.pricesAsOf ?? '', usage.pricesAsOf ?? ''].sort().at(-1) ?? '';
  return {
    inputTokens: total.inputTokens + usage.inputTokens,
    outputTokens: total.outputTokens + usage.outputTokens,
    costUsd,
    modelCalls: total.modelCalls + 1,
    ...(cachedInputTokens > 0 ? { cachedInputTokens } : {}),
    ...(reasoningTokens > 0 ? { reasoningTokens } : {}),
    ...(estimatedCalls > 0 ? { estimatedCalls } : {}),
    ...(pricesAsOf === '' ? {} : { pricesAsOf }),
  };
}
