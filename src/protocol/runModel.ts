import * as z from 'zod';
import { backendSchema } from '../core/model/agent';

/**
 * What the panel and the dashboard know of runs: compact, complete for their pictures, and free of raw events. Absent
 * values are `null`, so that a partial update can also take a value away. Times are ISO 8601, durations milliseconds.
 */

export const runStateNameSchema = z.enum([
  'planning',
  'awaiting_approval',
  'running',
  'paused',
  'validating',
  'awaiting_delivery',
  'delivered',
  'failed',
  'cancelled',
]);
export type RunStateName = z.infer<typeof runStateNameSchema>;

export const phaseNameSchema = z.enum(['analysis', 'deployment', 'execution', 'validation', 'delivery']);
export type PhaseName = z.infer<typeof phaseNameSchema>;

export const taskStateNameSchema = z.enum([
  'pending',
  'ready',
  'preparing',
  'running',
  'awaiting_approval',
  'interrupted',
  'checking',
  'repairing',
  'integrating',
  'done',
  'failed',
  'skipped',
  'cancelled',
]);
export type TaskStateName = z.infer<typeof taskStateNameSchema>;

/** Who works at a run that has not ended: this window, another living process, or nobody. */
export const attendanceSchema = z.enum(['here', 'elsewhere', 'nobody']);
export type Attendance = z.infer<typeof attendanceSchema>;

export const runActionSchema = z.enum([
  'cancel',
  'pause',
  'resume',
  'deliver',
  'undo',
  'review',
  'report',
  'editPlan',
  'changePlan',
]);
export type RunAction = z.infer<typeof runActionSchema>;

export const failureItemSchema = z.strictObject({
  kind: z.string(),
  message: z.string(),
  remedy: z.string().nullable(),
  taskId: z.string().nullable(),
});
export type FailureItem = z.infer<typeof failureItemSchema>;

/** One line of the list of runs. */
export const runItemSchema = z.strictObject({
  runId: z.string(),
  request: z.string(),
  folder: z.string(),
  state: runStateNameSchema,
  undone: z.boolean(),
  phase: phaseNameSchema,
  attendance: attendanceSchema,
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  /** When anything happened last, of a run that has not ended and that nobody works at: its clock stands still. */
  leftAt: z.string().nullable(),
  tasks: z.strictObject({ total: z.number(), done: z.number(), running: z.number(), failed: z.number() }),
  approvals: z.number(),
  /** Files its result changes. */
  files: z.number(),
});
export type RunItem = z.infer<typeof runItemSchema>;

const claimVerdictSchema = z.enum(['confirmed', 'refuted', 'unproven']);

export const attemptItemSchema = z.strictObject({
  attempt: z.number(),
  agent: z.string(),
  backend: backendSchema,
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  outcome: z.enum(['running', 'finished', 'failed', 'interrupted']),
  text: z.string().nullable(),
  steps: z.number(),
  /** What the agent said it proved, and what the host found about it. */
  claims: z
    .array(z.strictObject({ claim: z.string(), verdict: claimVerdictSchema, evidence: z.string() }))
    .optional(),
});
export type AttemptItem = z.infer<typeof attemptItemSchema>;

const intervalSchema = z.strictObject({ low: z.number(), high: z.number() });

export const taskItemSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  agent: z.string(),
  agentReasons: z.array(z.string()),
  kind: z.enum(['agent', 'command', 'check', 'analysis']),
  /** The prompt, the command line, or what is checked or analysed; cut to a length a person reads. */
  instruction: z.string(),
  needs: z.array(z.string()),
  scope: z.array(z.string()),
  acceptance: z.array(z.string()),
  gates: z.array(z.string()),
  priority: z.enum(['low', 'normal', 'high', 'critical']),
  estimateMinutes: intervalSchema,
  state: taskStateNameSchema,
  /** What it does now, asks, or ended with. */
  activity: z.string().nullable(),
  percent: z.number().nullable(),
  /** Milliseconds of work of a task that mostly waits (a check: what its gates took); null where its time is its work. */
  workMs: z.number().nullable(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  attempts: z.array(attemptItemSchema),
});
export type TaskItem = z.infer<typeof taskItemSchema>;

