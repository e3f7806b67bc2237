import * as z from 'zod';

/** What the worktrees of a run get besides the repository's files and their dependencies; approved with the plan. */
export const preparationSchema = z.object({
  /** Files of the checkout that git ignores and `.worktreeinclude` of the base names. */
  included: z.array(z.object({ path: z.string(), bytes: z.number().int().nonnegative() })),
  /** What it names and is not copied, with the reason. */
  leftOut: z.array(z.string()),
  /** A shell line that is run in each new worktree, as gates are. */
  setup: z.object({ command: z.string(), from: z.enum(['machine', 'project']) }).optional(),
});
export type Preparation = z.infer<typeof preparationSchema>;
