import { assertNever } from '../../base/assertNever';
import type { StoredEvent } from './event';
import type { Failure } from './failure';

/**
 * pending → ready → preparing → running ⇄ awaiting_approval → checking ⇄ repairing → integrating → done
 *    └──────────────┴──────────────┴───────────┴──────────────────┴──────────┴──────────┴──→ failed | cancelled | skipped
 *
 * A change of the plan takes any of them but `done` back to pending: `task.restarted`.
 *
 * `ready` is not an event: it is what the scheduler computes from `pending` and the states of the dependencies.
 */
export type TaskState =
  | { readonly name: 'pending' }
  | { readonly name: 'preparing'; readonly since: string }
  | {
      readonly name: 'running';
      readonly since: string;
      readonly attempt: number;
      readonly activity: string;
      readonly percent?: number;
    }
  | {
      readonly name: 'awaiting_approval';
      readonly attempt: number;
      readonly approvalId: string;
      readonly question: string;
    }
  | { readonly name: 'checking'; readonly since: string }
  | { readonly name: 'repairing'; readonly because: readonly string[] }
  | { readonly name: 'integrating' }
  | { readonly name: 'done'; readonly at: string; readonly summary: string }
  | { readonly name: 'failed'; readonly at: string; readonly failure: Failure }
  | { readonly name: 'skipped'; readonly at: string; readonly failure: Failure }
  | { readonly name: 'cancelled'; readonly at: string };

export type TaskStateName = TaskState['name'] | 'ready';

export function isEnded(state: TaskState): boolean {
  return (
    state.name === 'done' || state.name === 'failed' || state.name === 'skipped' || state.name === 'cancelled'
  );
}

/** The state of the task an event belongs to; events that say nothing about its state leave it as it is. */
export function nextTaskState(state: TaskState, event: StoredEvent): TaskState {
  if (event.type === 'task.restarted') return state.name === 'done' ? state : { name: 'pending' };
  if (isEnded(state)) return state;
  switch (event.type) {
    case 'task.preparing':
      return { name: 'preparing', since: event.at };
    case 'attempt.started':
      return { name: 'running', since: event.at, attempt: event.attempt, activity: `${event.agent} started` };
    case 'attempt.progress':
      return running(state, event.attempt, event.at, event.activity, event.percent);
    case 'model.called':
      return event.attempt ? running(state, event.attempt, event.at, 'Thinking') : state;
    case 'tool.called':
      return running(state, event.attempt, event.at, event.summary);
    case 'approval.requested':
      if (state.name !== 'running') return state;
      return {
        name: 'awaiting_approval',
        attempt: state.attempt,
        approvalId: event.approval.id,
        question: event.approval.title,
      };
    case 'approval.answered':
      if (state.name !== 'awaiting_approval' || state.approvalId !== event.answer.id) return state;
      return {
        name: 'running',
        since: event.at,
        attempt: state.attempt,
        activity: event.answer.decision === 'allow' ? 'Allowed' : 'Denied',
      };
    case 'run.recovered':
      return state.name === 'awaiting_approval'
        ? { name: 'running', since: event.at, attempt: state.attempt, activity: 'Continued' }
        : state;
    case 'task.checking':
      return { name: 'checking', since: event.at };
    case 'task.repairing':
      return { name: 'repairing', because: event.because };
    case 'task.integrating':
      return { name: 'integrating' };
    case 'task.done':
      return { name: 'done', at: event.at, summary: event.summary };
    case 'task.failed':
      return { name: 'failed', at: event.at, failure: event.failure };
    case 'task.skipped':
      return { name: 'skipped', at: event.at, failure: event.failure };
    case 'task.cancelled':
      return { name: 'cancelled', at: event.at };
    default:
      return state;
  }
}

function running(
  state: TaskState,
  attempt: number,
  at: string,
  activity: string,
  percent?: number,
): TaskState {
  const since = state.name === 'running' ? state.since : at;
  const known = percent ?? (state.name === 'running' ? state.percent : undefined);
  return { name: 'running', since, attempt, activity, ...(known === undefined ? {} : { percent: known }) };
}

/** The word a person reads. */
export function taskStateLabel(state: TaskState): string {
  switch (state.name) {
    case 'pending':
      return 'waiting';
    case 'awaiting_approval':
      return 'asks you';
    case 'preparing':
    case 'running':
    case 'checking':
    case 'repairing':
    case 'integrating':
    case 'done':
    case 'failed':
    case 'skipped':
    case 'cancelled':
      return state.name;
    default:
      return assertNever(state);
  }
}
