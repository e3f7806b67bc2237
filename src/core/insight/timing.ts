import type { Timing } from '../model/report';
import type { AttemptView, GateView, RunView, TaskView } from '../model/run';
import { topologicalOrder } from '../planning/criticalPath';

/** How long the attempts took, one after another, side by side, and along the longest chain of dependencies. */
export function timingOf(view: Pick<RunView, 'tasks' | 'gates'>): Timing {
  const spans = view.tasks.flatMap((task) => task.attempts.flatMap((attempt) => spanOf(task, attempt) ?? []));
  const wallMs =
    spans.length === 0
      ? 0
      : Math.max(...spans.map((span) => span.end)) - Math.min(...spans.map((span) => span.start));
  const sequentialMs = view.tasks.reduce((sum, task) => sum + workMs(task, view.gates), 0);
  const chain = longestChain(view);
  return {
    wallMs,
    sequentialMs,
    criticalPathMs: chain.durationMs,
    speedup: wallMs > 0 ? Math.round((sequentialMs / wallMs) * 100) / 100 : null,
    criticalPath: chain.tasks,
  };
}

/** Milliseconds between two ISO times. The wall clock may have been set back meanwhile: never below zero. */
export function elapsedMs(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}

/**
 * Milliseconds a task took in its attempts. A check waits in its attempt for a place, and for results that others asked
 * for first: its work is what its gates took.
 */
export function workMs(task: TaskView, gates: readonly GateView[]): number {
  const { work } = task.task;
  if (work.kind === 'check') {
    if (task.attempts.length === 0) return 0;
    const own = gates.filter((gate) => gate.on === 'base' && work.gates.includes(gate.result.gate));
    return own.reduce((sum, gate) => sum + gate.result.durationMs, 0);
  }
  return task.attempts.reduce((sum, attempt) => {
    const span = spanOf(task, attempt);
    return span ? sum + span.end - span.start : sum;
  }, 0);
}

/** An attempt without an end of its own (cancelled, or cut off by a crash) lasted at most until its task ended. */
function spanOf(task: TaskView, attempt: AttemptView): { start: number; end: number } | undefined {
  const finishedAt = attempt.finishedAt ?? task.finishedAt;
  if (finishedAt === undefined) return undefined;
  const start = Date.parse(attempt.startedAt);
  return { start, end: start + elapsedMs(attempt.startedAt, finishedAt) };
}

function longestChain({ tasks, gates }: Pick<RunView, 'tasks' | 'gates'>): {
  durationMs: number;
  tasks: string[];
} {
  const views = new Map(tasks.map((view) => [view.task.id, view]));
  const chains = new Map<string, { durationMs: number; tasks: string[] }>();
  let longest = { durationMs: 0, tasks: [] as string[] };
  for (const task of topologicalOrder(tasks.map((view) => view.task))) {
    const view = views.get(task.id);
    if (!view) continue;
    const before = task.needs
      .flatMap((need) => chains.get(need) ?? [])
      .reduce((best, chain) => (chain.durationMs > best.durationMs ? chain : best), {
        durationMs: 0,
        tasks: [] as string[],
      });
    const chain = { durationMs: before.durationMs + workMs(view, gates), tasks: [...before.tasks, task.id] };
    chains.set(task.id, chain);
    if (chain.durationMs > longest.durationMs) longest = chain;
  }
  return longest;
}
