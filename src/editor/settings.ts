import type { Budget } from '../core/model/event';
import type { RunRequest } from '../core/coordination/engine';
import type { VsCode } from './vscodeApi';

/** What an engine is created with; a change makes the next engine, never alters a running one. */
export interface EngineSettings {
  /** `provider/model`, or `offline`. */
  readonly model: string;
  /** Address of the model's service, for the provider of `model` only. */
  readonly baseUrl?: string;
  /** What names in agent files stand for, and the models that stand in, in order; absent: as the machine's file says. */
  readonly models?: {
    readonly tiers?: Readonly<Record<string, string>>;
    readonly fallbacks?: readonly string[];
  };
  readonly gates: {
    /** Names of detected gates that are not run. */
    readonly disabled: readonly string[];
    /** Command lines of gates of the person's own, or replacing those of detected ones, by name. */
    readonly commands: Readonly<Record<string, string>>;
  };
  /** What commands may do beyond their worktree. */
  readonly sandbox: {
    readonly network: readonly string[];
    readonly readWrite: readonly string[];
    readonly off: boolean;
  };
  /** Whether commands in the sandbox are not asked about; absent: what the machine's configuration says. */
  readonly autonomous?: boolean;
  /** MCP servers by name, as in `.mcp.json`; the engine checks them. */
  readonly mcpServers?: Readonly<Record<string, unknown>>;
  /** Where the journal and the worktrees live; absent: the state folder shared with the terminal. */
  readonly stateFolder?: string;
}

/** What a run starts with when it does not say otherwise. */
export interface RunSettings {
  readonly model: string;
  readonly budget: Budget;
  readonly approvePlan: boolean;
  readonly deliver: NonNullable<RunRequest['deliver']>;
}

export const offline = 'offline';

export function engineSettings(api: VsCode): EngineSettings {
  const read = reader(api);
  const baseUrl = text(read('baseUrl'));
  const stateFolder = text(read('worktrees.folder'));
  const models = modelChoices(read);
  const servers = read('mcp.servers');
  return {
    model: text(read('model')) ?? offline,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(models === undefined ? {} : { models }),
    gates: { disabled: texts(read('gates.disabled')), commands: namedTexts(read('gates.commands')) },
    sandbox: {
      network: texts(read('sandbox.network')),
      readWrite: texts(read('sandbox.readWrite')),
      off: read('sandbox.off') === true,
    },
    ...(read('autonomous') === true ? { autonomous: true } : {}),
    ...(isRecord(servers) && Object.keys(servers).length > 0 ? { mcpServers: servers } : {}),
    ...(stateFolder === undefined ? {} : { stateFolder }),
  };
}

export function runSettings(api: VsCode): RunSettings {
  const read = reader(api);
  const approval = read('approval');
  const maxCostUsd = positive(read('budget.maxCostUsd'));
  const maxMinutes = positive(read('budget.maxMinutes'));
  const maxTokens = positive(read('budget.maxTokens'));
  return {
    model: text(read('model')) ?? offline,
    budget: {
      maxParallel: Math.max(1, Math.floor(positive(read('maxParallel')) ?? 4)),
      ...(maxCostUsd === undefined ? {} : { maxCostUsd }),
      ...(maxMinutes === undefined ? {} : { maxMinutes }),
      ...(maxTokens === undefined ? {} : { maxTokens: Math.ceil(maxTokens) }),
    },
    approvePlan: approval === 'approvePlans' || approval === 'approveAll',
    deliver: approval === 'approveAll' ? 'auto' : 'ask',
  };
}

function modelChoices(read: (key: string) => unknown): EngineSettings['models'] {
  const tiers = namedTexts(read('models.tiers'));
  const fallbacks = texts(read('models.fallbacks'));
  const hasTiers = Object.keys(tiers).length > 0;
  if (!hasTiers && fallbacks.length === 0) return undefined;
  return { ...(hasTiers ? { tiers } : {}), ...(fallbacks.length > 0 ? { fallbacks } : {}) };
}

function reader(api: VsCode): (key: string) => unknown {
  const configuration = api.workspace.getConfiguration('enterprise');
  return (key) => configuration.get<unknown>(key);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function namedTexts(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
