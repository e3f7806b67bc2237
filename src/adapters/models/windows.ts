/** The day the table was compared with what the services publish. */
export const windowsAsOf = '2026-11-20';

/**
 * How many tokens a model reads at once, in tokens of input where a service limits that separately. Sources:
 * platform.claude.com/docs/en/about-claude/models/overview, developers.openai.com/api/docs/models,
 * ai.google.dev/gemini-api/docs/models. Models of other services run with whatever window their server was given.
 */
const windows: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  anthropic: {
    'claude-fable-5-1': 1_000_000,
    'claude-opus-5-5': 1_000_000,
    'claude-opus-5': 1_000_000,
    'claude-sonnet-5-5': 1_000_000,
    'claude-sonnet-5': 1_000_000,
    'claude-haiku-5-5': 1_000_000,
    'claude-opus-4-5': 200_000,
    'claude-opus-4-1': 200_000,
    'claude-sonnet-4-5': 200_000,
    'claude-haiku-4-5': 200_000,
  },
  openai: {
    'gpt-6.1-sol': 922_000,
    'gpt-6-sol': 922_000,
    'gpt-5.1': 272_000,
    'gpt-5': 272_000,
    'gpt-5-codex': 272_000,
    'gpt-5-mini': 272_000,
    'gpt-5-nano': 272_000,
    'gpt-4.1': 1_047_576,
    'gpt-4o': 128_000,
    'gpt-4o-mini': 128_000,
  },
  google: {
    'gemini-3.8-flash': 1_000_000,
    'gemini-2.5-pro': 1_048_576,
    'gemini-2.5-flash': 1_048_576,
    'gemini-2.5-flash-lite': 1_048_576,
  },
};

/** Tokens the model `provider/model` reads at once; undefined where nobody here knows. A dated name has its model's window. */
export function windowOf(model: string): number | undefined {
  const slash = model.indexOf('/');
  const known = windows[model.slice(0, slash)];
  const name = model.slice(slash + 1);
  return known?.[name] ?? known?.[undated(name)];
}

/** `claude-opus-5-20260724` and `gpt-6-sol-2026-09-22` are `claude-opus-5` and `gpt-6-sol` of a day. */
export function undated(name: string): string {
  return name.replace(/-(\d{8}|\d{4}-\d{2}-\d{2})$/, '');
}
