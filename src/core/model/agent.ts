import * as z from 'zod';
import type { Skill } from './skill';

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
  /**
   * Names of `design.md` §7 tools it may call; absent means all of them. `mcp__server__*` are all tools of a server,
   * `mcp__*` those of every server.
   */
  tools: z.array(z.string()).optional(),
  /** MCP tools it may not call although `tools` would let it: `mcp__server__tool` or `mcp__server__*`. */
  withoutTools: z.array(z.string()).optional(),
  /** A model id, an alias of another tool (`sonnet`), or `inherit` for the run's model. */
  model: z.string(),
  /** The rest of a list of models in its file: tried in this order where `model` cannot be had. */
  fallbackModels: z.array(z.string()).optional(),
  /** How hard the model should think, as the file says it: `low`, `medium`, `high` ... */
  effort: z.string().optional(),
  /** The most steps an attempt of it takes, whatever the task allows. */
  maxSteps: z.number().int().positive().optional(),
  /** Names of the skills it is shown before all others. */
  skills: z.array(z.string()).optional(),
  /** True: never chosen for a task, only taken where a plan names it. */
  onlyByName: z.boolean().optional(),
  /** What a person would tell it, in a few words. */
  argumentHint: z.string().optional(),
  /** Where its author would go on from it. Shown; the plan decides what follows. */
  handoffs: z
    .array(z.object({ label: z.string(), agent: z.string(), prompt: z.string().optional() }))
    .optional(),
  /** Fields of its file that have no effect here, and why. */
  unused: z.array(z.object({ field: z.string(), reason: z.string() })).optional(),
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

/** A definition that is not used, because another one of the same name goes before it. */
export interface Shadowed {
  readonly what: 'agent' | 'skill';
  readonly name: string;
  /** The file that is not used; absent for a built-in. */
  readonly path?: string;
  /** The file that is used instead. */
  readonly by: string;
}

export interface LoadedAgents {
  readonly agents: readonly Agent[];
  readonly problems: readonly FileProblem[];
  /** In the order of their names. Absent where nobody looked for any. */
  readonly skills?: readonly Skill[];
  readonly shadowed?: readonly Shadowed[];
  /** The model each agent would work with now, by its name, and why that one. */
  readonly models?: Readonly<Record<string, { readonly id: string; readonly reason: string }>>;
}
