import * as z from 'zod';
import { phaseSchema } from './event';
import { rangeSchema, verdictSchema } from './gate';
import { complexitySchema, estimateSchema, prioritySchema, riskSchema } from './plan';

/** What `report.json` and the summary line of `--json` hold (`design.md` §7). Times are ISO 8601, durations milliseconds. */

const failureReportSchema = z.object({
  kind: z.string(),
  message: z.string(),
  remedy: z.string().optional(),
  task: z.string().optional(),
});

const taskReportSchema = z.object({
  id: z.string(),
  title: z.string(),
  state: z.string(),
  agent: z.string(),
  agentReasons: z.array(z.string()),
  dependsOn: z.array(z.string()),
  /** How many there were. */
  attempts: z.number().int().nonnegative(),
  /** From the start of its preparation to its end; null while it has not ended or never started. */
  durationMs: z.number().nullable(),
  priority: prioritySchema,
  estimateMinutes: estimateSchema,
  acceptance: z.array(z.string()),
  /** What the agent said it did. */
  summary: z.string().optional(),
});

const gateReportSchema = z.object({
  name: z.string(),
  /** `base`, `combined`, or the id of the task whose tree was checked. */
  tree: z.string(),
  /** The git id of that tree. */
  treeId: z.string(),
  verdict: verdictSchema,
  reason: z.string(),
  command: z.string(),
  durationMs: z.number(),
  /** True when the result of an equal tree was used: `durationMs` is what that one took. */
  reused: z.boolean(),
  newFindings: z.number().int().nonnegative(),
  baselineFindings: z.number().int().nonnegative(),
  tests: z.object({ passed: z.number(), failed: z.number(), skipped: z.number() }).optional(),
  lineCoverage: z.object({ covered: z.number().int(), total: z.number().int() }).optional(),
});

const findingReportSchema = z.object({
  gate: z.string(),
  tree: z.string(),
  /** `known` was there before the run and still is; `fixed` was there and is not in the result any more. */
  status: z.enum(['new', 'known', 'fixed']),
  file: z.string().optional(),
  range: rangeSchema.optional(),
  severity: z.enum(['error', 'warning', 'info']),
  rule: z.string().optional(),
  message: z.string(),
});
export type FindingReport = z.infer<typeof findingReportSchema>;

const runReportSchema = z.object({
  id: z.string(),
  task: z.string(),
  state: z.string(),
  phase: phaseSchema,
  workspace: z.string(),
  baseCommit: z.string(),
  baseKind: z.enum(['head', 'snapshot']),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  /** To the end, or to the last event of a run that has not ended. */
  durationMs: z.number(),
  model: z.string(),
  workflow: z.string().optional(),
});

const analysisReportSchema = z.object({
  complexity: complexitySchema,
  priority: prioritySchema,
  domains: z.array(z.string()),
  /** Of the plan as it was approved; `timing.wallMs` is what its tasks took. */
  estimateMinutes: estimateSchema,
  /** What the estimate rests on. */
  basis: z.string().optional(),
  risks: z.array(riskSchema),
  research: z.array(z.string()),
  by: z.string(),
});

const planReportSchema = z.object({
  origin: z.string(),
  source: z.string().optional(),
  rationale: z.string(),
  risks: z.array(riskSchema),
});

const deliverableReportSchema = z.object({
  path: z.string(),
  change: z.enum(['added', 'modified', 'deleted']),
  /** Lines; null for a binary file. */
  insertions: z.number().nullable(),
  deletions: z.number().nullable(),
  /** The last task that changed it; null where that is not known. */
  task: z.string().nullable(),
  tasks: z.array(z.string()),
});

export const timingSchema = z.object({
  /** From the start of the first attempt to the end of the last one. */
  wallMs: z.number(),
  /** All attempts one after another. */
  sequentialMs: z.number(),
  /** The longest chain of dependent tasks, by the time of their attempts. */
  criticalPathMs: z.number(),
  /** `sequentialMs / wallMs`; null where nothing ran. */
  speedup: z.number().nullable(),
  criticalPath: z.array(z.string()),
});
export type Timing = z.infer<typeof timingSchema>;

export const reportSchema = z.object({
  schemaVersion: z.literal(1),
  run: runReportSchema,
  /** Null when the run ended before it was analysed. */
  analysis: analysisReportSchema.nullable(),
  /** Null when no plan was made. */
  plan: planReportSchema.nullable(),
  tasks: z.array(taskReportSchema),
  /** Those that worked, or were chosen to. */
  agents: z.array(
    z.object({
      name: z.string(),
      source: z.string(),
      path: z.string().optional(),
      tasks: z.array(z.string()),
    }),
  ),
  /** The latest result of each gate for each tree. */
  gates: z.array(gateReportSchema),
  /** Gates that were looked for and do not apply. */
  absentGates: z.array(z.object({ name: z.string(), reason: z.string() })),
  findings: z.array(findingReportSchema),
  deliverables: z.array(deliverableReportSchema),
  usage: z.object({
    inputTokens: z.number(),
    outputTokens: z.number(),
    costUsd: z.number().nullable(),
    modelCalls: z.number(),
    cachedInputTokens: z.number().optional(),
    reasoningTokens: z.number().optional(),
    /** Calls whose tokens are estimated, because the service counted none. */
    estimatedCalls: z.number().optional(),
    /** The day of the list prices the cost is counted with. */
    pricesAsOf: z.string().optional(),
  }),
  timing: timingSchema,
  failures: z.array(failureReportSchema),
  /** The command that takes the delivery back; null when there is nothing to take back. */
  undoCommand: z.string().nullable(),
});
export type Report = z.infer<typeof reportSchema>;
