import { fail, ok, type Result } from '../../base/result';
import type { Agent } from '../model/agent';
import type { NewEvent } from '../model/event';
import type { Failure } from '../model/failure';
import type { Plan } from '../model/plan';
import type { RunView } from '../model/run';
import type { RevisionContext } from '../planning/applyChange';
import { completePlan } from '../planning/completePlan';
import { revisePlan, type Revision } from '../planning/revisePlan';
import type { ControlRequest, Worktrees } from '../ports';
import { keepWork } from './keepWork';
import type { RunSession } from './runSession';
import type { TasksAtWork } from './tasksAtWork';

/** A change of a run's plan by a person, as it also travels from one window to another. */
export type PlanRequest = Extract<ControlRequest, { kind: 'replan' | 'propose' }>;

/** What a change of a plan comes to. */
export interface PlanOutcome {
  /** The number of the changed plan. */
  readonly revision: number;
  /** For the person, one sentence each. */
  readonly impact: readonly string[];
}

export interface ChangeDeps {
  readonly session: RunSession;
  readonly atWork: TasksAtWork;
  readonly worktrees: Worktrees;
  readonly agents: () => Promise<readonly Agent[]>;
}

/**
 * Changes the plan of a run that waits for its approval, or whose tasks are at work. Only tasks that the change names are
 * stopped; what they wrote is kept. All of it is one entry of the journal, or nothing changed.
 */
export async function changePlan(
  request: PlanRequest,
  { session, atWork, worktrees, agents }: ChangeDeps,
): Promise<Result<PlanOutcome, Failure>> {
  const team = await agents();
  return atWork.exclusively(async () => {
    const first = planChange(session.view, request, team, atWork.isClosed);
    if (!first.ok) return first;
    const stopped = [...first.value.cancelled, ...first.value.restarted];
    await atWork.stop(stopped);
    try {
      for (const task of session.view.tasks.filter(({ task: { id } }) => stopped.includes(id))) {
        const kept = await keepWork(task, 'stopped by a change of the plan', session, worktrees);
        if (!kept.ok) return kept;
      }
      // What it was stopped at may have been its end: then it is too late to change it.
      const now = planChange(session.view, request, team, atWork.isClosed);
      if (!now.ok) return now;
      for (const agent of team) atWork.agents.set(agent.name, agent);
      await session.emit(...eventsOf(session.view, request, now.value));
      return ok({ revision: session.view.revision, impact: now.value.impact });
    } finally {
      // Whatever was stopped in vain is taken up again.
      atWork.wake();
    }
  });
}

/** What a change would come to, without making it. @param isClosed no task of the run will be started any more */
export function previewOf(
  view: RunView,
  request: PlanRequest,
  agents: readonly Agent[],
): Result<PlanOutcome, Failure> {
  const change = planChange(view, request, agents, false);
  return change.ok ? ok({ revision: view.revision + 1, impact: change.value.impact }) : change;
}

/** What plan files and changes of a run are completed with: its gates, its model, the agents there are. */
export function revisionContext(view: RunView, agents: readonly Agent[]): RevisionContext {
  return {
    agents,
    gates: view.gateSpecs.map((gate) => gate.name),
    absentGates: view.gateAbsences,
    isOffline: view.model === 'offline',
    ...(view.analysis === undefined ? {} : { domains: view.analysis.domains }),
  };
}

function planChange(
  view: RunView,
  request: PlanRequest,
  agents: readonly Agent[],
  isClosed: boolean,
): Result<Revision, Failure> {
  const isWaiting = view.state.name === 'awaiting_approval';
  const isAtWork = (view.state.name === 'running' || view.state.name === 'paused') && !isClosed;
  if (!isWaiting && (!isAtWork || request.kind === 'propose')) return fail(tooLate(view, request));
  const context = revisionContext(view, agents);
  if (request.kind === 'replan') return revisePlan(view, request.changes, context);
  const completed = completePlan(request.file, {
    ...context,
    origin: view.plan?.origin ?? 'file',
    ...sourceOf(view.plan),
  });
  if (!completed.ok) return completed;
  const { plan, notes } = completed.value;
  return ok({ plan, impact: notes, cancelled: [], restarted: [] });
}

function sourceOf(plan: Plan | undefined): { source?: string } {
  return plan?.source === undefined ? {} : { source: plan.source };
}

function eventsOf(view: RunView, request: PlanRequest, change: Revision): NewEvent[] {
  const revision = view.revision + 1;
  const { by } = request;
  const { plan } = change;
  const impact = [...change.impact];
  if (view.state.name === 'awaiting_approval' || request.kind === 'propose')
    return [{ type: 'plan.proposed', plan, revision, by, impact }];
  const because = `The plan was changed by ${by}: it begins anew.`;
  return [
    { type: 'plan.revised', plan, revision, by, changes: [...request.changes], impact },
    ...change.cancelled.map((taskId) => ({ type: 'task.cancelled' as const, taskId })),
    ...change.restarted.map((taskId) => ({ type: 'task.restarted' as const, taskId, because })),
  ];
}

function tooLate({ runId, state }: RunView, request: PlanRequest): Failure {
  const now = state.name.replace('_', ' ');
  const message = `The plan of run ${runId} cannot be changed: it is ${now === 'running' || now === 'paused' ? 'under way, or all its tasks have ended' : now}.`;
  const remedy =
    request.kind === 'propose'
      ? 'A whole plan can be handed in only before it is approved; change single tasks of a run that is under way.'
      : 'A plan can be changed while it waits for you, and while its tasks are at work.';
  return { kind: 'usage', message, remedy };
}
