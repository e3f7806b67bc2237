import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import packageJson from '../package.json';
import { createCommandBackend } from './adapters/agents/backends/commandBackend';
import { createModelBackend } from './adapters/agents/backends/modelBackend';
import { loadAgents } from './adapters/agents/definitions/loadAgents';
import { systemClock } from './adapters/clock/systemClock';
import { loadConfig, type LoadedConfig } from './adapters/config/loadConfig';
import { repositoryFolder, stateFolder } from './adapters/config/stateFolder';
import { createGateRunner, type GateRunnerOptions } from './adapters/gates/gateRunner';
import { createWorktrees } from './adapters/git/createWorktrees';
import { createDeliveryStore } from './adapters/git/deliveryStore';
import { findGit } from './adapters/git/gitProgram';
import { headOf, locateRepository, type Repository } from './adapters/git/repository';
import { repositoryFacts } from './adapters/git/repositoryFacts';
import { createGit, type Git } from './adapters/git/runGit';
import { openStore, type Store } from './adapters/git/store';
import { examine } from './adapters/health/doctor';
import { openJournal } from './adapters/journal/journal';
import { askOnce, modelSettings, modelsFor, type ModelAccess } from './adapters/models/modelAccess';
import { createModelProvider } from './adapters/models/modelProvider';
import { resolveService } from './adapters/models/modelService';
import { createPolicy } from './adapters/policy/policy';
import { endRunProcesses } from './adapters/process/endTree';
import { nodeCommand } from './adapters/process/nodeCommand';
import { writeReports } from './adapters/reports/writeReports';
import { findRipgrep } from './adapters/tools/ripgrep';
import { createToolbox } from './adapters/tools/toolbox';
import { builtInWorkflows } from './adapters/workflows/builtInWorkflows';
import { fixersOf } from './adapters/workflows/fixersOf';
import { loadWorkflows } from './adapters/workflows/loadWorkflows';
import { readPlanFile } from './adapters/workflows/readPlanFile';
import { createWorkspace } from './adapters/workspace/createWorkspace';
import { createHydrate } from './adapters/workspace/hydrate';
import { repositoryDigest } from './adapters/workspace/repositoryDigest';
import { Limiter } from './base/limiter';
import { fail, ok, type Result } from './base/result';
import type { Identity } from './core/coordination/approvals';
import type { Engine, HealthCheck, LoadedWorkflows, RunRequest } from './core/coordination/engine';
import type { LocalEngineDeps } from './core/coordination/engineParts';
import { LocalEngine } from './core/coordination/localEngine';
import { planRun } from './core/coordination/planRun';
import { taskBriefing } from './core/coordination/taskBriefing';
import type { LoadedAgents } from './core/model/agent';
import type { Budget } from './core/model/event';
import type { Failure } from './core/model/failure';
import { findWorkflow } from './core/planning/findWorkflow';
import type { RepositoryDigest } from './core/planning/repositoryDigest';
import type { Approver, DetectedGates, GateRunner, Journal, Workspace, Worktrees } from './core/ports';
import { runtimeFiles, type RuntimeFiles } from './runtimeFiles';

export interface EngineOptions {
  /** The folder to work on. */
  readonly workspace: string;
  readonly approver: Approver;
  readonly settings?: EngineSettings;
  /** The key a person stored for a provider (`anthropic`) at an address; else the environment's is used. */
  readonly apiKey?: (provider: string, baseUrl: string | undefined) => Promise<string | undefined>;
  /** Absolute paths of files with unsaved changes in an editor: a delivery must not overwrite them. */
  readonly unsavedFiles?: () => readonly string[];
  readonly log?: (level: 'info' | 'warning' | 'error', message: string) => void;
}

/** What a person decided in the entry that creates the engine; it goes before the machine's configuration file. */
export interface EngineSettings {
  /** `provider/model`, or `offline`. */
  readonly model?: string;
  readonly baseUrl?: string;
  readonly gates?: {
    readonly disabled: readonly string[];
    readonly commands: Readonly<Record<string, string>>;
  };
  /** Where the journal and the worktrees live. */
  readonly stateFolder?: string;
}

const defaultBudget: Budget = { maxParallel: 4 };

