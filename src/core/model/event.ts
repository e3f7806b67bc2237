import * as z from 'zod';
import { agentSourceSchema, backendSchema } from './agent';
import { approvalAnswerSchema, approvalSchema } from './approval';
import { failureSchema } from './failureSchema';
import { claimCheckSchema, handoffSchema, researchFindingSchema } from './handoff';
import { gateAbsenceSchema, gateResultSchema, gateSpecSchema, judgementSchema } from './gate';
import { analysisSchema, planSchema } from './plan';
import { planChangeSchema } from './planChange';
import { preparationSchema } from './preparation';

/**
 * The facts a run's journal holds. All state is a fold over them (`foldRun`), live and on replay. An event is never
 * changed; a new shape is a new type or an optional field. An effect on the world is preceded by its intent
 * (`delivery.started`, `tool.called`, `model.called`) and followed by its result.
 */

export const phaseSchema = z.enum(['analysis', 'deployment', 'execution', 'validation', 'delivery']);
export type Phase = z.infer<typeof phaseSchema>;

/** Hard limits of a run; `maxMinutes` of wall time, `maxCostUsd` of recorded spend. */
export const budgetSchema = z.object({
  maxParallel: z.number().int().positive(),
  maxCostUsd: z.number().positive().optional(),
  maxMinutes: z.number().positive().optional(),
  maxTokens: z.number().int().positive().optional(),
});
export type Budget = z.infer<typeof budgetSchema>;

export const usageSchema = z.object({
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  cachedInputTokens: z.number().int().nonnegative().optional(),
  /** Tokens of `inputTokens` that were written to the service's cache. */
  cacheWriteTokens: z.number().int().nonnegative().optional(),
  /** Tokens of `outputTokens` that were thinking, where the service says so. */
  reasoningTokens: z.number().int().nonnegative().optional(),
  /** True where the service counted nothing and the tokens are estimated from characters. */
  isEstimate: z.boolean().optional(),
  /** The day of the price table `costUsd` is from. */
  pricesAsOf: z.string().optional(),
  /** US dollars from the price table; null where the price is unknown. */
  costUsd: z.number().nonnegative().nullable(),
});
export type Usage = z.infer<typeof usageSchema>;

export const deliverableSchema = z.object({
  path: z.string(),
  change: z.enum(['added', 'modified', 'deleted']),
  /** Lines; null for a binary file. */
  insertions: z.number().nullable(),
  deletions: z.number().nullable(),
  /** The tasks that changed it, in the order of their integration. */
  tasks: z.array(z.string()),
});
export type Deliverable = z.infer<typeof deliverableSchema>;

const task = { taskId: z.string() };
const attempt = { taskId: z.string(), attempt: z.number().int().positive() };
/** Absent for a call that belongs to the planning of the run. */
const caller = { taskId: z.string().optional(), attempt: z.number().int().positive().optional() };
/** Absent for a step of the conversation; `condensing` for the call that summarises its older part. */
const purpose = { purpose: z.literal('condensing').optional() };

function event<T extends string, S extends z.ZodRawShape>(type: T, shape: S) {
  return z.object({ type: z.literal(type), ...shape });
}

