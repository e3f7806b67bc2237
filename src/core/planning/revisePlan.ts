import { fail, ok, type Result } from '../../base/result';
import type { Failure } from '../model/failure';
import type { Plan, Task } from '../model/plan';
import type { PlanChange } from '../model/planChange';
import type { RunView } from '../model/run';
import { applyChange, type RevisionContext } from './applyChange';
import { ancestorsOf } from './criticalPath';
import { orderCollisions } from './orderCollisions';
import { draftOf, edit, hasBegun, isOver, type Draft } from './planDraft';
import { impactOf } from './revisionImpact';
import { validatePlan } from './validatePlan';

export interface Revision {
  readonly plan: Plan;
  /** For the person, one sentence each: what changes, begins anew, is given up and kept, and what that does to the time. */
  readonly impact: readonly string[];
  /** Tasks that end as cancelled; those that are at work are stopped first. */
  readonly cancelled: readonly string[];
  /** Tasks that begin anew; those that are at work are stopped first. */
  readonly restarted: readonly string[];
}

/**
 * The plan of a run after changes, checked like any plan, and what they cost. What is done stays as it is; a task at work
 * is stopped only where a change names it; cancelled tasks stay in the plan of a run that is under way, as a record.
 */
export function revisePlan(
  view: Pick<RunView, 'plan' | 'tasks' | 'state' | 'budget'>,
  changes: readonly PlanChange[],
  context: RevisionContext,
): Result<Revision, Failure> {
  const { plan } = view;
  if (!plan) return fail(refused(['There is no plan yet.']));
  const draft = draftOf(plan, view);
  for (const change of changes) applyChange(change, draft, plan, context);
  if (changes.length === 0) draft.problems.push('No change is named.');
  if (draft.problems.length > 0) return fail(refused(draft.problems));
  freeDependants(draft);
  takeUpSkipped(draft);
  orderAnew(draft);
  const isProposal = view.state.name === 'awaiting_approval';
  const tasks = isProposal ? draft.tasks.filter((task) => !draft.cancelled.has(task.id)) : draft.tasks;
  const problems = problemsOf(tasks, plan, draft, context);
  if (problems.length > 0) return fail(refused(problems));
  const revised: Plan = { ...plan, tasks };
  return ok({
    plan: revised,
    impact: impactOf(plan, revised, draft, view),
    cancelled: isProposal ? [] : [...draft.cancelled],
    restarted: [...draft.restarted],
  });
}

/** What waited for a cancelled task waits for what that one waited for, so that no order is lost. */
function freeDependants(draft: Draft): void {
  const needsOf = new Map(draft.tasks.map((task) => [task.id, task.needs]));
  const instead = (need: string, seen: ReadonlySet<string>): string[] => {
    if (!draft.cancelled.has(need) || seen.has(need)) return [need].filter((id) => !seen.has(id));
    return (needsOf.get(need) ?? []).flatMap((further) => instead(further, new Set([...seen, need])));
  };
  for (const task of draft.tasks) {
    const given = task.needs.filter((need) => draft.cancelled.has(need));
    if (given.length === 0 || draft.cancelled.has(task.id)) continue;
    edit(draft, task, { needs: [...new Set(task.needs.flatMap((need) => instead(need, new Set())))] });
    draft.impact.push(
      `\`${task.id}\` no longer waits for ${given.map((id) => `\`${id}\``).join(', ')} and goes on without that result.`,
    );
  }
}

/** Tasks that were skipped because of what is tried again, or is no longer in their way, wait for their turn again. */
function takeUpSkipped(draft: Draft): void {
  const before = ancestorsOf(draft.tasks);
  const roots = [...draft.restarted, ...draft.touched];
  for (const { id } of draft.tasks) {
    if (draft.standings.get(id) !== 'skipped' || draft.cancelled.has(id) || draft.restarted.has(id)) continue;
    if (!roots.some((root) => before.get(id)?.has(root))) continue;
    draft.restarted.add(id);
    draft.impact.push(`\`${id}\`, which was skipped, is taken up again.`);
  }
}

/** Orders what may collide, so that only tasks that have not begun come to wait for others. */
function orderAnew(draft: Draft): void {
  const live = draft.tasks.filter((task) => !isOver(task.id, draft));
  const begun = live.filter((task) => hasBegun(task.id, draft));
  const ordered = orderCollisions([...begun, ...live.filter((task) => !begun.includes(task))]);
  const needs = new Map(ordered.tasks.map((task) => [task.id, task.needs]));
  draft.tasks = draft.tasks.map((task) => ({ ...task, needs: needs.get(task.id) ?? task.needs }));
  draft.impact.push(...ordered.notes);
}

/** Only what the changes touch is held against today's agents and gates: what ran with others is not invalid for it. */
function problemsOf(
  tasks: readonly Task[],
  plan: Plan,
  draft: Draft,
  { agents, gates }: RevisionContext,
): string[] {
  if (tasks.every((task) => isOver(task.id, draft)))
    return ['Nothing would be left to do: cancel the run instead.'];
  const lost = tasks.flatMap((task) =>
    isOver(task.id, draft)
      ? []
      : task.needs
          .filter((need) => isOver(need, draft) && !draft.cancelled.has(need) && draft.touched.has(task.id))
          .map((need) => `Task \`${task.id}\` needs \`${need}\`, which has ended without a result.`),
  );
  const settled = tasks.map((task) =>
    draft.touched.has(task.id) && !isOver(task.id, draft) ? task : { ...task, gates: [] },
  );
  const known = new Set(agents.map((agent) => agent.name));
  const former = settled
    .filter((task) => !draft.touched.has(task.id) && !known.has(task.agent))
    .map((task) => ({
      name: task.agent,
      description: '',
      source: { kind: 'project' as const },
      backend: task.work.kind === 'agent' ? ('model' as const) : ('command' as const),
      capabilities: [],
      model: 'inherit',
      instructions: '',
    }));
  const open = settled.map((task) => (isOver(task.id, draft) ? { ...task, scope: [], freezes: [] } : task));
  const gateNames = [...gates, ...plan.gates, ...open.flatMap(gatesChecked)];
  return [
    ...lost,
    ...validatePlan({ tasks: open, gates: plan.gates }, { agents: [...agents, ...former], gateNames }),
  ];
}

/** A check that is in the plan already was possible when it was made. */
function gatesChecked(task: Task): string[] {
  return task.work.kind === 'check' ? task.work.gates : [];
}

function refused(problems: readonly string[]): Failure {
  return {
    kind: 'plan-invalid',
    message: `The plan cannot be changed like that: ${problems.join(' ')}`,
    problems: [...problems],
    remedy: 'Nothing was changed. Correct the changes and try again.',
  };
}
