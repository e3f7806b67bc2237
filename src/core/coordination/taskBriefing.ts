import { briefing, type Handoff } from '../planning/briefing';
import type { Worktree, Worktrees } from '../ports';
import type { RunSession } from './runSession';

export interface BriefingDeps {
  readonly worktrees: Worktrees;
  /** Instructions files of the repository, as they stand in a checkout. */
  readonly instructions: (worktree: Worktree) => Promise<readonly { path: string; text: string }[]>;
}

const diffChars = 12_000;

/** Gathers what a task's agent has to know: its contract, its neighbours, and what the tasks before it handed over. */
export async function taskBriefing(
  session: RunSession,
  taskId: string,
  worktree: Worktree,
  deps: BriefingDeps,
): Promise<string> {
  const { plan, request, gateSpecs } = session.view;
  const task = plan?.tasks.find((known) => known.id === taskId);
  if (!plan || !task) throw new Error(`The plan has no task ${taskId}.`);
  const [upstream, instructions] = await Promise.all([
    Promise.all(task.needs.map((need) => handoff(session, need, deps.worktrees))),
    deps.instructions(worktree),
  ]);
  return briefing({
    request,
    plan,
    task,
    agent: { name: task.agent },
    upstream: upstream.filter((part) => part !== undefined),
    gates: gateSpecs,
    instructions,
    base: { commit: worktree.commit, dependencies: worktree.dependencies, worktree: worktree.path },
  });
}

async function handoff(
  session: RunSession,
  taskId: string,
  worktrees: Worktrees,
): Promise<Handoff | undefined> {
  const view = session.view.tasks.find((known) => known.task.id === taskId);
  if (!view) return undefined;
  const summary = view.attempts.findLast((attempt) => attempt.summary !== undefined)?.summary ?? '';
  const from = session.eventsOf(taskId).findLast((event) => event.type === 'worktree.created');
  if (view.commit === undefined || from?.type !== 'worktree.created')
    return { task: view.task, summary, diff: '' };
  const diff = await worktrees.diff(from.commit, view.commit, diffChars);
  return { task: view.task, summary, diff: diff.ok ? diff.value : `(${diff.failure.message})` };
}
