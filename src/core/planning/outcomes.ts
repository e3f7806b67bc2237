import type { Failure } from '../model/failure';
import type { RunView, TaskView } from '../model/run';
import { needsOf, type TaskNeeds } from './taskNeeds';

/** How earlier tasks of one kind ended that one agent did. */
export interface Experience {
  readonly done: number;
  /** Those that ended one way or the other because of the agent's work. */
  readonly of: number;
}

/** By the agent's name in small letters and the kind of work. */
export type TrackRecord = ReadonlyMap<string, ReadonlyMap<string, Experience>>;

type PastRun = Pick<RunView, 'tasks' | 'state' | 'forkedFrom'>;

/**
 * What the journals of earlier runs say about agents: per agent and kind of work how many tasks were done, of those that
 * succeeded or failed by the agent's own work. A run that was taken back proves nothing either way, a fork repeats another
 * run, and a task whose model was not there says nothing about its agent.
 */
export function trackRecord(runs: readonly PastRun[]): TrackRecord {
  const record = new Map<string, Map<string, Experience>>();
  for (const run of runs) {
    if (run.forkedFrom !== undefined || (run.state.name === 'delivered' && run.state.undone)) continue;
    for (const view of run.tasks) {
      const ended = endOf(view);
      if (ended === undefined) continue;
      const agent = (view.attempts.at(-1)?.agent ?? view.task.agent).toLowerCase();
      const own = record.get(agent) ?? new Map<string, Experience>();
      record.set(agent, own);
      for (const kind of kindsOf(needsOf(view.task))) {
        const { done, of } = own.get(kind) ?? { done: 0, of: 0 };
        own.set(kind, { done: done + (ended === 'done' ? 1 : 0), of: of + 1 });
      }
    }
  }
  return record;
}

/** So few tasks of a subject say less than those of the whole kind of work. */
const fewest = 3;

/** What is known of an agent with tasks like this one: of the same subject where there were enough of them. */
export function experienceWith(
  needs: TaskNeeds,
  agent: string,
  record: TrackRecord | undefined,
): Experience | undefined {
  const own = record?.get(agent.toLowerCase());
  const [kind, ...narrower] = kindsOf(needs);
  const close = narrower
    .map((one) => own?.get(one))
    .find((found) => found !== undefined && found.of >= fewest);
  return close ?? (kind === undefined ? undefined : own?.get(kind));
}

/** As if each agent had done two of four tasks before: a single success or failure says little. */
const prior = { done: 2, of: 4 };
const mostPoints = 8;

/** From -8 to 8, and 0 without experience: less than the kind of work or a subject counts, so that it only decides between agents that both fit. */
export function pointsOf({ done, of }: Experience): number {
  const rate = (done + prior.done) / (of + prior.of);
  return Math.round(10 * 2 * mostPoints * (rate - 0.5)) / 10;
}

export function experienceText({ done, of }: Experience): string {
  return `${done} of ${of} earlier ${of === 1 ? 'task' : 'tasks'} of this kind succeeded`;
}

/** The kind of work, and then it together with each subject. */
function kindsOf({ work, roles: [role], subjects }: TaskNeeds): string[] {
  if (work.kind !== 'agent') return [];
  const kind = role ?? 'any';
  return [kind, ...subjects.map((subject) => `${kind} of ${subject}`)];
}

function endOf({ task, state }: TaskView): 'done' | 'failed' | undefined {
  if (task.work.kind !== 'agent') return undefined;
  if (state.name === 'done') return 'done';
  return state.name === 'failed' && isOwnFault(state.failure) ? 'failed' : undefined;
}

/** What an agent can be blamed for; a service that was away, a full disk or a person who stopped it are not. */
function isOwnFault({ kind }: Failure): boolean {
  return [
    'agent-exited',
    'agent-stuck',
    'scope-violated',
    'interface-changed',
    'gate-failed',
    'model-misbehaved',
    'budget-exceeded',
    'timed-out',
  ].includes(kind);
}
