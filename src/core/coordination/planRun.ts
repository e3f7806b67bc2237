import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { Agent, LoadedAgents } from '../model/agent';
import type { Failure } from '../model/failure';
import type { Analysis, Plan, PlanFile } from '../model/plan';
import type { Preparation } from '../model/preparation';
import type { RunView } from '../model/run';
import { analyseTask } from '../planning/analyseTask';
import { completePlan, type CompletedPlan, type CompletionContext } from '../planning/completePlan';
import { findWorkflow } from '../planning/findWorkflow';
import { forecastOf } from '../planning/forecast';
import { matchWorkflow } from '../planning/matchWorkflow';
import { trackRecord } from '../planning/outcomes';
import { pastLessons } from '../planning/pastLessons';
import type { RepositoryDigest } from '../planning/repositoryDigest';
import { singleTaskPlan } from '../planning/singleTaskPlan';
import type { DetectedGates } from '../ports';
import type { LoadedWorkflows, RunRequest } from './engine';
import { planWithModel } from './planWithModel';
import type { CallDeps } from './recordedCall';
import type { BaseTree } from './runCoordinator';
import { research, type AskPerson, type ResearchDeps } from './research';
import type { RunSession } from './runSession';

export interface PlannerDeps extends CallDeps {
  readonly loadAgents: () => Promise<LoadedAgents>;
  readonly detectGates: (path: string) => Promise<DetectedGates>;
  readonly readDigest: (
    base: Pick<BaseTree, 'path' | 'commit'>,
  ) => Promise<Result<RepositoryDigest, Failure>>;
  /** The project's workflows, and those that can be made of these gates. */
  readonly loadWorkflows: (gates: DetectedGates, hasCode: boolean) => Promise<LoadedWorkflows>;
  readonly readPlanFile: (path: string) => Promise<Result<PlanFile, Failure>>;
  /** What worktrees would get besides what is committed; absent: nothing. */
  readonly preparation?: (base: BaseTree) => Promise<Result<Preparation, Failure>>;
  /** Runs of this repository, newest first, to learn from; absent: nothing is learnt. */
  readonly pastRuns?: () => Promise<readonly RunView[]>;
  /** Absent: nothing is looked up before planning. */
  readonly research?: ResearchDeps;
}

interface Draft {
  readonly file: PlanFile;
  readonly analysis: Analysis;
  readonly origin: CompletionContext['origin'];
  readonly source?: string;
  readonly rationale?: string;
}

/**
 * Phase 1: looks at the base tree, judges the task and proposes a plan. A plan file or a named workflow is taken as it
 * is; with a model the model plans; without one the words of the request choose a workflow of programs.
 */
export async function planRun(
  request: RunRequest,
  session: RunSession,
  base: BaseTree,
  deps: PlannerDeps,
  signal: AbortSignal,
  ask: AskPerson,
): Promise<Result<void, Failure>> {
  const [loaded, gates, digest, runs] = await Promise.all([
    deps.loadAgents(),
    deps.detectGates(base.path),
    deps.readDigest(base),
    deps.pastRuns?.() ?? [],
  ]);
  const past = runs.filter((run) => run.runId !== session.runId);
  if (!digest.ok) return digest;
  const agents = loaded.agents.map(({ name, source, backend }) => ({ name, source, backend }));
  const { gates: specs, absent } = gates;
  await session.emit(
    { type: 'gates.detected', gates: [...specs], absent: [...absent] },
    { type: 'agents.loaded', agents },
  );
  const prepared = await describePreparation(session, base, deps);
  if (!prepared.ok) return prepared;
  const surroundings: Surroundings = {
    request,
    session,
    base,
    deps,
    signal,
    ask,
    agents: loaded.agents,
    gates,
    digest: digest.value,
    past,
  };
  const draft = await draftOf(surroundings);
  if (!draft.ok) return draft;
  const completed = complete(draft.value, surroundings);
  if (!completed.ok) return completed;
  const { plan, notes } = completed.value;
  const forecast = forecastOf(plan, draft.value.analysis, session.view.budget, past);
  await session.emit({ type: 'run.analysed', analysis: forecast.analysis });
  for (const message of forecast.warnings) await session.emit({ type: 'note', level: 'warning', message });
  for (const message of notes) await session.emit({ type: 'note', level: 'info', message });
  await session.emit({
    type: 'plan.proposed',
    plan,
    revision: session.view.revision + 1,
  });
  return ok(undefined);
}

async function describePreparation(
  session: RunSession,
  base: BaseTree,
  deps: PlannerDeps,
): Promise<Result<void, Failure>> {
  const found = await deps.preparation?.(base);
  if (!found?.ok) return found ?? ok(undefined);
  const preparation = found.value;
  if (preparation.included.length + preparation.leftOut.length > 0 || preparation.setup)
    await session.emit({ type: 'preparation.detected', preparation });
  return ok(undefined);
}

