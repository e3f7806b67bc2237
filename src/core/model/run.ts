import { activityOf, taskOf, type Activity } from './activity';
import type { Backend } from './agent';
import type { Approval } from './approval';
import type { Budget, Deliverable, EventOf, Phase, StoredEvent } from './event';
import type { Failure } from './failure';
import type { GateAbsence, GateSpec } from './gate';
import type { ClaimCheck, Handoff } from './handoff';
import type { Analysis, Plan, Task } from './plan';
import type { Preparation } from './preparation';
import { nextTaskState, type TaskState } from './taskState';
import { withUsage, type UsageTotal } from './usageTotal';

/**
 * planning → awaiting_approval → running ⇄ paused → validating → awaiting_delivery → delivered | failed | cancelled
 */
export type RunState =
  | { readonly name: 'planning' }
  | { readonly name: 'awaiting_approval'; readonly revision: number }
  | { readonly name: 'running' }
  | { readonly name: 'paused' }
  | { readonly name: 'validating' }
  | { readonly name: 'awaiting_delivery'; readonly commit: string; readonly tree: string }
  | { readonly name: 'delivered'; readonly paths: readonly string[]; readonly undone: boolean }
  | { readonly name: 'failed'; readonly failure: Failure }
  | { readonly name: 'cancelled'; readonly by: string };

export interface AttemptView {
  readonly attempt: number;
  readonly agent: string;
  readonly backend: Backend;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly summary?: string;
  readonly failure?: Failure;
  readonly documents: readonly { name: string; text: string }[];
  readonly claims: readonly string[];
  /** What the host found about the claims, those of the summary included; absent until it looked. */
  readonly claimChecks?: readonly ClaimCheck[];
  readonly handoff?: Handoff;
  readonly steps: number;
}

