import type { PlanFile } from '../../src/core/model/plan';
import { done, type Acting } from './coordination';

/** Tasks that say each time they start, write half of their work, and end when the test says so. */
export function crew() {
  const starts: string[] = [];
  const stops: string[] = [];
  const ends = new Map<string, () => void>();
  const waiting = new Set<() => void>();
  const act: Acting = async ({ task, attempt, signal }, write) => {
    await write(`${task.id}-${attempt}.txt`, 'half\n');
    starts.push(`${task.id} ${attempt}`);
    for (const wake of waiting) wake();
    await new Promise<void>((resolve, reject) => {
      ends.set(task.id, resolve);
      const stop = () => {
        stops.push(task.id);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', stop, { once: true });
    });
    await write(`${task.id}.txt`, 'made\n');
    return done(`${task.id} done`);
  };
  const until = async (start: string) => {
    while (!starts.includes(start)) await new Promise<void>((resolve) => void waiting.add(resolve));
  };
  return { act, starts, stops, until, end: (id: string) => ends.get(id)?.() };
}

export function commandsPlan(tasks: Record<string, string[]>): PlanFile {
  return { tasks: Object.entries(tasks).map(([id, needs]) => ({ id, run: `do ${id}`, needs })) };
}

export const statesOf = (view: { tasks: readonly { task: { id: string }; state: { name: string } }[] }) =>
  view.tasks.map(({ task, state }) => `${task.id} ${state.name}`).join(', ');
