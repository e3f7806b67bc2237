import type { RunDetail, TaskItem } from '../../src/protocol/runModel';

/** One agent of a run and what it does: derived from its tasks, never claimed by itself. */
export interface AgentCard {
  readonly name: string;
  readonly backend: RunDetail['agents'][number]['backend'];
  readonly source: string;
  readonly state: 'working' | 'asking' | 'waiting' | 'done' | 'failed' | 'idle';
  /** The task it works at, or the last one it ended. */
  readonly task: TaskItem | null;
  readonly done: number;
  readonly total: number;
  readonly attempts: number;
}

const order: Record<AgentCard['state'], number> = {
  asking: 0,
  working: 1,
  failed: 2,
  waiting: 3,
  done: 4,
  idle: 5,
};

/** Agents with tasks in the plan, those that need attention first. */
export function agentCards(run: Pick<RunDetail, 'agents' | 'tasks'>): AgentCard[] {
  const names = [...new Set(run.tasks.map((task) => task.agent))];
  const cards = names.map((name) => cardOf(name, run));
  return cards.sort((a, b) => order[a.state] - order[b.state] || a.name.localeCompare(b.name));
}

function cardOf(name: string, run: Pick<RunDetail, 'agents' | 'tasks'>): AgentCard {
  const tasks = run.tasks.filter((task) => task.agent === name);
  const known = run.agents.find((agent) => agent.name === name);
  const state = stateOf(tasks);
  return {
    name,
    backend: known?.backend ?? tasks.flatMap((task) => task.attempts)[0]?.backend ?? 'command',
    source: known?.source ?? 'unknown',
    state,
    task: shownTask(tasks, state),
    done: tasks.filter((task) => task.state === 'done').length,
    total: tasks.length,
    attempts: tasks.reduce((sum, task) => sum + task.attempts.length, 0),
  };
}

const working: readonly TaskItem['state'][] = [
  'preparing',
  'running',
  'checking',
  'repairing',
  'integrating',
];

const waiting: readonly TaskItem['state'][] = ['interrupted', 'pending', 'ready'];

function stateOf(tasks: readonly TaskItem[]): AgentCard['state'] {
  if (tasks.some((task) => task.state === 'awaiting_approval')) return 'asking';
  if (tasks.some((task) => working.includes(task.state))) return 'working';
  if (tasks.some((task) => task.state === 'failed')) return 'failed';
  if (tasks.some((task) => waiting.includes(task.state))) return 'waiting';
  return tasks.some((task) => task.state === 'done') ? 'done' : 'idle';
}

function shownTask(tasks: readonly TaskItem[], state: AgentCard['state']): TaskItem | null {
  if (state === 'asking') return tasks.find((task) => task.state === 'awaiting_approval') ?? null;
  if (state === 'working') return tasks.find((task) => working.includes(task.state)) ?? null;
  if (state === 'failed') return tasks.find((task) => task.state === 'failed') ?? null;
  if (state === 'waiting') return tasks.find((task) => waiting.includes(task.state)) ?? null;
  return tasks.at(-1) ?? null;
}
