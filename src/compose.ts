import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import packageJson from '../package.json';
import { findProgram, searchPath } from './adapters/agents/acp/findProgram';
import { loadAgents } from './adapters/agents/definitions/loadAgents';
import { systemClock } from './adapters/clock/systemClock';
import { loadConfig, type LoadedConfig } from './adapters/config/loadConfig';
import { ruleSaver } from './adapters/config/saveRule';
import { repositoryFolder, stateFolder } from './adapters/config/stateFolder';
import { createGateRunner, type GateRunnerOptions } from './adapters/gates/gateRunner';
import { createWorktrees } from './adapters/git/createWorktrees';
import { createDeliveryStore } from './adapters/git/deliveryStore';
import { findGit } from './adapters/git/gitProgram';
import { locateRepository } from './adapters/git/repository';
import { createGit } from './adapters/git/runGit';
import { createRescue } from './adapters/git/rescue';
import { refuseUnfinished } from './adapters/git/unfinished';
import { openStore } from './adapters/git/store';
import { refuseFullDisk } from './adapters/health/diskSpace';
import { examine } from './adapters/health/doctor';
import { leftovers } from './adapters/health/leftovers';
import { openJournal } from './adapters/journal/journal';
import { askOnce, modelProblem, modelsFor, type ModelAccess } from './adapters/models/modelAccess';
import { discoverModels as findModels } from './adapters/models/discoverModels';
import { listModels as listedModels } from './adapters/models/listModels';
import { createModelProvider } from './adapters/models/modelProvider';
import { pricesAsOf } from './adapters/models/prices';
import { endRunProcesses } from './adapters/process/endTree';
import { writeReports } from './adapters/reports/writeReports';
import { findRipgrep } from './adapters/tools/ripgrep';
import { readPlanFile } from './adapters/workflows/readPlanFile';
import { createWorkspace } from './adapters/workspace/createWorkspace';
import { createHydrate } from './adapters/workspace/hydrate';
import { Limiter } from './base/limiter';
import { fail, ok, type Result } from './base/result';
import type { Identity } from './core/coordination/approvals';
import type { Engine, HealthCheck, RunRequest } from './core/coordination/engine';
import type { LocalEngineDeps } from './core/coordination/engineParts';
import { replayIn } from './core/coordination/replayRun';
import type { RunComparison } from './core/insight/compareRuns';
import type { StoredEvent } from './core/model/event';
import { ServicePaces } from './core/coordination/servicePaces';
import { LocalEngine } from './core/coordination/localEngine';
import type { LoadedAgents } from './core/model/agent';
import type { Budget } from './core/model/event';
import type { Failure } from './core/model/failure';
import { foldRun, isRunEnded } from './core/model/run';
import type { FoundModels } from './core/model/foundModels';
import type { ModelProvider } from './core/ports';
import { resolveAgentModel } from './core/planning/agentModel';
import { findWorkflow } from './core/planning/findWorkflow';
import { externalAgents, externalModelFor } from './composeExternal';
import { composeSandbox, isAutonomous } from './composeSandbox';
import { runtimeFiles, type RuntimeFiles } from './runtimeFiles';
import {
  policyOfRun,
  runParts,
  withExternal,
  workflowsNow,
  type EngineOptions,
  type Parts,
  type Place,
} from './composeRun';
import { serverChecks } from './composeServers';

const defaultBudget: Budget = { maxParallel: 4 };

/** Builds the engine of one folder out of its parts. The only place where they meet. */
export async function createEngine(options: EngineOptions): Promise<Result<Engine, Failure>> {
  const place = await locate(options);
  if (!place.ok) return place;
  const parts = await gather(options, place.value);
  if (!parts.ok) return parts;
  return ok(new LocalEngine(engineDeps(parts.value)));
}

function engineDeps(parts: Parts): LocalEngineDeps {
  const { options, workspace, repository, journal, worktrees, delivery, gateRunner, models, config } = parts;
  return {
    workspace,
    engineVersion: packageJson.version,
    journal,
    worktrees,
    delivery,
    rescue: createRescue(parts.store),
    approver: options.approver,
    identity: machineIdentity(),
    defaults: { model: models.configuredModel, budget: { ...defaultBudget, ...config.config.budget } },
    writeReports: (session) => writeReports(session.view, session.events, workspace),
    runParts: (run) => runParts(run, parts),
    replay: (runId, events, signal) => replay(runId, events, parts, signal),
    endLeftovers: endRunProcesses,
    preflight: (request) => preflight(request, parts),
    agents: async () => withModels(await parts.agents(), models),
    workflows: () => workflowsNow(parts),
    gates: () => gateRunner.detect(repository.root),
    doctor: () => doctor(parts),
  };
}

