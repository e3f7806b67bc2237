import * as z from 'zod';
import { assertNever } from '../../base/assertNever';
import { prioritySchema } from './plan';
import type { RunView } from './run';
import type { TaskState } from './taskState';

/** The person-facing view of a task, as in `todos.json`. */
export const todoSchema = z.object({
  id: z.string(),
  /** What is to be done. */
  content: z.string(),
  /** The same while it is being done. */
  activeForm: z.string(),
  status: z.enum(['pending', 'in_progress', 'completed']),
  priority: prioritySchema,
  /** Why it is not completed although the engine no longer works at it. */
  error: z.object({ kind: z.string(), message: z.string(), remedy: z.string().optional() }).optional(),
});
export type Todo = z.infer<typeof todoSchema>;

/** One todo for each task, in the order of the plan. A task that failed stays pending: it is still to be done. */
export function todosOf(view: RunView): Todo[] {
  return view.tasks.map(({ task, state }) => {
    const error = errorOf(state);
    return {
      id: task.id,
      content: task.title,
      activeForm: task.activeForm,
      status: statusOf(state),
      priority: task.priority,
      ...(error ? { error } : {}),
    };
  });
}

function statusOf(state: TaskState): Todo['status'] {
  switch (state.name) {
    case 'pending':
    case 'failed':
    case 'skipped':
    case 'cancelled':
      return 'pending';
    case 'preparing':
    case 'running':
    case 'awaiting_approval':
    case 'checking':
    case 'repairing':
    case 'integrating':
      return 'in_progress';
    case 'done':
      return 'completed';
    default:
      return assertNever(state);
  }
}

function errorOf(state: TaskState): Todo['error'] {
  if (state.name === 'cancelled') return { kind: 'cancelled', message: 'The task was cancelled.' };
  if (state.name !== 'failed' && state.name !== 'skipped') return undefined;
  const { kind, message, remedy } = state.failure;
  return { kind, message, ...(remedy === undefined ? {} : { remedy }) };
}
