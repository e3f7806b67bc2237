import type { FoundModels } from '../../core/model/foundModels';
import { serverModels } from './listModels';
import { ollamaAddress, providerNames, usualKeys, type ModelSettings } from './modelService';

export interface DiscoveryOptions {
  readonly environment: ModelSettings['environment'];
  /** The absolute path of a program, undefined where it is not installed. */
  findProgram(name: string): Promise<string | undefined>;
  /** Where LM Studio answers. Default: its own default. */
  readonly lmStudio?: string;
  /** A local server answers at once or not at all. */
  readonly timeoutMs?: number;
}

/** Programs that are agents of their own, by the model id that stands for them. */
const agents: Readonly<Record<string, { readonly name: string; readonly program: string }>> = {
  'acp/claude': { name: 'Claude Code', program: 'claude' },
  'acp/codex': { name: 'Codex', program: 'codex' },
  'acp/gemini': { name: 'Gemini CLI', program: 'gemini' },
  'acp/copilot': { name: 'Copilot CLI', program: 'copilot' },
  'acp/opencode': { name: 'opencode', program: 'opencode' },
  'acp/qwen': { name: 'Qwen Code', program: 'qwen' },
};

const providerTitles = { anthropic: 'Anthropic', openai: 'OpenAI', google: 'Google' };

/** What can answer on this machine now: model servers that run, installed agents, keys in the environment. Never fails. */
export async function discoverModels(options: DiscoveryOptions): Promise<FoundModels[]> {
  const servers = await Promise.all([
    server('Ollama', 'ollama', ollamaAddress(options.environment['OLLAMA_HOST']), options),
    server('LM Studio', 'openai-compatible', options.lmStudio ?? 'http://127.0.0.1:1234/v1', options),
  ]);
  const installed = await Promise.all(
    Object.entries(agents).map(async ([id, { name, program }]): Promise<FoundModels[]> => {
      const path = await options.findProgram(program);
      return path === undefined ? [] : [{ kind: 'agent', name, provider: 'acp', models: [id], place: path }];
    }),
  );
  return [...servers.flat(), ...installed.flat(), ...keys(options.environment)];
}

async function server(
  name: string,
  provider: string,
  baseUrl: string,
  { timeoutMs = 1500 }: DiscoveryOptions,
): Promise<FoundModels[]> {
  const listed = await serverModels(baseUrl, timeoutMs);
  if (!listed) return [];
  const models = listed.map((model) => `${provider}/${model}`);
  const place = new URL(baseUrl).origin;
  return [{ kind: 'server', name: `${name} at ${place}`, provider, models, baseUrl, place }];
}

function keys(environment: ModelSettings['environment']): FoundModels[] {
  return providerNames.flatMap((provider) => {
    const variable = usualKeys[provider].find((name) => environment[name]?.trim());
    if (variable === undefined) return [];
    const name =
      provider in providerTitles ? providerTitles[provider as keyof typeof providerTitles] : provider;
    return [{ kind: 'key' as const, name, provider, models: [], place: variable }];
  });
}
