import type { Agent } from '../../../../src/core/model/agent';
import type { Task, Work } from '../../../../src/core/model/plan';

/** A complete task of the kind asked for; every field can be replaced. */
export function task(id: string, fields: Partial<Task> = {}): Task {
  const work: Work = { kind: 'agent', prompt: `Do ${id}.` };
  return {
    id,
    title: `Do ${id}`,
    activeForm: `Doing ${id}`,
    work,
    agent: 'implementer',
    agentReasons: [],
    needs: [],
    scope: [],
    acceptance: [],
    gates: [],
    priority: 'normal',
    estimateMinutes: { low: 1, high: 1 },
    limits: {},
    ...fields,
  };
}

export function agent(name: string, capabilities: readonly string[], fields: Partial<Agent> = {}): Agent {
  return {
    name,
    description: '',
    source: { kind: 'built-in' },
    backend: 'model',
    capabilities: [...capabilities],
    model: 'inherit',
    instructions: 'Work.',
    ...fields,
  };
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Random tasks without a circle: each needs some of those before it. */
export function randomTasks(seed: number, count: number): Task[] {
  const random = seeded(seed);
  const folders = ['src', 'docs', 'test', 'lib'];
  return Array.from({ length: count }, (_, index) => {
    const needs = Array.from({ length: index }, (__, before) => `t${before}`).filter(
      () => random() < 2 / count,
    );
    const scope = random() < 0.5 ? [`${folders[Math.floor(random() * folders.length)] ?? 'src'}/**`] : [];
    const priority = (['low', 'normal', 'high', 'critical'] as const)[Math.floor(random() * 4)] ?? 'normal';
    const high = 1 + Math.floor(random() * 20);
    return task(`t${index}`, { needs, scope, priority, estimateMinutes: { low: 1, high } });
  });
}