/**
 * Does a run again in an engine with a journal of its own, which is gone afterwards: what models said is said again, what
 * tools and gates do is done again. It shares the store of commits, and nothing of it reaches the checkout.
 */
async function replay(
  runId: string,
  events: readonly StoredEvent[],
  parts: Parts,
  signal: AbortSignal,
): Promise<Result<RunComparison, Failure>> {
  const scratch = join(parts.folder, 'scratch', `replay-${randomUUID()}`);
  const journal = await openJournal({ folder: scratch, workerPath: parts.files.journalWorker });
  if (!journal.ok) return journal;
  const own: Parts = { ...parts, journal: journal.value };
  const { writeReports: _, ...deps } = engineDeps(own);
  const engine = new LocalEngine({ ...deps, runParts: (run) => runParts(run, own, true) });
  try {
    await journal.value.append(runId, [...events]);
    return await replayIn(engine, runId, events, signal);
  } finally {
    await engine.dispose();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The paces of model services, for all engines of a process. */
export function servicePaces(): ServicePaces {
  return new ServicePaces(systemClock, Math.random);
}

/** One real, tiny call of a model; the value is what it answered. */
export async function testModel(
  model: string,
  { providers, ...settings }: { baseUrl?: string; apiKey?: string } & Pick<EngineOptions, 'providers'>,
): Promise<Result<string, Failure>> {
  const own = providers?.[model.split('/')[0] ?? ''] ?? (await externalModel(model));
  return askOnce(own ?? createModelProvider({ model, ...settings, environment: process.env }), model);
}

/**
 * What can answer on this machine now: model servers that run, installed agents, keys in the environment.
 * @param untrusted folders no program is taken from
 */
export function discoverModels(...untrusted: string[]): Promise<FoundModels[]> {
  return findModels({
    environment: process.env,
    findProgram: (name) => findProgram(name, searchPath(process.env), untrusted),
  });
}

/** The names of a provider's models, without the provider, as its service lists them. */
export function listModels(
  provider: string,
  settings: { baseUrl?: string; apiKey?: string },
): Promise<Result<string[], Failure>> {
  return listedModels(provider, { ...settings, environment: process.env });
}

/** An external agent as a model that is asked; undefined for other models. */
async function externalModel(model: string): Promise<ModelProvider | undefined> {
  if (!model.startsWith('acp/')) return undefined;
  const state = stateFolder(process.env);
  return externalModelFor(state, await loadConfig({ state }));
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

async function gather(options: EngineOptions, place: Place): Promise<Result<Parts, Failure>> {
  const { folder, git, repository, config } = place;
  const files = runtimeFiles();
  const onProblem = (failure: Failure) => options.log?.('error', failure.message);
  const journal = await openJournal({ folder, workerPath: files.journalWorker, onProblem });
  if (!journal.ok) return journal;
  const store = await openStore(git, folder, repository);
  const worktrees = createWorktrees({ git, store, hydrate: createHydrate(join(folder, 'dependencies')) });
  const sandbox = composeSandbox(options, place);
  const unsavedPaths = () => Promise.resolve(options.unsavedFiles?.() ?? []);
  const ripgrep = await findRipgrep(files.binFolder);
  return ok({
    ...place,
    options,
    files,
    models: modelAccess(options, config),
    paces: options.paces ?? servicePaces(),
    journal: journal.value,
    store,
    worktrees,
    delivery: createWorkspace({ root: repository.root, store: createDeliveryStore(store), unsavedPaths }),
    gateRunner: createGateRunner({ ...gateOptions(options, place, files), sandbox }),
    sandbox,
    external: externalAgents({ ...place, sandbox }),
    isAutonomous: isAutonomous(options, place),
    granted: [],
    saveRule: ruleSaver(place.state),
    gateLimiter: new Limiter(gatesAtOnce),
    ripgrepPath: ripgrep.ok ? ripgrep.value : undefined,
    agents: () => loadAgents({ workspace: repository.root, home: homedir() }),
  });
}

function modelAccess(options: EngineOptions, { config }: LoadedConfig): ModelAccess {
  const { settings, apiKey, providers } = options;
  const baseUrl = settings?.baseUrl ?? config.baseUrl;
  const tiers = { ...config.models?.tiers, ...settings?.models?.tiers };
  return {
    tiers,
    fallbacks: settings?.models?.fallbacks ?? config.models?.fallbacks ?? [],
    configuredModel: settings?.model ?? process.env['ENTERPRISE_MODEL'] ?? config.model ?? 'offline',
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(providers === undefined ? {} : { providers }),
  };
}

/** Says of each agent of a model which one it would work with in a run that names none. */
function withModels(loaded: LoadedAgents, { configuredModel, tiers }: ModelAccess): LoadedAgents {
  const rules = { runModel: configuredModel, tiers };
  const models = loaded.agents
    .filter((agent) => agent.backend === 'model')
    .map((agent) => [agent.name, resolveAgentModel(agent, rules)] as const);
  return { ...loaded, models: Object.fromEntries(models) };
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

/** How many gates run at once: they are programs that use several processors themselves. */
const gatesAtOnce = 2;

/**
 * Refuses at once what could only fail later: a checkout in the middle of a merge, a full disk, a model that cannot be
 * asked, a plan or a workflow that is not there.
 */
async function preflight(request: RunRequest, parts: Parts): Promise<Result<void, Failure>> {
  const { workspace } = parts;
  const ready = await readiness(parts);
  if (!ready.ok) return ready;
  const model = request.model ?? parts.models.configuredModel;
  if (model !== 'offline') {
    const problem = await whyUnusable(model, parts);
    if (problem) return fail(problem);
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

/** The state of the checkout and of the disk, before anything is begun. */
async function readiness({ git, repository, folder }: Parts): Promise<Result<void, Failure>> {
  const roomy = await refuseFullDisk(folder);
  if (!roomy.ok || repository.kind !== 'git') return roomy;
  return refuseUnfinished(git, repository);
}

async function whyUnusable(model: string, { models, external }: Parts): Promise<Failure | undefined> {
  if (!model.startsWith('acp/')) return modelProblem(model, models);
  const launch = await external.launch(model);
  return launch.ok ? undefined : launch.failure;
}

async function doctor(parts: Parts): Promise<HealthCheck[]> {
  const { workspace, state, files, models, agents, gateRunner, repository } = parts;
  const model = models.configuredModel;
  const checks = await examine({
    workspace,
    stateFolder: state,
    ripgrepPath: parts.ripgrepPath ?? join(files.binFolder, 'rg'),
    model,
    testModel: async () => {
      const unattended = parts.external.unattended(policyOfRun(parts));
      const answer = await askOnce(modelsFor(model, withExternal(parts, unattended)), model);
      return answer.ok ? { ok: true, message: answer.value } : { ok: false, message: answer.failure.message };
    },
    agents,
    workflows: () => workflowsNow(parts),
    gates: () => gateRunner.detect(repository.root),
    sandbox: parts.sandbox,
    externalAgents: () => parts.external.found(),
    foundModels: () => discoverModels(workspace),
    pricesAsOf,
    autonomous: parts.isAutonomous,
  });
  return [
    ...checks,
    readinessCheck(await readiness(parts)),
    ...(await leftoverChecks(parts)),
    ...(await serverChecks(policyOfRun(parts), parts)),
  ];
}

function leftoverChecks({ folder, journal, store }: Parts): Promise<HealthCheck[]> {
  return leftovers({
    folder,
    isEnded: async (runId) => {
      const view = foldRun(await journal.read(runId));
      return view && isRunEnded(view.state);
    },
    warnings: async (runId) => {
      const events = await journal.read(runId);
      return events.flatMap((event) =>
        event.type === 'note' && event.level === 'warning' ? [event.message] : [],
      );
    },
    rescued: () => createRescue(store).list(),
  });
}

function readinessCheck(ready: Result<void, Failure>): HealthCheck {
  const name = 'ready to start';
  if (ready.ok) return { name, status: 'ok', message: 'room on the disk, no merge or rebase in progress' };
  const { message, remedy = '' } = ready.failure;
  return { name, status: 'error', message, remedy };
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
