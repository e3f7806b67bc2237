import * as z from 'zod';

export const agentSourceSchema = z.object({
  /** Where the definition was found. */
  kind: z.enum(['built-in', 'project', 'home']),
  /** Absolute path of the file; absent for a built-in. */
  path: z.string().optional(),
});

/** What executes an attempt: our own loop over a model, an external agent process, a program. */
export const backendSchema = z.enum(['model', 'acp', 'command']);
export type Backend = z.infer<typeof backendSchema>;

/** A definition of an agent, loaded from a file or built in. */
export const agentSchema = z.object({
  name: z.string().min(1),
  description: z.string(),
  source: agentSourceSchema,
  backend: z.enum(['model', 'command']),
  /** Words it is matched by: `typescript`, `testing`, `documentation` ... */
  capabilities: z.array(z.string()),
  /** Names of `design.md` §7 tools it may call; absent means all of them. */
  tools: z.array(z.string()).optional(),
  /** A model id, or `inherit` for the run's model. */
  model: z.string(),
  /** The body of the file: what the model is told about its role. */
  instructions: z.string(),
});
export type Agent = z.infer<typeof agentSchema>;

/** A problem found in an agent, workflow or configuration file; lines and columns count from 1. */
export const fileProblemSchema = z.object({
  path: z.string(),
  line: z.number().int().positive(),
  column: z.number().int().positive(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
});
export type FileProblem = z.infer<typeof fileProblemSchema>;

export interface LoadedAgents {
  readonly agents: readonly Agent[];
  readonly problems: readonly FileProblem[];
}
