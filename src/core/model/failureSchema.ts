import * as z from 'zod';

/**
 * Every way in which something expected can go wrong, as data: it travels in events, reports and over process lines.
 * `message` says what happened, to what and why; `remedy` says what a person can do about it.
 */
const text = { message: z.string(), remedy: z.string().optional() };

export const failureSchema = z.discriminatedUnion('kind', [
  /** Wrong arguments, settings or files given by a person. */
  z.object({ kind: z.literal('usage'), ...text, path: z.string().optional() }),
  /** The folder, its git state or its trust does not allow a run. */
  z.object({ kind: z.literal('workspace-unusable'), ...text, path: z.string() }),
  z.object({
    kind: z.literal('git-failed'),
    ...text,
    argv: z.array(z.string()),
    exitCode: z.number().nullable(),
  }),
  z.object({ kind: z.literal('worktree-failed'), ...text, path: z.string() }),
  z.object({ kind: z.literal('plan-invalid'), ...text, problems: z.array(z.string()) }),
  z.object({ kind: z.literal('agent-missing'), ...text, agent: z.string() }),
  /** A program that did the work of a task ended without success. */
  z.object({
    kind: z.literal('agent-exited'),
    ...text,
    agent: z.string(),
    exitCode: z.number().nullable(),
    signal: z.string().nullable(),
    outputTail: z.string(),
  }),
  /** The agent repeats itself or stopped making progress. */
  z.object({ kind: z.literal('agent-stuck'), ...text, agent: z.string() }),
  z.object({ kind: z.literal('scope-violated'), ...text, paths: z.array(z.string()) }),
  /** A task changed files that another task had settled for all (`freezes`). */
  z.object({
    kind: z.literal('interface-changed'),
    ...text,
    paths: z.array(z.string()),
    task: z.string(),
  }),
  z.object({ kind: z.literal('gate-failed'), ...text, gate: z.string(), newFindings: z.number() }),
  z.object({ kind: z.literal('gate-inconclusive'), ...text, gate: z.string() }),
  z.object({ kind: z.literal('merge-conflict'), ...text, paths: z.array(z.string()) }),
  z.object({ kind: z.literal('delivery-refused'), ...text, paths: z.array(z.string()) }),
  z.object({ kind: z.literal('undo-refused'), ...text, paths: z.array(z.string()) }),
  /** The model's service cannot be used: no key, refused, overloaded, cut off. `retryable` when time may mend it. */
  z.object({
    kind: z.literal('model-unavailable'),
    ...text,
    model: z.string(),
    status: z.number().optional(),
    retryable: z.boolean(),
    /** Milliseconds the service asked to wait before the next call. */
    retryAfterMs: z.number().optional(),
  }),
  /** The model answered, but with something that cannot be used. */
  z.object({ kind: z.literal('model-misbehaved'), ...text, model: z.string() }),
  z.object({ kind: z.literal('budget-exceeded'), ...text, limit: z.string() }),
  z.object({ kind: z.literal('timed-out'), ...text, afterMs: z.number() }),
  z.object({ kind: z.literal('denied'), ...text, rule: z.string() }),
  z.object({ kind: z.literal('dependency-failed'), ...text, taskId: z.string() }),
  z.object({ kind: z.literal('journal-failed'), ...text, path: z.string().optional() }),
  /** Another process owns the run. */
  z.object({ kind: z.literal('run-busy'), ...text, owner: z.string() }),
  z.object({ kind: z.literal('not-found'), ...text }),
  z.object({ kind: z.literal('cancelled'), ...text }),
  /** A bug of ours, caught at the seam of a task or a command. `cause` is the stack, for the log. */
  z.object({ kind: z.literal('unexpected'), ...text, cause: z.string() }),
]);
