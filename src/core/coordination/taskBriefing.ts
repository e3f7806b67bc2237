import type { StoredEvent } from '../model/event';
import type { Task } from '../model/plan';
import type { TaskView } from '../model/run';
import { briefing } from '../planning/briefing';
import { frozenFor } from '../planning/frozen';
import type { Upstream } from '../planning/upstream';
import type { Worktree, Worktrees } from '../ports';
import type { RunSession } from './runSession';

export interface BriefingDeps {
  readonly worktrees: Worktrees;
  /** Instructions files that apply to a task, as they stand at the run's base: no agent changes what others are told. */
  readonly instructions: (
    task: Task,
    baseCommit: string,
  ) => Promise<readonly { path: string; text: string }[]>;
}

const diffChars = 12_000;

/** Gathers what a task's agent has to know: its contract, its neighbours, and what the tasks before it handed over. */
export async function taskBriefing(
  session: RunSession,
  taskId: string,
  worktree: Worktree,
  deps: BriefingDeps,
): Promise<string> {
  const { plan, request, gateSpecs, baseCommit, research } = session.view;
  const task = plan?.tasks.find((known) => known.id === taskId);
  if (!plan || !task) throw new Error(`The plan has no task ${taskId}.`);
  const [upstream, instructions] = await Promise.all([
    Promise.all(task.needs.map((need) => upstreamOf(session, need, deps.worktrees))),
    deps.instructions(task, baseCommit),
  ]);
  return briefing({
    request,
    plan,
    task,
    agent: { name: task.agent },
    upstream: upstream.filter((part) => part !== undefined),
    earlier: earlierThan(task, plan.tasks, session),
    messages: session.eventsOf(taskId).filter((event) => event.type === 'message.received'),
    frozen: frozenFor(taskId, session.view.tasks),
    research: research?.findings ?? [],
    gates: gateSpecs,
    instructions,
    base: { commit: worktree.commit, dependencies: worktree.dependencies, worktree: worktree.path },
  });
}

async function upstreamOf(
  session: RunSession,
  taskId: string,
  worktrees: Worktrees,
): Promise<Upstream | undefined> {
  const view = session.view.tasks.find((known) => known.task.id === taskId);
  if (!view) return undefined;
  const said = { task: view.task, summary: summaryOf(view), ...handoffOf(view) };
  const from = session.eventsOf(taskId).findLast((event) => event.type === 'worktree.created');
  if (view.commit === undefined || from?.type !== 'worktree.created')
    return { ...said, files: [], passed: [], diff: '' };
  const [changes, diff] = await Promise.all([
    worktrees.changes(from.commit, view.commit),
    worktrees.diff(from.commit, view.commit, diffChars),
  ]);
  return {
    ...said,
    files: changes.ok ? changes.value.map(({ change, path }) => `${change} ${path}`) : [],
    passed: passedGates(session.eventsOf(taskId), session, taskId),
    diff: diff.ok ? diff.value : `(${diff.failure.message})`,
  };
}

function summaryOf(view: TaskView): string {
  return view.attempts.findLast((attempt) => attempt.summary !== undefined)?.summary ?? '';
}

function handoffOf(view: TaskView): Pick<Upstream, 'handoff'> {
  const handoff = view.attempts.findLast((attempt) => attempt.summary !== undefined)?.handoff;
  return handoff ? { handoff } : {};
}

/** The gates that passed on the very tree the task ended with. */
function passedGates(own: readonly StoredEvent[], session: RunSession, taskId: string): string[] {
  const committed = own.findLast((event) => event.type === 'task.committed');
  if (committed?.type !== 'task.committed') return [];
  const passed = session.view.gates.filter(
    ({ on, tree, judgement }) => on === taskId && tree === committed.tree && judgement.verdict === 'passed',
  );
  return [...new Set(passed.map(({ result }) => result.gate))];
}

/** What the direct dependencies were built on, for orientation. */
function earlierThan(task: Task, tasks: readonly Task[], session: RunSession) {
  const direct = new Set(task.needs);
  const all = allNeeds(task, tasks);
  return session.view.tasks
    .filter((view) => all.has(view.task.id) && !direct.has(view.task.id))
    .map((view) => ({ id: view.task.id, title: view.task.title, summary: summaryOf(view) }));
}

/** Everything a task depends on, directly and through others. */
function allNeeds(task: Task, tasks: readonly Task[]): ReadonlySet<string> {
  const byId = new Map(tasks.map((known) => [known.id, known]));
  const found = new Set<string>();
  const open = [...task.needs];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(byId.get(id)?.needs ?? []));
  }
  return found;
}