export const newEventSchema = z.discriminatedUnion('type', [
  event('run.created', {
    request: z.string(),
    workspace: z.string(),
    /** The commit everything starts from, in the engine's store. */
    baseCommit: z.string(),
    /** `head`: the repository's HEAD commit; `snapshot`: a folder without commits, as it was on disk. */
    baseKind: z.enum(['head', 'snapshot']),
    /** Paths with uncommitted changes at the start; they are not part of the run. */
    localChanges: z.array(z.string()),
    model: z.string(),
    workflow: z.string().optional(),
    /** The plan file to run, as the person named it. */
    planPath: z.string().optional(),
    budget: budgetSchema,
    deliver: z.boolean(),
    engineVersion: z.string(),
    /** The run this one began as, and the last event of it that this one shares. */
    forkedFrom: z.object({ runId: z.string(), seq: z.number().int().positive() }).optional(),
  }),
  event('phase.entered', { phase: phaseSchema }),
  event('run.analysed', { analysis: analysisSchema }),
  event('gates.detected', { gates: z.array(gateSpecSchema), absent: z.array(gateAbsenceSchema) }),
  event('preparation.detected', { preparation: preparationSchema }),
  event('agents.loaded', {
    agents: z.array(z.object({ name: z.string(), source: agentSourceSchema, backend: backendSchema })),
  }),
  event('plan.proposed', {
    plan: planSchema,
    revision: z.number().int().positive(),
    /** Who edited the plan before; absent for the planner's own. */
    by: z.string().optional(),
    /** What the edits came to, as the person was shown it. */
    impact: z.array(z.string()).optional(),
  }),
  /** The plan of a run that is under way was changed; tasks that are at work or done keep what they have. */
  event('plan.revised', {
    plan: planSchema,
    revision: z.number().int().positive(),
    by: z.string(),
    changes: z.array(planChangeSchema),
    /** What the changes cost and touch, as the person was shown it. */
    impact: z.array(z.string()),
  }),
  /** Answers to the questions of the analysis, before planning; `problems` says what could not be asked, and why. */
  event('research.finished', { findings: z.array(researchFindingSchema), problems: z.array(z.string()) }),
  event('plan.approved', { revision: z.number().int().positive(), by: z.string() }),
  event('run.paused', { by: z.string() }),
  event('run.resumed', { by: z.string() }),
  /** A process took over a run another one left (after a crash, a reload, a stop). */
  event('run.recovered', { owner: z.string() }),
  event('run.failed', { failure: failureSchema }),
  event('run.cancelled', { by: z.string() }),

  event('approval.requested', { approval: approvalSchema }),
  event('approval.answered', { answer: approvalAnswerSchema }),

  event('task.preparing', task),
  event('worktree.created', {
    ...task,
    path: z.string(),
    /** The commit it starts from: the base, or the run's branch when dependencies were integrated. */
    commit: z.string(),
    /** How dependencies came to be usable: `linked`, `installed`, `none`, with detail. */
    dependencies: z.string(),
  }),
  event('attempt.started', {
    ...attempt,
    agent: z.string(),
    backend: backendSchema,
    briefing: z.string(),
  }),
  /** What an agent is doing, in a few words; `percent` only where the agent's own facts give one. */
  event('attempt.progress', {
    ...attempt,
    activity: z.string(),
    percent: z.number().min(0).max(100).optional(),
  }),
  event('attempt.finished', {
    ...attempt,
    summary: z.string(),
    /** Files a read-only task produced for the report, relative to the run's reports folder, with their text. */
    documents: z.array(z.object({ name: z.string(), text: z.string() })).optional(),
    /** What the agent says it verified; a claim until a gate or a tool result confirms it. */
    claims: z.array(z.string()).optional(),
    handoff: handoffSchema.optional(),
  }),
  /** What the host found about the claims of an attempt: in its transcript, or by running the check itself. */
  event('claims.checked', { ...attempt, claims: z.array(claimCheckSchema) }),
  event('attempt.failed', { ...attempt, failure: failureSchema }),
  event('model.called', {
    ...caller,
    ...purpose,
    callId: z.string(),
    model: z.string(),
    step: z.number().int(),
  }),
  event('model.answered', {
    ...caller,
    ...purpose,
    callId: z.string(),
    model: z.string(),
    step: z.number().int(),
    text: z.string(),
    toolCalls: z.array(z.object({ id: z.string(), name: z.string(), input: z.unknown() })),
    /** The provider's own message parts, passed back unchanged in the next call. */
    content: z.unknown().optional(),
    finishReason: z.string(),
    usage: usageSchema,
    durationMs: z.number(),
  }),
  event('model.failed', {
    ...caller,
    ...purpose,
    callId: z.string(),
    model: z.string(),
    failure: failureSchema,
    retryInMs: z.number().optional(),
  }),
  event('tool.called', {
    ...attempt,
    step: z.number().int(),
    callId: z.string(),
    tool: z.string(),
    input: z.unknown(),
    summary: z.string(),
  }),
  event('tool.returned', {
    ...attempt,
    callId: z.string(),
    tool: z.string(),
    ok: z.boolean(),
    output: z.string(),
    durationMs: z.number(),
  }),
  event('agent.todos', {
    ...attempt,
    items: z.array(
      z.object({ content: z.string(), status: z.enum(['pending', 'in_progress', 'completed']) }),
    ),
  }),
  /** Put into a mailbox: `to` is a task's id, `all`, or `person`. Without `from` it is from the task that is named. */
  event('message.sent', { ...caller, from: z.string().optional(), to: z.string(), text: z.string() }),
  /** Read by an agent at its next step; `sentSeq` is the message's own event. */
  event('message.received', {
    ...attempt,
    from: z.string(),
    text: z.string(),
    sentSeq: z.number().int().positive(),
  }),
  /** The conversation was cut to its latest part, and `summary` stands for what came before it. */
  event('conversation.condensed', {
    ...attempt,
    summary: z.string(),
    keptMessages: z.number().int(),
    /** Who wrote the summary: the model, or the engine (a list of the calls) where the model could not. */
    by: z.enum(['model', 'engine']).optional(),
    /** Tokens of the conversation before, by the service's count or estimated at four characters each. */
    tokens: z.number().int().optional(),
    counted: z.enum(['service', 'estimated']).optional(),
  }),
  /** A decision of the policy that was not simply yes. */
  event('policy.decided', {
    ...caller,
    /** Exactly what was to happen: the command line, the path, the tool with its arguments. */
    subject: z.string(),
    decision: z.enum(['ask', 'deny']),
    rule: z.string(),
    reason: z.string(),
  }),
  event('task.checking', task),
  event('task.committed', { ...task, commit: z.string(), tree: z.string(), files: z.number().int() }),
  event('task.repairing', { ...task, attempt: z.number().int().positive(), because: z.array(z.string()) }),
  event('task.integrating', task),
  event('task.integrated', { ...task, commit: z.string(), tree: z.string() }),
  event('task.done', { ...task, summary: z.string() }),
  event('task.failed', { ...task, failure: failureSchema }),
  event('task.skipped', { ...task, failure: failureSchema }),
  event('task.cancelled', task),
  /** The plan was changed: the task begins anew as it stands there now. What its attempts wrote so far is kept. */
  event('task.restarted', { ...task, because: z.string() }),

  event('gate.started', { gate: z.string(), tree: z.string(), on: z.string() }),
  event('gate.finished', {
    /** The id of the git tree that was checked. */
    tree: z.string(),
    /** What the tree is: `base`, `combined`, or a task's id. */
    on: z.string(),
    /** True when an earlier result for the same tree was used. */
    reused: z.boolean(),
    result: gateResultSchema,
    judgement: judgementSchema,
  }),

  event('delivery.proposed', {
    commit: z.string(),
    tree: z.string(),
    deliverables: z.array(deliverableSchema),
  }),
  event('delivery.started', { commit: z.string(), rescueRef: z.string(), paths: z.array(z.string()) }),
  event('delivery.completed', { commit: z.string(), paths: z.array(z.string()) }),
  event('delivery.refused', { failure: failureSchema }),
  event('undo.started', { paths: z.array(z.string()) }),
  event('undo.completed', { paths: z.array(z.string()) }),
  event('undo.refused', { failure: failureSchema }),
  event('report.written', { folder: z.string() }),
  event('note', {
    level: z.enum(['info', 'warning', 'error']),
    message: z.string(),
    taskId: z.string().optional(),
  }),
]);

export type NewEvent = z.infer<typeof newEventSchema>;
export type EventType = NewEvent['type'];

/** An event as the journal holds it: `seq` counts from 1 within its run without gaps; `at` is for people, `seq` for order. */
export type StoredEvent = NewEvent & { readonly runId: string; readonly seq: number; readonly at: string };
export type EventOf<T extends EventType> = Extract<StoredEvent, { type: T }>;
