/**
 * What model families take in, in tokens, as their vendors' pages said in November 2026 (platform.claude.com/docs,
 * developers.openai.com/api/docs/models, ai.google.dev/gemini-api/docs/models). The first pattern that fits an id
 * (without its provider) wins. A service that states a limit in an error is believed over this table, and so is
 * `models.windows` of the machine's configuration.
 */
const windows: readonly (readonly [RegExp, number])[] = [
  [/claude-(opus|sonnet|fable|haiku)-([5-9]|\d\d)/, 1_000_000],
  [/claude/, 200_000],
  [/gemini/, 1_000_000],
  // Of 1,050,000 in all, what is left when an answer takes its 128,000.
  [/gpt-([6-9]|\d\d)/, 922_000],
  [/gpt-5|codex/, 272_000],
  [/gpt-4\.1/, 1_000_000],
  [/gpt-4o|gpt-4-turbo|gpt-oss/, 128_000],
  [/gpt-4/, 8_192],
  [/gpt-3\.5/, 16_385],
];

/** What is assumed of a model nobody has said anything about. */
export const assumedWindowTokens = 128_000;

/** @param configured windows by model id with its provider, or a beginning of it that ends in `*` */
export function windowTokensOf(model: string, configured: Readonly<Record<string, number>> = {}): number {
  const exact = configured[model];
  if (exact !== undefined) return exact;
  const begun = Object.keys(configured)
    .filter((key) => key.endsWith('*') && model.startsWith(key.slice(0, -1)))
    .sort((a, b) => b.length - a.length)[0];
  if (begun !== undefined) return configured[begun] ?? assumedWindowTokens;
  const name = model.slice(model.indexOf('/') + 1).toLowerCase();
  return windows.find(([pattern]) => pattern.test(name))?.[1] ?? assumedWindowTokens;
}
