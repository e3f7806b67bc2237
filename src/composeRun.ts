import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { createCommandBackend } from './adapters/agents/backends/commandBackend';
import { windowTokensOf } from './adapters/agents/backends/contextWindows';
import { createModelBackend } from './adapters/agents/backends/modelBackend';
import { type CommittedFiles } from './adapters/agents/instructions/committedFiles';
import { instructionsFor } from './adapters/agents/instructions/instructionsFor';
import { systemClock } from './adapters/clock/systemClock';
import { type LoadedConfig } from './adapters/config/loadConfig';
import { headOf, type Repository } from './adapters/git/repository';
import { repositoryFacts } from './adapters/git/repositoryFacts';
import { type Git } from './adapters/git/runGit';
import { serversOfRun } from './composeServers';
import { sandboxNote } from './adapters/health/sandboxNote';
import { type Store } from './adapters/git/store';
import { knownWindowOf, modelsFor, type ModelAccess, type OwnProvider } from './adapters/models/modelAccess';
import { createPolicy, withGrant } from './adapters/policy/policy';
import { autonomousPolicy } from './adapters/policy/autonomous';
import { nodeCommand } from './adapters/process/nodeCommand';
import type { Sandbox, SandboxRules } from './adapters/process/sandbox';
import { createToolbox } from './adapters/tools/toolbox';
import { builtInWorkflows } from './adapters/workflows/builtInWorkflows';
import { fixersOf } from './adapters/workflows/fixersOf';
import { loadWorkflows } from './adapters/workflows/loadWorkflows';
import { readPlanFile } from './adapters/workflows/readPlanFile';
import { repositoryDigest } from './adapters/workspace/repositoryDigest';
import { decodeText } from './base/decodeText';
import { type Limiter } from './base/limiter';
import { ok, type Result } from './base/result';
import type { LoadedWorkflows } from './core/coordination/engine';
import { recordedFirst, withRecordedPeople, type LoadRecording } from './core/coordination/recorded';
import { recordingOf, type Recording } from './core/coordination/recording';
import type { RunView } from './core/model/run';
import type { LocalEngineDeps } from './core/coordination/engineParts';
import type { ServicePaces } from './core/coordination/servicePaces';
import { pastRuns } from './core/coordination/pastRuns';
import { planRun } from './core/coordination/planRun';
import { taskBriefing } from './core/coordination/taskBriefing';
import type { LoadedAgents } from './core/model/agent';
import type { Skill } from './core/model/skill';
import { resolveAgentModel, type ModelRules } from './core/planning/agentModel';
import type { Failure } from './core/model/failure';
import type { RepositoryDigest } from './core/planning/repositoryDigest';
import type {
  Approver,
  DetectedGates,
  GateRunner,
  Grant,
  Journal,
  ModelProvider,
  OutsideToolbox,
  Policy,
  Toolbox,
  Workspace,
  Worktrees,
} from './core/ports';
import type { ExternalAgents } from './composeExternal';
import { preparationOf } from './composeWorktrees';
import { type RuntimeFiles } from './runtimeFiles';

export interface EngineOptions {
  /** The folder to work on. */
  readonly workspace: string;
  readonly approver: Approver;
  readonly settings?: EngineSettings;
  /** The key a person stored for a provider (`anthropic`) at an address; else the environment's is used. */
  readonly apiKey?: (provider: string, baseUrl: string | undefined) => Promise<string | undefined>;
  /** The paces of model services, for an entry that opens several engines; absent: this engine has its own. */
  readonly paces?: ServicePaces;
  /** Providers of model ids that only this entry can reach, by the id's beginning: `vscode`, `acp`. */
  readonly providers?: Readonly<Record<string, OwnProvider>>;
  /** Absolute paths of files with unsaved changes in an editor: a delivery must not overwrite them. */
  readonly unsavedFiles?: () => readonly string[];
  readonly log?: (level: 'info' | 'warning' | 'error', message: string) => void;
}