export interface TaskView {
  readonly task: Task;
  readonly state: TaskState;
  readonly attempts: readonly AttemptView[];
  readonly worktree?: string;
  readonly dependencies?: string;
  readonly commit?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

export interface GateView extends Omit<EventOf<'gate.finished'>, 'type' | 'runId' | 'seq'> {
  readonly at: string;
}

/** Everything shown of a run: a fold over its events, the same live and on replay. */
export interface RunView {
  readonly runId: string;
  readonly lastSeq: number;
  readonly request: string;
  readonly workspace: string;
  readonly baseCommit: string;
  readonly baseKind: 'head' | 'snapshot';
  readonly localChanges: readonly string[];
  readonly model: string;
  readonly workflow?: string;
  readonly budget: Budget;
  readonly deliver: boolean;
  readonly forkedFrom?: { readonly runId: string; readonly seq: number };
  readonly state: RunState;
  readonly phase: Phase;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly finishedAt?: string;
  readonly analysis?: Analysis;
  readonly research?: Pick<EventOf<'research.finished'>, 'findings' | 'problems'>;
  readonly plan?: Plan;
  readonly revision: number;
  readonly agents: EventOf<'agents.loaded'>['agents'];
  readonly gateSpecs: readonly GateSpec[];
  readonly gateAbsences: readonly GateAbsence[];
  readonly preparation?: Preparation;
  readonly runningGates: readonly { gate: string; on: string; at: string }[];
  readonly gates: readonly GateView[];
  /** In the order of the plan. */
  readonly tasks: readonly TaskView[];
  readonly approvals: readonly Approval[];
  readonly deliverables: readonly Deliverable[];
  readonly usage: UsageTotal;
  readonly failures: readonly { failure: Failure; taskId?: string }[];
  /** The last `activityLimit` lines. */
  readonly activity: readonly Activity[];
  readonly reportFolder?: string;
}

const activityLimit = 300;

export function isRunEnded(state: RunState): boolean {
  return state.name === 'delivered' || state.name === 'failed' || state.name === 'cancelled';
}

/** Folds a whole journal. An empty one has no run. */
export function foldRun(events: readonly StoredEvent[]): RunView | undefined {
  return events.reduce<RunView | undefined>(nextRun, undefined);
}

/** The view after one more event. Events at or before `lastSeq` change nothing, so a repeated one is harmless. */
export function nextRun(view: RunView | undefined, event: StoredEvent): RunView | undefined {
  if (!view) return event.type === 'run.created' ? created(event) : undefined;
  if (event.seq <= view.lastSeq) return view;
  const changed = apply(view, event);
  const line = activityOf(event);
  const activity = line ? [...changed.activity.slice(1 - activityLimit), line] : changed.activity;
  return { ...changed, activity, lastSeq: event.seq, updatedAt: event.at };
}

function created(event: EventOf<'run.created'>): RunView {
  return {
    runId: event.runId,
    lastSeq: event.seq,
    request: event.request,
    workspace: event.workspace,
    baseCommit: event.baseCommit,
    baseKind: event.baseKind,
    localChanges: event.localChanges,
    model: event.model,
    ...(event.workflow === undefined ? {} : { workflow: event.workflow }),
    budget: event.budget,
    deliver: event.deliver,
    ...(event.forkedFrom === undefined ? {} : { forkedFrom: event.forkedFrom }),
    state: { name: 'planning' },
    phase: 'analysis',
    startedAt: event.at,
    updatedAt: event.at,
    revision: 0,
    agents: [],
    gateSpecs: [],
    gateAbsences: [],
    runningGates: [],
    gates: [],
    tasks: [],
    approvals: [],
    deliverables: [],
    usage: { inputTokens: 0, outputTokens: 0, costUsd: 0, modelCalls: 0 },
    failures: [],
    activity: [],
  };
}

function apply(view: RunView, event: StoredEvent): RunView {
  const run = applyToRun(view, event);
  // An answer names only its approval: the task that waits for it recognises it.
  if (event.type === 'approval.answered' || event.type === 'run.recovered')
    return { ...run, tasks: run.tasks.map((task) => nextTask(task, event)) };
  const taskId = taskOf(event);
  return taskId === undefined
    ? run
    : { ...run, tasks: run.tasks.map((task) => (task.task.id === taskId ? nextTask(task, event) : task)) };
}

function applyToRun(view: RunView, event: StoredEvent): RunView {
  switch (event.type) {
    case 'phase.entered':
      return {
        ...view,
        phase: event.phase,
        ...(event.phase === 'validation' ? { state: { name: 'validating' } } : {}),
      };
    case 'plan.approved':
    case 'run.resumed':
      return { ...view, state: { name: 'running' } };
    case 'run.paused':
      return { ...view, state: { name: 'paused' } };
    case 'run.failed':
      return ended(view, event.at, { name: 'failed', failure: event.failure }, event.failure);
    case 'run.cancelled':
      return ended(view, event.at, { name: 'cancelled', by: event.by });
    case 'run.recovered':
      // Whoever asked, and whatever ran, ended with the process before.
      return { ...view, approvals: [], runningGates: [] };
    case 'approval.requested':
      return { ...view, approvals: [...view.approvals, event.approval] };
    case 'approval.answered':
      return { ...view, approvals: view.approvals.filter((approval) => approval.id !== event.answer.id) };
    case 'model.answered':
      return { ...view, usage: withUsage(view.usage, event.usage) };
    case 'task.cancelled':
      return withoutTrace(view, event.taskId, view.failures);
    case 'task.restarted':
      return withoutTrace(
        view,
        event.taskId,
        view.failures.filter((failure) => failure.taskId !== event.taskId),
      );
    case 'task.failed':
    case 'task.skipped':
      return { ...view, failures: [...view.failures, { failure: event.failure, taskId: event.taskId }] };
    case 'gate.started':
      return {
        ...view,
        runningGates: [...view.runningGates, { gate: event.gate, on: event.on, at: event.at }],
      };
    case 'gate.finished':
      return withGate(view, event);
    case 'report.written':
      return { ...view, reportFolder: event.folder };
    default:
      return applyDelivery(applyPlanning(view, event), event);
  }
}

function applyPlanning(view: RunView, event: StoredEvent): RunView {
  switch (event.type) {
    case 'run.analysed':
      return { ...view, analysis: event.analysis };
    case 'research.finished':
      return { ...view, research: { findings: event.findings, problems: event.problems } };
    case 'gates.detected':
      return { ...view, gateSpecs: event.gates, gateAbsences: event.absent };
    case 'preparation.detected':
      return { ...view, preparation: event.preparation };
    case 'agents.loaded':
      return { ...view, agents: event.agents };
    case 'plan.proposed':
      return withPlan(view, event);
    case 'plan.revised':
      return { ...view, plan: event.plan, revision: event.revision, tasks: tasksOf(view, event.plan) };
    default:
      return view;
  }
}

function applyDelivery(view: RunView, event: StoredEvent): RunView {
  switch (event.type) {
    case 'delivery.proposed':
      return {
        ...view,
        state: { name: 'awaiting_delivery', commit: event.commit, tree: event.tree },
        deliverables: event.deliverables,
      };
    case 'delivery.completed':
      return ended(view, event.at, { name: 'delivered', paths: event.paths, undone: false });
    case 'delivery.refused':
    case 'undo.refused':
      return { ...view, failures: [...view.failures, { failure: event.failure }] };
    case 'undo.completed':
      return view.state.name === 'delivered' ? { ...view, state: { ...view.state, undone: true } } : view;
    default:
      return view;
  }
}

function withPlan(view: RunView, event: EventOf<'plan.proposed'>): RunView {
  return {
    ...view,
    plan: event.plan,
    revision: event.revision,
    tasks: tasksOf(view, event.plan),
    // A question about the plan before is answered by nobody any more.
    approvals: view.approvals.filter((approval) => approval.kind !== 'plan'),
    state: { name: 'awaiting_approval', revision: event.revision },
  };
}

/** The tasks of a plan, each with what is known of it. */
function tasksOf(view: RunView, plan: Plan): TaskView[] {
  const kept = new Map(view.tasks.map((task) => [task.task.id, task]));
  return plan.tasks.map((task) => ({
    state: { name: 'pending' },
    attempts: [],
    ...kept.get(task.id),
    task,
  }));
}

/** A task that is stopped alone, while its run goes on, leaves no open question behind. */
function withoutTrace(view: RunView, taskId: string, failures: RunView['failures']): RunView {
  return { ...view, failures, approvals: view.approvals.filter((approval) => approval.taskId !== taskId) };
}

function withGate(view: RunView, event: EventOf<'gate.finished'>): RunView {
  const { tree, on, reused, result, judgement, at } = event;
  const runningGates = view.runningGates.filter(
    (running) => running.gate !== result.gate || running.on !== on,
  );
  return { ...view, runningGates, gates: [...view.gates, { tree, on, reused, result, judgement, at }] };
}

function ended(view: RunView, at: string, state: RunState, failure?: Failure): RunView {
  const failures = failure ? [...view.failures, { failure }] : view.failures;
  return { ...view, state, failures, finishedAt: at, approvals: [], runningGates: [] };
}

function nextTask(view: TaskView, event: StoredEvent): TaskView {
  if (event.type === 'task.restarted') return restarted(view, event);
  const state = nextTaskState(view.state, event);
  const next = { ...withAttempt(view, event), state };
  if (state.name === 'preparing' && !view.startedAt) return { ...next, startedAt: event.at };
  if (state !== view.state && 'at' in state) return { ...next, finishedAt: event.at };
  return next;
}

/** Begun anew: its attempts stay, the one that was cut off ended with this. */
function restarted(view: TaskView, event: EventOf<'task.restarted'>): TaskView {
  if (view.state.name === 'done') return view;
  const { task, startedAt } = view;
  const failure: Failure = { kind: 'cancelled', message: event.because };
  const attempts = view.attempts.map((attempt) =>
    attempt.finishedAt === undefined ? { ...attempt, finishedAt: event.at, failure } : attempt,
  );
  const state = nextTaskState(view.state, event);
  return { task, state, attempts, ...(startedAt === undefined ? {} : { startedAt }) };
}

function withAttempt(view: TaskView, event: StoredEvent): TaskView {
  switch (event.type) {
    case 'worktree.created':
      return { ...view, worktree: event.path, dependencies: event.dependencies };
    case 'task.committed':
      return { ...view, commit: event.commit };
    case 'attempt.started': {
      const { attempt, agent, backend, at } = event;
      if (view.attempts.some((known) => known.attempt === attempt)) return view;
      const fresh: AttemptView = {
        attempt,
        agent,
        backend,
        startedAt: at,
        documents: [],
        claims: [],
        steps: 0,
      };
      return { ...view, attempts: [...view.attempts, fresh] };
    }
    case 'model.answered':
      if (event.purpose) return view;
      return editAttempt(view, event.attempt, (attempt) => ({ ...attempt, steps: attempt.steps + 1 }));
    case 'attempt.finished':
      return editAttempt(view, event.attempt, (attempt) => ({
        ...attempt,
        finishedAt: event.at,
        summary: event.summary,
        documents: event.documents ?? [],
        claims: event.claims ?? [],
        ...(event.handoff ? { handoff: event.handoff } : {}),
      }));
    case 'claims.checked':
      return editAttempt(view, event.attempt, (attempt) => ({ ...attempt, claimChecks: event.claims }));
    case 'attempt.failed':
      return editAttempt(view, event.attempt, (attempt) => ({
        ...attempt,
        finishedAt: event.at,
        failure: event.failure,
      }));
    default:
      return view;
  }
}

function editAttempt(
  view: TaskView,
  attempt: number | undefined,
  edit: (attempt: AttemptView) => AttemptView,
): TaskView {
  return {
    ...view,
    attempts: view.attempts.map((known) => (known.attempt === attempt ? edit(known) : known)),
  };
}
