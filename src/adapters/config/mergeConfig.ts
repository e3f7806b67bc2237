import type { Budget } from '../../core/model/event';
import type { ExternalAgent } from '../../core/model/externalAgent';
import type { McpServerEntry } from '../../core/model/mcpServer';
import type { AddedGate, MachineConfig, ModelChoices, ProjectConfig, ResearchTool } from './configSchema';

interface Globs {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/** `denyAlways` are the repository's: no allowance of the machine lifts them. */
export interface PolicyConfig extends Globs {
  readonly denyAlways: readonly string[];
  readonly hosts: Globs;
  readonly mcp: Globs;
  readonly programs: { readonly allow: readonly string[] };
}

/** The configuration a run works with. */
export interface EffectiveConfig {
  readonly model?: string;
  readonly baseUrl?: string;
  readonly models?: ModelChoices;
  readonly budget: Partial<Budget>;
  readonly policy: PolicyConfig;
  readonly sandbox: {
    readonly network: readonly string[];
    readonly readWrite: readonly string[];
    readonly off: boolean;
  };
  readonly autonomous: boolean;
  readonly worktrees: {
    readonly include: boolean;
    readonly setup?: { readonly command: string; readonly from: 'machine' | 'project' };
  };
  readonly gates: { readonly disabled: readonly string[]; readonly added: readonly AddedGate[] };
  readonly mcp: {
    readonly servers: Readonly<Record<string, McpServerEntry>>;
    readonly disabled: readonly string[];
  };
  /** The machine's external agents by name. */
  readonly acp: Readonly<Record<string, ExternalAgent>>;
  readonly research: {
    readonly enabled: boolean;
    /** Absent: the default ones. */
    readonly queries?: readonly string[];
    readonly tools: readonly ResearchTool[];
  };
}

export interface MergedConfig {
  readonly config: EffectiveConfig;
  /** What the repository changed, for the person. */
  readonly notes: readonly string[];
}

/**
 * The machine's configuration narrowed by the project's: of two limits the lower one, denials of both, allowances of the
 * machine only. A gate the project turns off is off, and said so; one it adds must pass too, unless the machine has
 * one of that name.
 */
export function mergeConfig(machine: MachineConfig, project: ProjectConfig): MergedConfig {
  const budget = lowest(machine.budget ?? {}, project.budget ?? {});
  const machineGates = machine.gates?.add ?? [];
  const taken = new Set(machineGates.map((gate) => gate.name));
  const projectGates = (project.gates?.add ?? []).filter((gate) => !taken.has(gate.name));
  const config: EffectiveConfig = {
    ...(machine.model === undefined ? {} : { model: machine.model }),
    ...(machine.baseUrl === undefined ? {} : { baseUrl: machine.baseUrl }),
    ...(machine.models === undefined ? {} : { models: machine.models }),
    budget,
    policy: policyOf(machine.policy ?? {}, project.policy ?? {}),
    sandbox: {
      network: machine.sandbox?.network ?? [],
      readWrite: machine.sandbox?.readWrite ?? [],
      off: machine.sandbox?.off ?? false,
    },
    autonomous: machine.approval === 'autonomous',
    worktrees: worktreesOf(machine, project),
    gates: {
      disabled: unique([...(machine.gates?.disable ?? []), ...(project.gates?.disable ?? [])]),
      added: [...machineGates, ...projectGates],
    },
    mcp: {
      servers: machine.mcp?.servers ?? {},
      disabled: unique([...(machine.mcp?.disable ?? []), ...(project.mcp?.disable ?? [])]),
    },
    acp: machine.acp ?? {},
    research: researchOf(machine.research, project.research),
  };
  return { config, notes: notesOf(machine, project, projectGates) };
}

function worktreesOf(machine: MachineConfig, project: ProjectConfig): EffectiveConfig['worktrees'] {
  const include = machine.worktrees?.include !== false;
  const own = machine.worktrees?.setup;
  if (own !== undefined) return { include, setup: { command: own, from: 'machine' } };
  const command = project.worktrees?.setup;
  return command === undefined ? { include } : { include, setup: { command, from: 'project' } };
}

function policyOf(
  machine: NonNullable<MachineConfig['policy']>,
  project: NonNullable<ProjectConfig['policy']>,
): PolicyConfig {
  const globs = (kind: 'hosts' | 'mcp'): Globs => ({
    allow: machine[kind]?.allow ?? [],
    deny: unique([...(machine[kind]?.deny ?? []), ...(project[kind]?.deny ?? [])]),
  });
  return {
    allow: machine.allow ?? [],
    deny: machine.deny ?? [],
    denyAlways: unique(project.deny ?? []),
    hosts: globs('hosts'),
    mcp: globs('mcp'),
    programs: { allow: machine.programs?.allow ?? [] },
  };
}

function lowest(
  machine: NonNullable<MachineConfig['budget']>,
  project: NonNullable<ProjectConfig['budget']>,
): Partial<Budget> {
  const limits = (['maxParallel', 'maxCostUsd', 'maxMinutes', 'maxTokens'] as const).flatMap((limit) => {
    const given = [machine[limit], project[limit]].filter((value) => value !== undefined);
    return given.length > 0 ? [[limit, Math.min(...given)] as const] : [];
  });
  return Object.fromEntries(limits);
}

/** A person's own questions go before those of the repository. */
function researchOf(
  machine: MachineConfig['research'],
  project: ProjectConfig['research'],
): EffectiveConfig['research'] {
  const queries = machine?.queries ?? project?.queries;
  return {
    enabled: machine?.enabled !== false && project?.enabled !== false,
    ...(queries === undefined ? {} : { queries }),
    tools: machine?.tools ?? [],
  };
}

function notesOf(machine: MachineConfig, project: ProjectConfig, added: readonly AddedGate[]): string[] {
  const off = (project.gates?.disable ?? []).filter((gate) => !machine.gates?.disable?.includes(gate));
  const ignored = (project.gates?.add ?? []).filter((gate) => !added.includes(gate));
  const denied = project.policy?.deny ?? [];
  const setup = project.worktrees?.setup;
  const isUsed = machine.worktrees?.setup === undefined;
  const servers = (project.mcp?.disable ?? []).filter((name) => !machine.mcp?.disable?.includes(name));
  return [
    ...(servers.length > 0 ? [`The project turns these MCP servers off: ${servers.join(', ')}.`] : []),
    ...(off.length > 0 ? [`The project turns these gates off: ${off.join(', ')}.`] : []),
    ...added.map((gate) => `The project adds the gate \`${gate.name}\`: ${gate.command}`),
    ...ignored.map(
      (gate) => `The project's gate \`${gate.name}\` is not used: this machine has one of that name.`,
    ),
    ...(setup !== undefined && isUsed ? [`The project runs in each new worktree: ${setup}`] : []),
    ...(denied.length > 0 ? [`The project denies these commands: ${denied.join(', ')}.`] : []),
    ...((project.policy?.allow ?? []).length > 0
      ? ['The project wants to allow commands; a repository cannot do that, so they still ask.']
      : []),
  ];
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
