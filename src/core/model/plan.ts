import * as z from 'zod';

/** The plan of a run: a directed acyclic graph of tasks. Shapes only; `core/planning` decides, checks and repairs. */

export const slugSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'a slug of 1 to 40 characters: a-z, 0-9 and - inside');

export const prioritySchema = z.enum(['low', 'normal', 'high', 'critical']);
export type Priority = z.infer<typeof prioritySchema>;

export const complexitySchema = z.enum(['simple', 'moderate', 'complex', 'enterprise']);
export type Complexity = z.infer<typeof complexitySchema>;

/** Minutes of wall time, as an interval in which the truth is expected in about four of five cases. */
export const estimateSchema = z.object({ low: z.number().nonnegative(), high: z.number().nonnegative() });
export type Estimate = z.infer<typeof estimateSchema>;

export const riskSchema = z.object({ risk: z.string(), mitigation: z.string() });
export type Risk = z.infer<typeof riskSchema>;

export const analysisSchema = z.object({
  complexity: complexitySchema,
  priority: prioritySchema,
  domains: z.array(z.string()),
  estimateMinutes: estimateSchema,
  /** What the estimate rests on, for people: the tasks of the plan, and how long past tasks took. */
  basis: z.string().optional(),
  risks: z.array(riskSchema),
  /** Questions worth answering from documents before the work starts. */
  research: z.array(z.string()),
  /** Who judged: `rules` over the task's text and the repository, or the id of a model. */
  by: z.string(),
});
export type Analysis = z.infer<typeof analysisSchema>;

const exitCodeSchema = z.number().int().min(1).max(255);

/** What a task does. `check` runs gates over the base tree; `analysis` reads the code base; neither changes a file. */
export const workSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent'), prompt: z.string().min(1) }),
  /** A shell command line, run in the worktree. Exit codes other than 0 that mean it did its work: see `planFileTaskSchema`. */
  z.object({
    kind: z.literal('command'),
    run: z.string().min(1),
    accepts: z.array(exitCodeSchema).optional(),
  }),
  z.object({ kind: z.literal('check'), gates: z.array(z.string()).min(1) }),
  z.object({ kind: z.literal('analysis'), of: z.enum(['code', 'documentation']) }),
]);
export type Work = z.infer<typeof workSchema>;

/** Limits of one attempt; absent means the run's budget is the only limit. */
export const limitsSchema = z.object({
  minutes: z.number().positive().optional(),
  tokens: z.number().int().positive().optional(),
  costUsd: z.number().positive().optional(),
  steps: z.number().int().positive().optional(),
});
export type Limits = z.infer<typeof limitsSchema>;

export const taskSchema = z.object({
  id: slugSchema,
  title: z.string().min(1),
  /** The title in the continuous form, for a todo in progress: "Documenting the public API". */
  activeForm: z.string().min(1),
  work: workSchema,
  /** The agent's name; chosen by `selectAgents` where the plan's author left it open. */
  agent: z.string(),
  /** Why this agent. */
  agentReasons: z.array(z.string()),
  needs: z.array(slugSchema),
  /** Globs of the paths it may change, relative to the repository root, with `/`. Empty: anything. */
  scope: z.array(z.string()),
  /** Globs of paths inside its scope that no task may change which does not come before it: interfaces others rely on. */
  freezes: z.array(z.string()).optional(),
  acceptance: z.array(z.string()),
  /** Names of the gates its tree must pass before it is integrated. */
  gates: z.array(z.string()),
  priority: prioritySchema,
  estimateMinutes: estimateSchema,
  limits: limitsSchema,
});
export type Task = z.infer<typeof taskSchema>;

export const planSchema = z.object({
  tasks: z.array(taskSchema).min(1),
  rationale: z.string(),
  risks: z.array(riskSchema),
  /** What to do if something named goes wrong. */
  contingencies: z.array(z.string()),
  /** Gates of the combined tree. */
  gates: z.array(z.string()),
  /** Where the plan came from: a model, a workflow template, a file, or one task holding the whole request. */
  origin: z.enum(['model', 'workflow', 'file', 'single-task']),
  /** The workflow's name or the file's path, where there is one. */
  source: z.string().optional(),
});
export type Plan = z.infer<typeof planSchema>;

/** What a workflow or plan file contains (`design.md` §7), before agents and gates are filled in. */
export const planFileTaskSchema = z.strictObject({
  id: slugSchema,
  title: z.string().min(1).optional(),
  activeForm: z.string().min(1).optional(),
  run: z.string().min(1).optional(),
  /** Exit codes of `run` besides 0 that are no failure: linters end with 1 when problems remain that they cannot mend. */
  accepts: z.array(exitCodeSchema).optional(),
  agent: z.string().min(1).optional(),
  prompt: z.string().min(1).optional(),
  check: z.array(z.string()).min(1).optional(),
  analysis: z.enum(['code', 'documentation']).optional(),
  needs: z.array(slugSchema).optional(),
  scope: z.array(z.string()).optional(),
  freezes: z.array(z.string()).optional(),
  acceptance: z.array(z.string()).optional(),
  gates: z.array(z.string()).optional(),
  priority: prioritySchema.optional(),
  estimateMinutes: estimateSchema.optional(),
  limits: limitsSchema.optional(),
});
export const planFileSchema = z.strictObject({
  name: z.string().min(1).optional(),
  description: z.string().optional(),
  gates: z.array(z.string()).optional(),
  rationale: z.string().optional(),
  risks: z.array(riskSchema).optional(),
  contingencies: z.array(z.string()).optional(),
  tasks: z.array(planFileTaskSchema).min(1),
});
export type PlanFile = z.infer<typeof planFileSchema>;
