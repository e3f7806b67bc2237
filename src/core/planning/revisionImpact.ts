import type { Estimate, Plan, Task } from '../model/plan';
import type { RunView } from '../model/run';
import { criticalPath } from './criticalPath';
import { planEstimate } from './planEstimate';
import type { Draft } from './planDraft';

/** What a person is told before a change of the plan is made: in the order of the plan, the effect on the time last. */
export function impactOf(
  before: Plan,
  after: Plan,
  draft: Draft,
  view: Pick<RunView, 'tasks' | 'budget'>,
): string[] {
  const earlier = new Map(before.tasks.map((task) => [task.id, task]));
  const lines = draft.tasks.flatMap((task) => lineOf(task, earlier.get(task.id), draft, view));
  return [...lines, ...draft.impact, timeText(before, after, draft, view)];
}

function lineOf(task: Task, before: Task | undefined, draft: Draft, view: Pick<RunView, 'tasks'>): string[] {
  const now = draft.standings.get(task.id);
  if (!before) return [addedText(task)];
  const given = attemptOf(task.id, view);
  const cost =
    given === undefined ? '' : ` ${given} stops; what it wrote is kept, but is not part of the result.`;
  if (draft.cancelled.has(task.id))
    return [
      `\`${task.id}\` is cancelled${now === 'working' ? `:${cost || ' it is stopped.'}` : ' before it began.'}`,
    ];
  const changed = differences(before, task);
  const restart =
    draft.restarted.has(task.id) && now === 'working'
      ? `It begins anew:${cost || ' it is stopped first.'}`
      : draft.restarted.has(task.id) && now === 'failed'
        ? 'It failed and is tried again from its start.'
        : '';
  return changed.length === 0 && restart === ''
    ? []
    : [`\`${task.id}\`: ${[...changed, restart].filter(Boolean).join(' ')}`];
}

/** A command line is shown word for word: whoever confirms the change lets it run. */
function addedText(task: Task): string {
  const after = task.needs.length > 0 ? ` after ${task.needs.map((need) => `\`${need}\``).join(', ')}` : '';
  const what = task.work.kind === 'command' ? ` It runs: ${task.work.run}` : '';
  return `\`${task.id}\` is added: ${task.title} (${task.agent}${after}, ${minutes(task.estimateMinutes)}).${what}`;
}

function differences(before: Task, after: Task): string[] {
  const list = (items: readonly string[], none: string) =>
    items.map((item) => `\`${item}\``).join(', ') || none;
  return [
    ...(before.agent === after.agent ? [] : [`Its agent is ${after.agent} instead of ${before.agent}.`]),
    ...(before.priority === after.priority
      ? []
      : [`Its priority is ${after.priority} instead of ${before.priority}.`]),
    ...(before.scope.join('\n') === after.scope.join('\n')
      ? []
      : [`It may change ${list(after.scope, 'anything')} instead of ${list(before.scope, 'anything')}.`]),
    ...(before.needs.join('\n') === after.needs.join('\n')
      ? []
      : [`It waits for ${list(after.needs, 'nothing')} instead of ${list(before.needs, 'nothing')}.`]),
  ];
}

function attemptOf(taskId: string, view: Pick<RunView, 'tasks'>): string | undefined {
  const last = view.tasks.find((task) => task.task.id === taskId)?.attempts.at(-1);
  return last && last.finishedAt === undefined ? `Attempt ${last.attempt} of ${last.agent}` : undefined;
}

function timeText(before: Plan, after: Plan, draft: Draft, view: Pick<RunView, 'tasks' | 'budget'>): string {
  const ended = (id: string) =>
    ['done', 'failed', 'skipped', 'cancelled'].includes(draft.standings.get(id) ?? 'open') &&
    !draft.restarted.has(id);
  const left = (tasks: readonly Task[], without: ReadonlySet<string>) =>
    tasks.filter((task) => !ended(task.id) && !without.has(task.id));
  const old = left(
    before.tasks.filter(
      (task) => !draft.restarted.has(task.id) || draft.standings.get(task.id) === 'working',
    ),
    new Set(),
  );
  const fresh = left(after.tasks, draft.cancelled);
  const { maxParallel } = view.budget;
  const path = criticalPath(fresh).tasks.map((id) => `\`${id}\``);
  const chain = path.length > 0 ? ` The longest chain is now ${path.join(', ')}.` : '';
  return `Work left: estimated ${minutes(planEstimate(fresh, maxParallel))} instead of ${minutes(planEstimate(old, maxParallel))}.${chain}`;
}

function minutes({ low, high }: Estimate): string {
  return low === high ? `${low} min` : `${low}–${high} min`;
}
