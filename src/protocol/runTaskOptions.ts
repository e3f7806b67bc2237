import * as z from 'zod';

/** The argument of the command `enterprise.runTask` and of `runTask` in the extension's API. */
export const runTaskOptionsSchema = z.strictObject({
  /** The task in the person's words; asked for when absent. */
  task: z.string().trim().min(1).optional(),
  /** Absolute path of one of the open folders. */
  workspace: z.string().optional(),
  workflow: z.string().optional(),
  /** `provider/model`, or `offline`. */
  model: z.string().optional(),
  approvePlan: z.boolean().optional(),
  /** `true` is `auto`, `false` is `never`. */
  deliver: z.union([z.enum(['auto', 'ask', 'never']), z.boolean()]).optional(),
});
export type RunTaskOptions = z.infer<typeof runTaskOptionsSchema>;
