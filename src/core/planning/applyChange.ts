import type { Plan, Task } from '../model/plan';
import type { PlanChange } from '../model/planChange';
import { completeTask, type CompletionContext } from './completePlan';
import { edit, insert, type Draft } from './planDraft';
import type { Standing } from './taskStanding';

export type RevisionContext = Omit<CompletionContext, 'origin' | 'source' | 'rationale'>;

/** Applies one change to the draft, or adds to its problems why that cannot be. */
export function applyChange(change: PlanChange, draft: Draft, plan: Plan, context: RevisionContext): void {
  if (change.kind === 'add') {
    const task = completed(change.task, draft, plan, context);
    if (task) insert(draft, draft.tasks.length, [task]);
    return;
  }
  const task = changeable(change, draft);
  if (!task) return;
  switch (change.kind) {
    case 'cancel':
      draft.cancelled.add(task.id);
      return;
    case 'split': {
      const parts = change.into.map((part) =>
        completed({ ...part, needs: part.needs ?? task.needs }, draft, plan, context),
      );
      const made = parts.filter((part) => part !== undefined);
      giveWay(draft, task, made);
      return;
    }
    case 'reorder':
      return edit(draft, task, { needs: [...new Set(change.needs)] });
    case 'prioritise':
      return edit(draft, task, { priority: change.priority });
    case 'reassign':
      beginAnew(draft, task.id);
      return edit(draft, task, { agent: change.agent, agentReasons: ['chosen by a person'] });
    case 'rescope':
      beginAnew(draft, task.id);
      return edit(draft, task, { scope: change.scope });
  }
}

/** The task a change names, where it may still be changed that way; else the draft has a problem more. */
function changeable(change: Exclude<PlanChange, { kind: 'add' }>, draft: Draft): Task | undefined {
  const { taskId, kind } = change;
  const who = `Task \`${taskId}\``;
  const task = draft.tasks.find((one) => one.id === taskId);
  if (!task) {
    draft.problems.push(`${who} is not in the plan.`);
    return undefined;
  }
  const reason = draft.cancelled.has(taskId)
    ? 'is cancelled'
    : whyNot(kind, draft.standings.get(taskId) ?? 'open');
  if (reason === undefined) return task;
  draft.problems.push(`${who} ${reason}.`);
  return undefined;
}

function whyNot(kind: Exclude<PlanChange['kind'], 'add'>, now: Standing): string | undefined {
  switch (now) {
    case 'open':
      return undefined;
    case 'working':
      return kind === 'reorder' ? 'is at work: what it waits for cannot change any more' : undefined;
    case 'landing':
      return 'is being integrated at this moment, so it cannot be changed any more';
    case 'done':
      return 'is done, so it cannot be changed any more';
    case 'cancelled':
      return 'is cancelled already; add a new one';
    case 'failed':
    case 'skipped':
      return kind === 'cancel' || kind === 'prioritise'
        ? `has ended (${now}): give it another agent, scope or order, or split it`
        : undefined;
  }
}

/** What has not begun has nothing to begin anew. */
function beginAnew(draft: Draft, taskId: string): void {
  if ((draft.standings.get(taskId) ?? 'open') !== 'open') draft.restarted.add(taskId);
}

function completed(
  task: Parameters<typeof completeTask>[0],
  draft: Draft,
  plan: Plan,
  context: RevisionContext,
): Task | undefined {
  const notes: string[] = [];
  const made = completeTask(task, plan.gates, { ...context, origin: plan.origin }, notes);
  draft.impact.push(...notes);
  if (made.ok) return made.value;
  draft.problems.push(...made.failure);
  return undefined;
}

/** Whoever needed the task needs all of its parts; a part cannot need the task it is made of. */
function giveWay(draft: Draft, task: Task, parts: readonly Task[]): void {
  const ids = parts.map((part) => part.id);
  draft.cancelled.add(task.id);
  for (const one of draft.tasks) {
    if (!one.needs.includes(task.id)) continue;
    edit(draft, one, { needs: [...new Set(one.needs.flatMap((need) => (need === task.id ? ids : [need])))] });
  }
  insert(draft, draft.tasks.findIndex((one) => one.id === task.id) + 1, parts);
  draft.impact.push(`\`${task.id}\` gives way to ${ids.map((id) => `\`${id}\``).join(', ')}.`);
}