/** Builds the engine of one folder out of its parts. The only place where they meet. */
export async function createEngine(options: EngineOptions): Promise<Result<Engine, Failure>> {
  const place = await locate(options);
  if (!place.ok) return place;
  const parts = await gather(options, place.value);
  if (!parts.ok) return parts;
  const { journal, worktrees, delivery, gateRunner, models, config, agents } = parts.value;
  const { workspace, repository } = place.value;
  return ok(
    new LocalEngine({
      workspace,
      engineVersion: packageJson.version,
      journal,
      worktrees,
      delivery,
      approver: options.approver,
      identity: machineIdentity(),
      defaults: { model: models.configuredModel, budget: { ...defaultBudget, ...config.config.budget } },
      writeReports: (session) => writeReports(session.view, session.events, workspace),
      runParts: (model) => runParts(model, parts.value),
      endLeftovers: endRunProcesses,
      preflight: (request) => preflight(request, parts.value),
      agents,
      workflows: () => workflowsNow(parts.value),
      gates: () => gateRunner.detect(repository.root),
      doctor: () => doctor(parts.value),
    }),
  );
}

/** One real, tiny call of a model; the value is what it answered. */
export async function testModel(
  model: string,
  settings: { baseUrl?: string; apiKey?: string },
): Promise<Result<string, Failure>> {
  return askOnce(createModelProvider({ model, ...settings, environment: process.env }), model);
}

interface Place {
  readonly workspace: string;
  /** The state folder of the machine, and that of this repository inside it. */
  readonly state: string;
  readonly folder: string;
  readonly git: Git;
  readonly repository: Repository;
  readonly config: LoadedConfig;
}

async function locate(options: EngineOptions): Promise<Result<Place, Failure>> {
  const state = options.settings?.stateFolder ?? stateFolder(process.env);
  const workspace = await realpath(options.workspace).catch(() => undefined);
  if (workspace === undefined) {
    const message = `${options.workspace} does not exist.`;
    return fail({
      kind: 'workspace-unusable',
      path: options.workspace,
      message,
      remedy: 'Name a folder that exists.',
    });
  }
  const program = await findGit([workspace, state]);
  if (!program.ok) return program;
  const git = createGit(program.value);
  const repository = await locateRepository(git, workspace);
  if (!repository.ok) return repository;
  const config = await loadConfig({ state, workspace: repository.value.root });
  if (config.failure) return fail(config.failure);
  const folder = await repositoryFolder(state, repository.value.root);
  return ok({ workspace, state, folder, git, repository: repository.value, config });
}

interface Parts extends Place {
  readonly options: EngineOptions;
  readonly files: RuntimeFiles;
  readonly models: ModelAccess;
  readonly journal: Journal;
  readonly store: Store;
  readonly worktrees: Worktrees;
  readonly delivery: Workspace;
  readonly gateRunner: GateRunner;
  /** Shared by all runs of this process. */
  readonly gateLimiter: Limiter;
  /** Undefined where it was not found: the tools that need it say so. */
  readonly ripgrepPath: string | undefined;
  readonly agents: () => Promise<LoadedAgents>;
}

async function gather(options: EngineOptions, place: Place): Promise<Result<Parts, Failure>> {
  const { folder, git, repository, config } = place;
  const files = runtimeFiles();
  const onProblem = (failure: Failure) => options.log?.('error', failure.message);
  const journal = await openJournal({ folder, workerPath: files.journalWorker, onProblem });
  if (!journal.ok) return journal;
  const store = await openStore(git, folder, repository);
  const worktrees = createWorktrees({ git, store, hydrate: createHydrate(join(folder, 'dependencies')) });
  const unsavedPaths = () => Promise.resolve(options.unsavedFiles?.() ?? []);
  const ripgrep = await findRipgrep(files.binFolder);
  return ok({
    ...place,
    options,
    files,
    models: modelAccess(options, config),
    journal: journal.value,
    store,
    worktrees,
    delivery: createWorkspace({ root: repository.root, store: createDeliveryStore(store), unsavedPaths }),
    gateRunner: createGateRunner(gateOptions(options, place, files)),
    gateLimiter: new Limiter(gatesAtOnce),
    ripgrepPath: ripgrep.ok ? ripgrep.value : undefined,
    agents: () => loadAgents({ workspace: repository.root, home: homedir() }),
  });
}

function modelAccess({ settings, apiKey }: EngineOptions, { config }: LoadedConfig): ModelAccess {
  const baseUrl = settings?.baseUrl ?? config.baseUrl;
  return {
    configuredModel: settings?.model ?? process.env['ENTERPRISE_MODEL'] ?? config.model ?? 'offline',
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(apiKey === undefined ? {} : { apiKey }),
  };
}

