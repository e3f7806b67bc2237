import type { ProviderName } from './modelService';
import { undated } from './windows';

/** Tokens of one call. `input` includes those read from and written to the service's cache. */
export interface TokenCounts {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** US dollars per million tokens. */
interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  /** Default: the price of input. */
  readonly cacheWrite?: number;
}

interface Tariff extends Price {
  /** Prompts of more than this many tokens are charged, as a whole, by another price. */
  readonly long?: Price & { readonly above: number };
}

/** The day the table was compared with what the services publish. Prices move: the figures are estimates after it. */
export const pricesAsOf = '2026-11-20';

/**
 * Standard list prices. Sources: platform.claude.com/docs/en/about-claude/pricing, developers.openai.com/api/docs/pricing,
 * ai.google.dev/gemini-api/docs/pricing. A model that is not here has no known price.
 */
const tariffs: Partial<Record<ProviderName, Readonly<Record<string, Tariff>>>> = {
  anthropic: {
    'claude-fable-5-1': { input: 10, output: 50, cacheRead: 0.25, cacheWrite: 12.5 },
    'claude-opus-5-5': { input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5 },
    'claude-opus-5': { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
    'claude-opus-4-7': { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
    'claude-sonnet-5-5': { input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 },
    'claude-sonnet-5': { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 },
    'claude-sonnet-4-6': { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
    'claude-sonnet-4-5': { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
    'claude-haiku-5-5': {
      ...{ input: 0.1, output: 0.5, cacheRead: 0.01, cacheWrite: 0.125 },
      long: { above: 100_000, input: 0.5, output: 2.5, cacheRead: 0.05, cacheWrite: 0.625 },
    },
    'claude-haiku-4-5': { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 },
  },
  openai: {
    'gpt-6.1-sol': gpt(2, 10, 0.1),
    'gpt-6.1-terra': gpt(1, 5, 0.05),
    'gpt-6-sol': gpt(2, 10, 0.2),
    'gpt-6-luna': gpt(0.1, 0.5, 0.01),
    'gpt-5.6-terra': gpt(2, 12, 0.2),
    'gpt-5.6-luna': gpt(0.2, 1.2, 0.02),
  },
  google: {
    'gemini-2.5-pro': {
      ...{ input: 1.25, output: 10, cacheRead: 0.125 },
      long: { above: 200_000, input: 2.5, output: 15, cacheRead: 0.25 },
    },
    'gemini-2.5-flash': { input: 0.3, output: 2.5, cacheRead: 0.03 },
    'gemini-2.5-flash-lite': { input: 0.1, output: 0.4, cacheRead: 0.01 },
  },
};

/** Above 272,000 tokens OpenAI charges input twice and output one and a half times; a cache write costs 1.25 of input. */
function gpt(input: number, output: number, cacheRead: number): Tariff {
  const long = {
    above: 272_000,
    input: 2 * input,
    output: 1.5 * output,
    cacheRead: 2 * cacheRead,
    cacheWrite: 2.5 * input,
  };
  return { input, output, cacheRead, cacheWrite: 1.25 * input, long };
}

/** US dollars of a call; null where the price is unknown. A dated name (`claude-opus-5-20260724`) has its model's price. */
export function costOf(provider: ProviderName, modelName: string, tokens: TokenCounts): number | null {
  const table = tariffs[provider];
  const tariff = table?.[modelName] ?? table?.[undated(modelName)];
  if (!tariff) return null;
  const price = tariff.long && tokens.input > tariff.long.above ? tariff.long : tariff;
  const fresh = Math.max(0, tokens.input - tokens.cacheRead - tokens.cacheWrite);
  const millionths =
    fresh * price.input +
    tokens.cacheRead * price.cacheRead +
    tokens.cacheWrite * (price.cacheWrite ?? price.input) +
    tokens.output * price.output;
  return millionths / 1_000_000;
}
