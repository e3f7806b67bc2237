import * as z from 'zod';
import { defineTool, done } from './tool';

export const todo = defineTool({
  name: 'todo',
  description:
    'Replaces your list of steps, which a person watches. Keep one item in_progress. Use it for work of three steps or more.',
  schema: z.object({
    items: z.array(
      z.object({ content: z.string().min(1), status: z.enum(['pending', 'in_progress', 'completed']) }),
    ),
  }),
  summary: ({ items }) => (Array.isArray(items) ? `todo: ${items.length} items` : 'todo'),
  run: async ({ items }, { attempt }) => {
    await attempt.emit({ type: 'agent.todos', taskId: attempt.task.id, attempt: attempt.attempt, items });
    const open = items.filter((item) => item.status !== 'completed').length;
    return done(`Noted: ${items.length} items, ${open} open.`);
  },
});
