import type { AttemptView, RunView, TaskView } from '../core/model/run';
import { isRunEnded } from '../core/model/run';
import { describeFailure, type Failure } from '../core/model/failure';
import { isEnded, type TaskState } from '../core/model/taskState';
import type { Work } from '../core/model/plan';
import { workMs } from '../core/insight/timing';
import { gateItems } from './gateProjection';
import { isUnderWay } from './labels';
import type {
  Attendance,
  AttemptItem,
  FailureItem,
  RunAction,
  RunDetail,
  RunItem,
  TaskItem,
} from './runModel';

const instructionLimit = 1200;

/** The compact picture of a run: a pure function of its view and of who works at it. */
export function runDetail(stored: RunView, attendance: Attendance): RunDetail {
  const view = attended(stored, attendance);
  const isOpen = attendance !== 'nobody';
  return {
    item: runItem(view, attendance),
    facts: factsOf(view),
    actions: runActions(view, attendance),
    analysis: view.analysis ? analysisOf(view.analysis) : null,
    plan: view.plan ? planOf(view.plan, view.revision) : null,
    tasks: view.tasks.map((task) => taskItem(task, view, isOpen)),
    agents: view.agents.map(({ name, source, backend }) => ({
      name,
      backend,
      source: source.path ?? source.kind,
    })),
    gates: gateItems(view),
    absences: view.gateAbsences.map(({ name, reason }) => ({ name, reason })),
    approvals: view.approvals.map((approval) => ({
      ...approval,
      taskId: approval.taskId ?? null,
      rule: approval.rule ?? null,
    })),
    deliverables: view.deliverables.map(({ path, change, insertions, deletions }) => ({
      path,
      change,
      insertions,
      deletions,
    })),
    usage: { ...view.usage },
    failures: view.failures.map(({ failure, taskId }) => failureItem(failure, taskId)),
    activity: view.activity.map((line) => ({ ...line, taskId: line.taskId ?? null })),
  };
}

/** What still holds of a run when nobody works at it: no question is open then, and no gate runs. */
export function attended(view: RunView, attendance: Attendance): RunView {
  return attendance === 'nobody' ? { ...view, approvals: [], runningGates: [] } : view;
}

export function runItem(stored: RunView, attendance: Attendance): RunItem {
  const view = attended(stored, attendance);
  const isLeft = attendance === 'nobody' && !isRunEnded(view.state);
  const count = (matches: (state: TaskState) => boolean) =>
    view.tasks.filter((task) => matches(task.state)).length;
  return {
    runId: view.runId,
    request: view.request,
    folder: view.workspace,
    state: view.state.name,
    undone: view.state.name === 'delivered' && view.state.undone,
    phase: view.phase,
    attendance,
    startedAt: view.startedAt,
    finishedAt: view.finishedAt ?? null,
    leftAt: isLeft ? view.updatedAt : null,
    tasks: {
      total: view.tasks.length,
      done: count((state) => state.name === 'done'),
      running: isLeft ? 0 : count(isAtWork),
      failed: count((state) => state.name === 'failed' || state.name === 'skipped'),
    },
    approvals: view.approvals.length,
    files: view.deliverables.length,
  };
}

/** What a person can do with a run now; `attendance` decides between pausing a run and picking up one left behind. */
export function runActions(view: RunView, attendance: Attendance): RunAction[] {
  const state = view.state.name;
  const isLeft = attendance === 'nobody';
  const actions: RunAction[] = [];
  if (state === 'running' && !isLeft) actions.push('pause');
  if (state === 'paused' || (isLeft && (isUnderWay(state) || state === 'awaiting_approval')))
    actions.push('resume');
  if (state === 'awaiting_approval') actions.push('editPlan');
  const isWorked = (state === 'running' || state === 'paused') && !isPastTasks(view.phase);
  if (isWorked || state === 'awaiting_approval') actions.push('changePlan');
  if (state === 'awaiting_delivery') actions.push('deliver');
  if (view.deliverables.length > 0) actions.push('review');
  if (view.reportFolder !== undefined) actions.push('report');
  if (view.state.name === 'delivered' && !view.state.undone && view.state.paths.length > 0)
    actions.push('undo');
  if (!isRunEnded(view.state)) actions.push('cancel');
  return actions;
}