function gateOptions(
  options: EngineOptions,
  { config: { config }, folder }: Place,
  files: RuntimeFiles,
): GateRunnerOptions {
  const own = Object.entries(options.settings?.gates?.commands ?? {}).map(([name, command]) => ({
    name,
    command,
  }));
  const names = new Set(own.map((gate) => gate.name));
  const added = config.gates.added
    .filter((gate) => !names.has(gate.name))
    .map(({ name, command, timeoutMs }) => ({
      name,
      command,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    }));
  const disable = [...(options.settings?.gates?.disabled ?? []), ...config.gates.disabled];
  return {
    secretsChild: files.secretsChild,
    scratchFolder: join(folder, 'scratch'),
    disable,
    commands: [...own, ...added],
  };
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
async function workflowsNow({ git, repository, store, gateRunner }: Parts): Promise<LoadedWorkflows> {
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

type Instructions = RepositoryDigest['instructions'];

/** The instructions files of a commit, read once for all tasks that start from it. */
function instructions(
  store: Store,
  at: { path: string; commit: string },
  known: Map<string, Promise<Instructions>>,
): Promise<Instructions> {
  const found = known.get(at.commit);
  if (found) return found;
  const reading = digestOf(store, at).then((digest) => (digest.ok ? digest.value.instructions : []));
  known.set(at.commit, reading);
  return reading;
}

/** How many gates run at once: they are programs that use several processors themselves. */
const gatesAtOnce = 2;

function runParts(model: string, parts: Parts): ReturnType<LocalEngineDeps['runParts']> {
  const { worktrees, gateRunner, folder, config, agents, workspace, files, repository, store } = parts;
  const policy = createPolicy({ rules: config.config.policy });
  const toolbox = createToolbox({ policy, ripgrepPath: parts.ripgrepPath, logFolder: join(folder, 'logs') });
  const calls = {
    provider: modelsFor(model, parts.models),
    clock: systemClock,
    random: Math.random,
    newId: randomUUID,
  };
  const loaded = async () => (await agents()).agents;
  const known = new Map<string, Promise<Instructions>>();
  return {
    gateRunner,
    backends: {
      model: createModelBackend({ ...calls, toolbox }),
      command: createCommandBackend({
        clock: systemClock,
        analysisCommand: (of) => analysisCommand(files, of),
      }),
    },
    clock: systemClock,
    loadAgents: loaded,
    gateLimiter: parts.gateLimiter,
    briefing: async (session, taskId, worktree) =>
      taskBriefing(session, taskId, worktree, {
        worktrees,
        instructions: (at) => instructions(store, at, known),
      }),
    planner: (request) => (session, base, signal) =>
      planRun(
        request,
        session,
        base,
        {
          ...calls,
          loadAgents: agents,
          detectGates: (path) => gateRunner.detect(path),
          readDigest: (at) => digestOf(store, at),
          loadWorkflows: (gates, hasCode) => allWorkflows(repository.root, gates, hasCode),
          readPlanFile: (path) => readPlanFile(resolve(workspace, path)),
        },
        signal,
      ),
  };
}

function analysisCommand(files: RuntimeFiles, of: 'code' | 'documentation') {
  const { file, env } = nodeCommand();
  return { file, args: [...files.analysisChild, of, '.'], env };
}

/** Refuses at once what could only fail later: a model that cannot be asked, a plan or a workflow that is not there. */
async function preflight(request: RunRequest, parts: Parts): Promise<Result<void, Failure>> {
  const { workspace } = parts;
  const model = request.model ?? parts.models.configuredModel;
  if (model !== 'offline') {
    const service = resolveService(model, await modelSettings(model, parts.models));
    if (!service.ok) return service;
  }
  if (request.planPath !== undefined) {
    const plan = await readPlanFile(resolve(workspace, request.planPath));
    if (!plan.ok) return plan;
  }
  if (request.workflow === undefined) return ok(undefined);
  const { workflows } = await workflowsNow(parts);
  const found = findWorkflow(request.workflow, workflows);
  return found.ok ? ok(undefined) : found;
}

async function doctor(parts: Parts): Promise<HealthCheck[]> {
  const { workspace, state, files, models, agents, gateRunner, repository } = parts;
  const model = models.configuredModel;
  return examine({
    workspace,
    stateFolder: state,
    ripgrepPath: parts.ripgrepPath ?? join(files.binFolder, 'rg'),
    model,
    testModel: async () => {
      const answer = await askOnce(modelsFor(model, models), model);
      return answer.ok ? { ok: true, message: answer.value } : { ok: false, message: answer.failure.message };
    },
    agents,
    workflows: () => workflowsNow(parts),
    gates: () => gateRunner.detect(repository.root),
  });
}

function machineIdentity(): Identity {
  return {
    newId: runId,
    owner: `process ${process.pid} on ${hostname()}`,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
  };
}

/** Sorts by time, for people who look into folders: `20261120-093015-3f9c2a`. */
function runId(): string {
  const at = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${at}-${randomBytes(3).toString('hex')}`;
}
