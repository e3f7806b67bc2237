import type { Agent } from '../model/agent';

/** What decides which model an agent works with. */
export interface ModelRules {
  readonly runModel: string;
  /** What a person decided that names in agent files stand for: `sonnet` → `provider/model`. */
  readonly tiers: Readonly<Record<string, string>>;
}

export interface AgentModel {
  /** `provider/model`. */
  readonly id: string;
  /** Why this one, for a person. */
  readonly reason: string;
}

const providers = ['anthropic', 'openai', 'google', 'openai-compatible', 'ollama', 'vscode', 'acp'];

/** The Claude models of each tier. Source: platform.claude.com/docs/en/about-claude/models/overview, November 2026. */
const claude: Readonly<Record<string, string>> = {
  fable: 'claude-fable-5-1',
  opus: 'claude-opus-5-5',
  sonnet: 'claude-sonnet-5-5',
  haiku: 'claude-haiku-5-5',
};

/**
 * The model an agent works with: the first name of its file that means something here, else the run's. Agent files of
 * other tools name tiers (`sonnet`), labels (`Claude Sonnet 4.5 (copilot)`) or lists of them.
 */
export function resolveAgentModel(
  agent: Pick<Agent, 'model' | 'fallbackModels'>,
  rules: ModelRules,
): AgentModel {
  const names = [agent.model, ...(agent.fallbackModels ?? [])].map((name) => name.trim());
  for (const name of names) {
    const found = meaningOf(name, rules);
    if (found) return found;
  }
  const unknown = names.map((name) => `"${name}"`).join(', ');
  return {
    id: rules.runModel,
    reason: `the run's model, because ${unknown} stands for no model here (\`models.tiers\` can say which)`,
  };
}

function meaningOf(name: string, { runModel, tiers }: ModelRules): AgentModel | undefined {
  const word = name.toLowerCase();
  if (/^(?:inherit|default|auto|)$/.test(word)) return { id: runModel, reason: "the run's model" };
  const [provider = ''] = name.split('/');
  if (/^[^/\s]+\/\S+$/.test(name) && providers.includes(provider))
    return { id: name, reason: 'named in its file' };
  const runProvider = runModel.split('/')[0] ?? '';
  if (isIdAt(runProvider, name))
    return { id: `${runProvider}/${name}`, reason: `named in its file, at the run's provider` };
  const tier = tierOf(word, [...Object.keys(tiers), ...Object.keys(claude)]);
  if (tier === undefined) return undefined;
  const chosen = Object.entries(tiers).find(([key]) => key.toLowerCase() === tier)?.[1];
  if (chosen !== undefined) return { id: chosen, reason: `"${name}" stands for it in the configuration` };
  const usual = claude[tier];
  if (usual === undefined || runProvider !== 'anthropic') return undefined;
  return { id: `anthropic/${usual}`, reason: `"${name}" is this model at Anthropic` };
}

/** A whole id of the service's own, without its provider: `gpt-6.1-sol`, `claude-opus-5-5`. */
function isIdAt(provider: string, name: string): boolean {
  const beginnings: Readonly<Record<string, RegExp>> = {
    anthropic: /^claude-[a-z0-9.-]*\d[a-z0-9.-]*$/,
    openai: /^gpt-\d[a-z0-9.-]*$/,
    google: /^gemini-[a-z0-9.-]+$/,
  };
  return beginnings[provider]?.test(name) ?? false;
}

/** The tier a name speaks of: `sonnet`, `sonnet[1m]`, `opusplan`, `Claude Sonnet 4.5 (copilot)`. */
function tierOf(word: string, tiers: readonly string[]): string | undefined {
  const known = tiers.map((tier) => tier.toLowerCase());
  const words = word.split(/[^a-z0-9]+/);
  return (
    known.find((tier) => tier === word) ??
    known.find((tier) => words.includes(tier) || (tier.length > 3 && words[0]?.startsWith(tier)))
  );
}