export const findingItemSchema = z.strictObject({
  file: z.string().nullable(),
  line: z.number().nullable(),
  column: z.number().nullable(),
  severity: z.enum(['error', 'warning', 'info']),
  rule: z.string().nullable(),
  message: z.string(),
  isNew: z.boolean(),
});
export type FindingItem = z.infer<typeof findingItemSchema>;

export const gateItemSchema = z.strictObject({
  gate: z.string(),
  title: z.string(),
  command: z.string(),
  /** `base`, `combined`, or a task's id. */
  on: z.string(),
  verdict: z.enum(['passed', 'failed', 'inconclusive', 'skipped', 'running']),
  reason: z.string(),
  durationMs: z.number().nullable(),
  reused: z.boolean(),
  newFindings: z.number(),
  baselineFindings: z.number(),
  tests: z.strictObject({ passed: z.number(), failed: z.number(), skipped: z.number() }).nullable(),
  coverage: z.strictObject({ covered: z.number(), total: z.number() }).nullable(),
  findings: z.array(findingItemSchema),
  /** Findings there are beyond those in `findings`. */
  hidden: z.number(),
  /** The end of the output, for a gate that did not pass. */
  outputTail: z.string().nullable(),
});
export type GateItem = z.infer<typeof gateItemSchema>;

export const approvalItemSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['plan', 'tool', 'delivery', 'question']),
  taskId: z.string().nullable(),
  title: z.string(),
  detail: z.string(),
  /** What the answers `run` and `always` allow besides this once; null where only this once can be allowed. */
  rule: z.string().nullable(),
  digest: z.string(),
});
export type ApprovalItem = z.infer<typeof approvalItemSchema>;

export const activityItemSchema = z.strictObject({
  seq: z.number(),
  at: z.string(),
  taskId: z.string().nullable(),
  level: z.enum(['info', 'warning', 'error']),
  text: z.string(),
  /** Of a line that is a message between tasks (by their ids), `person` and `all`. */
  message: z.strictObject({ from: z.string(), to: z.string(), text: z.string() }).optional(),
});
export type ActivityItem = z.infer<typeof activityItemSchema>;

const riskItemSchema = z.strictObject({ risk: z.string(), mitigation: z.string() });

export const analysisItemSchema = z.strictObject({
  complexity: z.string(),
  priority: z.string(),
  domains: z.array(z.string()),
  estimateMinutes: intervalSchema,
  /** What the estimate rests on. */
  basis: z.string().nullable(),
  risks: z.array(riskItemSchema),
  by: z.string(),
});
export type AnalysisItem = z.infer<typeof analysisItemSchema>;

export const planItemSchema = z.strictObject({
  revision: z.number(),
  rationale: z.string(),
  risks: z.array(riskItemSchema),
  contingencies: z.array(z.string()),
  origin: z.string(),
  source: z.string().nullable(),
});
export type PlanItem = z.infer<typeof planItemSchema>;

export const deliverableItemSchema = z.strictObject({
  path: z.string(),
  change: z.enum(['added', 'modified', 'deleted']),
  insertions: z.number().nullable(),
  deletions: z.number().nullable(),
});
export type DeliverableItem = z.infer<typeof deliverableItemSchema>;

/** Everything the panel and the dashboard show of one run, by section; `activity` grows by its own message part. */
export const runDetailSchema = z.strictObject({
  item: runItemSchema,
  facts: z.strictObject({
    model: z.string(),
    workflow: z.string().nullable(),
    baseCommit: z.string(),
    baseKind: z.enum(['head', 'snapshot']),
    localChanges: z.number(),
    maxParallel: z.number(),
    maxCostUsd: z.number().nullable(),
    maxMinutes: z.number().nullable(),
    maxTokens: z.number().nullable(),
  }),
  actions: z.array(runActionSchema),
  analysis: analysisItemSchema.nullable(),
  plan: planItemSchema.nullable(),
  tasks: z.array(taskItemSchema),
  agents: z.array(z.strictObject({ name: z.string(), source: z.string(), backend: backendSchema })),
  gates: z.array(gateItemSchema),
  absences: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
  approvals: z.array(approvalItemSchema),
  deliverables: z.array(deliverableItemSchema),
  usage: z.strictObject({
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
  failures: z.array(failureItemSchema),
  activity: z.array(activityItemSchema),
});
export type RunDetail = z.infer<typeof runDetailSchema>;