/** What a person decided in the entry that creates the engine; it goes before the machine's configuration file. */
export interface EngineSettings {
  /** `provider/model`, or `offline`. */
  readonly model?: string;
  readonly baseUrl?: string;
  /** What the names in agent files stand for, by name (`sonnet`), and the models that stand in, in order. */
  readonly models?: {
    readonly tiers?: Readonly<Record<string, string>>;
    readonly fallbacks?: readonly string[];
  };
  readonly gates?: {
    readonly disabled: readonly string[];
    readonly commands: Readonly<Record<string, string>>;
  };
  /** What commands may do beyond their worktree; added to what the machine's configuration says. */
  readonly sandbox?: SandboxRules;
  /** True: commands that run in the sandbox without network are not asked about. */
  readonly autonomous?: boolean;
  /** MCP servers besides those of the configuration file, by name, as in `.mcp.json`; they go before it. */
  readonly mcpServers?: Readonly<Record<string, unknown>>;
  /** Where the journal and the worktrees live. */
  readonly stateFolder?: string;
}

/** Where an engine works. */
export interface Place {
  readonly workspace: string;
  /** The state folder of the machine, and that of this repository inside it. */
  readonly state: string;
  readonly folder: string;
  readonly git: Git;
  readonly repository: Repository;
  readonly config: LoadedConfig;
}

/** What the engine of one folder is made of. */
export interface Parts extends Place {
  readonly options: EngineOptions;
  readonly files: RuntimeFiles;
  readonly models: ModelAccess;
  /** Shared by all runs of this process. */
  readonly paces: ServicePaces;
  readonly journal: Journal;
  readonly store: Store;
  readonly worktrees: Worktrees;
  readonly delivery: Workspace;
  readonly gateRunner: GateRunner;
  /** What everything that agents and the repository choose runs in. */
  readonly sandbox: Sandbox;
  readonly isAutonomous: boolean;
  /** What a person allowed for always while this engine runs. */
  readonly granted: Grant[];
  /** Writes it into the machine's configuration. */
  readonly saveRule: (grant: Grant) => Promise<Result<void, Failure>>;
  readonly external: ExternalAgents;
  /** Shared by all runs of this process. */
  readonly gateLimiter: Limiter;
  /** Undefined where it was not found: the tools that need it say so. */
  readonly ripgrepPath: string | undefined;
  readonly agents: () => Promise<LoadedAgents>;
}

/** What a run needs beyond what the engine itself holds. @param isReplay whether there is only what was recorded */
export function runParts(
  run: Pick<RunView, 'model' | 'forkedFrom'>,
  parts: Parts,
  isReplay = false,
): ReturnType<LocalEngineDeps['runParts']> {
  const { worktrees, gateRunner, files, sandbox } = parts;
  const policy = policyOfRun(parts);
  const recording = recordingOfOrigin(run, parts.journal, isReplay);
  const providerOf = (models: ModelAccess) => {
    const live = modelsFor(run.model, models);
    return recording ? recordedFirst(recording, isReplay ? undefined : live) : live;
  };
  const calls = { provider: providerOf(parts.models), ...callParts(parts) };
  const rules = { runModel: run.model, tiers: parts.models.tiers };
  const agents = agentsOf(parts, rules);
  const servers = serversOfRun(policyOf(parts, policy), parts);
  const toolbox = toolboxOf(parts, policy, agents.skills, servers.toolbox);
  const loop = createModelBackend({ ...calls, toolbox, windowTokens: windowsOf(parts) });
  const ownLoop = recording ? withRecordedPeople(loop, recording) : loop;
  const filesOf = committedFiles(parts);
  return {
    gateRunner,
    backends: {
      model: ownLoop,
      acp: parts.external.backend(policy),
      command: createCommandBackend({
        clock: systemClock,
        sandbox,
        analysisCommand: (of) => analysisCommand(files, of),
      }),
    },
    clock: systemClock,
    loadAgents: agents.withModels,
    notes: async () => [(await sandboxNote(sandbox, parts.isAutonomous)) ?? []].flat(),
    gateLimiter: parts.gateLimiter,
    prepare: preparationOf(parts).prepare,
    briefing: async (session, taskId, worktree) =>
      taskBriefing(session, taskId, worktree, {
        worktrees,
        instructions: async (task, commit) => instructionsFor(task, await filesOf(commit)),
      }),
    planner: (request) => (session, base, signal, ask) =>
      planRun(
        request,
        session,
        base,
        {
          ...calls,
          provider: providerOf(withExternal(parts, parts.external.planner(policy, session, ask))),
          loadAgents: agents.all,
          ...planningFacts(parts),
          // What a replay would find out was found out in the run it repeats.
          ...(isReplay || !servers.research ? {} : { research: servers.research }),
        },
        signal,
        ask,
      ),
  };
}

