import type { PlanFile } from '../../src/core/model/plan';
import { done, type Acting, type stage } from './coordination';

/** What a test of a run needs beside the stage: the usual request, plans of commands, tasks it steers. */
export const auto = { request: 'do it', planPath: 'plan.yaml', approvePlan: true, deliver: 'auto' } as const;

export function commandPlan(tasks: Record<string, string[]>): PlanFile {
  return { tasks: Object.entries(tasks).map(([id, needs]) => ({ id, run: `do ${id}`, needs })) };
}

/** Runs a request to its end and gives the view. */
export async function run(
  scene: ReturnType<typeof stage>,
  request: Parameters<typeof scene.engine.start>[0] = auto,
) {
  const started = await scene.engine.start(request);
  if (!started.ok) throw new Error(started.failure.message);
  const view = await scene.engine.settled(started.value.runId);
  return { view, events: await scene.engine.events(started.value.runId), runId: started.value.runId };
}

/** Tasks that start when the engine lets them and end when the test says so. */
export function steered() {
  const running = new Map<string, () => void>();
  const order: string[] = [];
  const waiters: (() => void)[] = [];
  const act: Acting = async ({ task, signal }, write) => {
    order.push(task.id);
    waiters.splice(0).forEach((wake) => wake());
    await new Promise<void>((resolve, reject) => {
      running.set(task.id, resolve);
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    running.delete(task.id);
    await write(`${task.id}.txt`, 'made\n');
    return done(`${task.id} done`);
  };
  const until = async (...ids: string[]) => {
    while (!ids.every((id) => order.includes(id)))
      await new Promise<void>((resolve) => waiters.push(resolve));
  };
  return { act, order, until, end: (id: string) => running.get(id)?.() };
}
