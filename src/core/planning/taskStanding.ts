import { assertNever } from '../../base/assertNever';
import type { TaskState } from '../model/taskState';

/** Where a task is, as far as a change of the plan is concerned. */
export type Standing = 'open' | 'working' | 'landing' | 'done' | 'failed' | 'skipped' | 'cancelled';

export function standing(state: TaskState): Standing {
  switch (state.name) {
    case 'pending':
      return 'open';
    case 'preparing':
    case 'running':
    case 'awaiting_approval':
    case 'checking':
    case 'repairing':
      return 'working';
    case 'integrating':
      return 'landing';
    case 'done':
    case 'failed':
    case 'skipped':
    case 'cancelled':
      return state.name;
    default:
      return assertNever(state);
  }
}