/** What every call of a model needs besides its provider. */
function callParts(parts: Parts) {
  return {
    clock: systemClock,
    random: Math.random,
    newId: randomUUID,
    paces: parts.paces,
    fallbacks: parts.models.fallbacks,
  };
}

/** What a planner reads of the folder and its past. */
function planningFacts(parts: Parts) {
  const { gateRunner, store, repository, workspace, journal } = parts;
  return {
    preparation: preparationOf(parts).describe,
    detectGates: (path: string) => gateRunner.detect(path),
    readDigest: (at: { path: string; commit: string }) => digestOf(store, at),
    loadWorkflows: (gates: DetectedGates, hasCode: boolean) => allWorkflows(repository.root, gates, hasCode),
    readPlanFile: (path: string) => readPlanFile(resolve(workspace, path)),
    pastRuns: () => pastRuns(journal),
  };
}

/** What the person configured about a model's window goes first, then what is known of the very model, then its family. */
function windowsOf({ models, config }: Parts): (model: string) => number {
  const configured = config.config.models?.windows ?? {};
  const isMeant = (model: string) => (key: string) =>
    key === model || (key.endsWith('*') && model.startsWith(key.slice(0, -1)));
  return (model) => {
    const known = Object.keys(configured).some(isMeant(model)) ? undefined : knownWindowOf(model, models);
    return known ?? windowTokensOf(model, configured);
  };
}

/** What was said in the run that a fork or a replay goes on from; undefined for a run of its own. */
function recordingOfOrigin(
  { forkedFrom }: Pick<RunView, 'forkedFrom'>,
  journal: Journal,
  isReplay: boolean,
): LoadRecording | undefined {
  if (!forkedFrom) return undefined;
  const until = isReplay ? undefined : forkedFrom.seq + 1;
  let loading: Promise<Recording> | undefined;
  return () => (loading ??= journal.read(forkedFrom.runId).then((events) => recordingOf(events, until)));
}

/** The models of an engine, with external agents among them. */
export function withExternal({ models }: Pick<Parts, 'models'>, acp: ModelProvider): ModelAccess {
  return { ...models, providers: { ...models.providers, acp } };
}

/** The agents of a run. They are loaded before any attempt begins, and the skills they may read with them. */
function agentsOf(parts: Pick<Parts, 'agents'>, rules: ModelRules) {
  let skills: readonly Skill[] = [];
  const all = async () => {
    const loaded = await parts.agents();
    skills = loaded.skills ?? [];
    return loaded;
  };
  const withModels = async () =>
    (await all()).agents.map((agent) => ({ ...agent, model: resolveAgentModel(agent, rules).id }));
  return { all, withModels, skills: () => skills };
}

