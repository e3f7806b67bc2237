/**
 * Context windows of model families in tokens, as their vendors' model pages gave them in November 2026. The first
 * pattern that fits an id (without its provider) wins. A service that states its own limit in an error is believed
 * over this table, and so is `models.windows` of the machine's configuration.
 */
const windows: readonly (readonly [RegExp, number])[] = [
  [/claude/, 200_000],
  [/gemini/, 1_000_000],
  [/gpt-4\.1/, 1_000_000],
  [/gpt-5|codex/, 272_000],
  [/gpt-4o|gpt-4-turbo|gpt-oss/, 128_000],
  [/\bo[134]\b/, 200_000],
  [/gpt-4/, 8_192],
  [/gpt-3\.5/, 16_385],
  [/qwen3-coder|kimi|glm-4\.[5-9]/, 128_000],
  [/deepseek/, 128_000],
  [/mistral|devstral|codestral|llama-?[34]/, 128_000],
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