interface Surroundings {
  readonly request: RunRequest;
  readonly session: RunSession;
  readonly base: BaseTree;
  readonly deps: PlannerDeps;
  readonly signal: AbortSignal;
  readonly ask: AskPerson;
  readonly agents: readonly Agent[];
  readonly gates: DetectedGates;
  readonly digest: RepositoryDigest;
  readonly past: readonly RunView[];
}

async function draftOf(surroundings: Surroundings): Promise<Result<Draft, Failure>> {
  const { request, session, deps, digest } = surroundings;
  const analysis = analyseTask({ request: session.view.request, digest });
  if (request.planPath !== undefined) {
    const file = await deps.readPlanFile(request.planPath);
    return file.ok ? ok({ file: file.value, analysis, origin: 'file', source: request.planPath }) : file;
  }
  if (request.workflow !== undefined) return namedWorkflow(request.workflow, analysis, surroundings);
  if (session.view.model === 'offline') return matchedWorkflow(analysis, surroundings);
  return modelPlan(analysis, surroundings);
}

async function namedWorkflow(
  name: string,
  analysis: Analysis,
  surroundings: Surroundings,
): Promise<Result<Draft, Failure>> {
  const { deps, gates, digest } = surroundings;
  const { workflows } = await deps.loadWorkflows(gates, digest.languages.length > 0);
  const found = findWorkflow(name, workflows);
  if (!found.ok) return found;
  return ok({ file: found.value.file, analysis, origin: 'workflow', source: found.value.name });
}

async function matchedWorkflow(
  analysis: Analysis,
  surroundings: Surroundings,
): Promise<Result<Draft, Failure>> {
  const { deps, gates, digest, session } = surroundings;
  const { workflows } = await deps.loadWorkflows(gates, digest.languages.length > 0);
  const match = matchWorkflow(session.view.request, workflows);
  if (!match)
    return fail({
      kind: 'usage',
      message: 'No workflow applies to this folder.',
      remedy: 'Choose a model to have the request planned.',
    });
  const { workflow, rationale } = match;
  return ok({ file: workflow.file, analysis, origin: 'workflow', source: workflow.name, rationale });
}

/** A model that gives no usable plan still gets the work: the whole request as one task, which the plan says. */
async function modelPlan(analysis: Analysis, surroundings: Surroundings): Promise<Result<Draft, Failure>> {
  const { request, session, base, deps, ask, signal, agents, gates, digest } = surroundings;
  if (deps.research && request.research !== false) {
    const facts = { request: session.view.request, analysis, digest };
    await research(facts, { session, base, ask }, { ...deps.research, clock: deps.clock }, signal);
  }
  const findings = session.view.research?.findings ?? [];
  const lessons = pastLessons(surroundings.past);
  const known = { digest, agents, gates: gates.gates, research: findings, lessons };
  const facts = { request: session.view.request, ...known };
  const check = (file: PlanFile): string[] => {
    const completed = complete({ file, analysis, origin: 'model' }, surroundings);
    if (completed.ok) return undecided(completed.value.plan);
    return completed.failure.kind === 'plan-invalid' ? completed.failure.problems : [];
  };
  const planned = await planWithModel(facts, check, session, deps, signal);
  if (!planned.ok) return planned;
  const { plan, problems } = planned.value;
  if (!plan)
    return ok({ file: singleTaskPlan(session.view.request, problems), analysis, origin: 'single-task' });
  const judged = plan.analysis ? { ...plan.analysis, by: session.view.model } : analysis;
  return ok({ file: plan.file, analysis: judged, origin: 'model' });
}

/** A planner has to say when a task is done: by a gate, or by a criterion somebody can look at. */
function undecided({ tasks }: Plan): string[] {
  return tasks
    .filter(({ work, acceptance, gates }) => work.kind === 'agent' && acceptance.length + gates.length === 0)
    .map(
      ({ id }) =>
        `Task \`${id}\` has no acceptance criterion, and no gate checks it: say what shows that it is done.`,
    );
}

function complete(
  draft: Draft,
  { agents, gates, session, past }: Surroundings,
): Result<CompletedPlan, Failure> {
  const { file, analysis, origin, source, rationale } = draft;
  return completePlan(file, {
    agents,
    gates: gates.gates.map((gate) => gate.name),
    absentGates: gates.absent,
    origin,
    domains: analysis.domains,
    record: trackRecord(past),
    isOffline: session.view.model === 'offline',
    ...(source === undefined ? {} : { source }),
    ...(rationale === undefined ? {} : { rationale }),
  });
}