function toolboxOf(
  parts: Parts,
  own: Policy,
  skills: () => readonly Skill[],
  outside: OutsideToolbox,
): Toolbox {
  const { sandbox, isAutonomous: guarded, ripgrepPath, folder } = parts;
  const logFolder = join(folder, 'logs');
  const { editTools } = parts.config.config.models ?? {};
  const policy = policyOf(parts, own);
  return createToolbox({ policy, sandbox, guarded, ripgrepPath, logFolder, skills, editTools, outside });
}

/** What a person allowed for always holds for later runs of this process too, which read no file again. */
export function policyOfRun({ config, granted, saveRule, files }: Parts): Policy {
  return createPolicy({
    rules: granted.reduce(withGrant, config.config.policy),
    loadParser: async () => {
      const { loadBashParser } = await import('./adapters/policy/bashParser');
      return loadBashParser(files.shellGrammar);
    },
    save: async (grant) => {
      granted.push(grant);
      return saveRule(grant);
    },
  });
}

function policyOf({ sandbox, isAutonomous }: Parts, policy: Policy): Policy {
  if (!isAutonomous) return policy;
  const isSandboxed = async () => (await sandbox.state()).kind === 'ready';
  return autonomousPolicy(policy, { isSandboxed, hasNetwork: (line) => sandbox.hasNetwork(line) });
}

function analysisCommand(files: RuntimeFiles, of: 'code' | 'documentation') {
  const { file, env } = nodeCommand();
  return { file, args: [...files.analysisChild, of, '.'], env };
}

/** The project's own workflows go before the built-in ones of the same name. */
async function allWorkflows(root: string, gates: DetectedGates, hasCode: boolean): Promise<LoadedWorkflows> {
  const own = await loadWorkflows({ workspace: root });
  const taken = new Set(own.workflows.map((workflow) => workflow.name));
  const builtIn = builtInWorkflows({ gates: gates.gates, fixers: fixersOf(gates), hasCode });
  return {
    workflows: [...own.workflows, ...builtIn.filter((workflow) => !taken.has(workflow.name))],
    problems: own.problems,
  };
}

/** The workflows of the checkout as it is now. A folder without commits counts as having code: nobody has looked yet. */
export async function workflowsNow({ git, repository, store, gateRunner }: Parts): Promise<LoadedWorkflows> {
  const gates = await gateRunner.detect(repository.root);
  const head = repository.kind === 'git' ? await headOf(git, repository) : undefined;
  if (!head?.ok || head.value === undefined) return allWorkflows(repository.root, gates, true);
  const digest = await digestOf(store, { path: repository.root, commit: head.value });
  return allWorkflows(repository.root, gates, !digest.ok || digest.value.languages.length > 0);
}

async function digestOf(
  store: Store,
  at: { path: string; commit: string },
): Promise<Result<RepositoryDigest, Failure>> {
  const facts = await repositoryFacts(store, at.commit);
  return facts.ok ? ok(await repositoryDigest({ root: at.path, ...facts.value })) : facts;
}

/** The files of a commit as they are asked for, each read once for all tasks of a run. */
function committedFiles({ store, worktrees }: Pick<Parts, 'store' | 'worktrees'>) {
  const known = new Map<string, Promise<CommittedFiles>>();
  const open = async (commit: string): Promise<CommittedFiles> => {
    const facts = await repositoryFacts(store, commit, 1);
    const texts = new Map<string, Promise<string | undefined>>();
    const textOf = async (path: string) => {
      const bytes = await worktrees.fileAt(commit, path);
      const text = bytes.ok && bytes.value ? decodeText(bytes.value) : undefined;
      return text?.ok ? text.value : undefined;
    };
    const read = (path: string) => {
      const text = texts.get(path) ?? textOf(path);
      texts.set(path, text);
      return text;
    };
    return { paths: facts.ok ? facts.value.paths : [], read };
  };
  return (commit: string): Promise<CommittedFiles> => {
    const files = known.get(commit) ?? open(commit);
    known.set(commit, files);
    return files;
  };
}