function isPastTasks(phase: RunView['phase']): boolean {
  return phase === 'validation' || phase === 'delivery';
}

export function failureItem(failure: Failure, taskId?: string): FailureItem {
  return {
    kind: failure.kind,
    message: failure.message,
    remedy: failure.remedy ?? null,
    taskId: taskId ?? null,
  };
}

function factsOf(view: RunView): RunDetail['facts'] {
  return {
    model: view.model,
    workflow: view.workflow ?? null,
    baseCommit: view.baseCommit,
    baseKind: view.baseKind,
    localChanges: view.localChanges.length,
    maxParallel: view.budget.maxParallel,
    maxCostUsd: view.budget.maxCostUsd ?? null,
    maxMinutes: view.budget.maxMinutes ?? null,
    maxTokens: view.budget.maxTokens ?? null,
  };
}

function analysisOf(analysis: NonNullable<RunView['analysis']>): NonNullable<RunDetail['analysis']> {
  const { complexity, priority, domains, estimateMinutes, basis, risks, by } = analysis;
  return { complexity, priority, domains, estimateMinutes, basis: basis ?? null, risks, by };
}

function planOf(plan: NonNullable<RunView['plan']>, revision: number): NonNullable<RunDetail['plan']> {
  const { rationale, risks, contingencies, origin, source } = plan;
  return { revision, rationale, risks, contingencies, origin, source: source ?? null };
}

/** A task somebody has to be at work for. */
export function isAtWork(state: TaskState): boolean {
  return state.name !== 'pending' && !isEnded(state);
}

function taskItem(view: TaskView, run: RunView, isOpen: boolean): TaskItem {
  const { task, state } = view;
  const isInterrupted = !isOpen && isAtWork(state);
  const { id, title, agent, agentReasons, needs, scope, acceptance, gates, priority, estimateMinutes } = task;
  return {
    ...{ id, title, agent, agentReasons, needs, scope, acceptance, gates, priority, estimateMinutes },
    kind: task.work.kind,
    instruction: instructionOf(task.work).slice(0, instructionLimit),
    state: isInterrupted
      ? 'interrupted'
      : state.name === 'pending' && isReady(view, run.tasks)
        ? 'ready'
        : state.name,
    activity: isInterrupted ? null : activityOf(state),
    percent: state.name === 'running' && isOpen ? (state.percent ?? null) : null,
    workMs: task.work.kind === 'check' ? workMs(view, run.gates) : null,
    startedAt: view.startedAt ?? null,
    finishedAt: view.finishedAt ?? null,
    attempts: view.attempts.map((attempt) => attemptItem(attempt, isOpen)),
  };
}

function isReady(view: TaskView, all: readonly TaskView[]): boolean {
  return view.task.needs.every((need) =>
    all.some((task) => task.task.id === need && task.state.name === 'done'),
  );
}

function instructionOf(work: Work): string {
  switch (work.kind) {
    case 'agent':
      return work.prompt;
    case 'command':
      return work.run;
    case 'check':
      return `Check ${work.gates.join(', ')}`;
    case 'analysis':
      return work.of === 'code' ? 'Analyse the code base' : 'Analyse the documentation';
  }
}

function activityOf(state: TaskState): string | null {
  switch (state.name) {
    case 'running':
      return state.activity;
    case 'awaiting_approval':
      return state.question;
    case 'repairing':
      return state.because.join('; ');
    case 'done':
      return state.summary;
    case 'failed':
    case 'skipped':
      return describeFailure(state.failure);
    default:
      return null;
  }
}

function attemptItem(attempt: AttemptView, isOpen: boolean): AttemptItem {
  const outcome = attempt.failure
    ? 'failed'
    : attempt.finishedAt !== undefined
      ? 'finished'
      : isOpen
        ? 'running'
        : 'interrupted';
  return {
    attempt: attempt.attempt,
    agent: attempt.agent,
    backend: attempt.backend,
    startedAt: attempt.startedAt,
    finishedAt: attempt.finishedAt ?? null,
    outcome,
    text: attempt.failure ? describeFailure(attempt.failure) : (attempt.summary ?? null),
    steps: attempt.steps,
    ...(attempt.claimChecks ? { claims: attempt.claimChecks.map((check) => ({ ...check })) } : {}),
  };
}
