import { sentence } from '../model/failure';
import type { RunView } from '../model/run';

type Past = Pick<RunView, 'tasks' | 'gates'>;

const most = 8;
const chars = 240;

/**
 * What earlier runs of this repository teach whoever plans the next one, only as far as their journals show it: gates that
 * sent work back, and how tasks failed. Newest runs first; at most a few lines.
 */
export function pastLessons(runs: readonly Past[]): string[] {
  const red = new Map<string, number>();
  for (const { gates } of runs)
    for (const { on, result, judgement } of gates)
      if (on !== 'base' && judgement.verdict === 'failed')
        red.set(result.gate, (red.get(result.gate) ?? 0) + 1);
  const sentBack = [...red]
    .sort(([, a], [, b]) => b - a)
    .map(([gate, count]) => `The gate ${gate} sent work back ${count} ${count === 1 ? 'time' : 'times'}.`);
  const failed = runs.flatMap(({ tasks }) =>
    tasks.flatMap(({ task, state }) =>
      state.name === 'failed' && state.failure.kind !== 'cancelled'
        ? [`A task "${task.title}" (${task.agent}) failed: ${firstLine(state.failure.message)}`]
        : [],
    ),
  );
  return [...sentBack.slice(0, 3), ...new Set(failed)].slice(0, most);
}

function firstLine(text: string): string {
  const line = sentence(text.split('\n')[0] ?? '');
  return line.length > chars ? `${line.slice(0, chars - 1)}…` : line;
}
