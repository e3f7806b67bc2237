import * as z from 'zod';
import { planFileTaskSchema, prioritySchema, slugSchema } from './plan';

/** One change of the plan of a run that is under way. */
export const planChangeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('add'), task: planFileTaskSchema }),
  /** The task gives way to several; whoever needed it needs all of them. */
  z.strictObject({ kind: z.literal('split'), taskId: slugSchema, into: z.array(planFileTaskSchema).min(2) }),
  /** Replaces what the task depends on. */
  z.strictObject({ kind: z.literal('reorder'), taskId: slugSchema, needs: z.array(slugSchema) }),
  z.strictObject({ kind: z.literal('reassign'), taskId: slugSchema, agent: z.string().min(1) }),
  z.strictObject({ kind: z.literal('prioritise'), taskId: slugSchema, priority: prioritySchema }),
  z.strictObject({ kind: z.literal('rescope'), taskId: slugSchema, scope: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('cancel'), taskId: slugSchema }),
]);
export type PlanChange = z.infer<typeof planChangeSchema>;
