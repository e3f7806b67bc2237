import * as z from 'zod';
import { activityItemSchema, runActionSchema, runDetailSchema, runItemSchema } from './runModel';

/** The two directions of the line between the extension host and a webview. Everything is parsed on arrival. */

export const environmentSchema = z.strictObject({
  folders: z.array(z.strictObject({ name: z.string(), path: z.string() })),
  trusted: z.boolean(),
  /** What git says of the first folder; `unknown` until it was looked at. */
  git: z.enum(['repository', 'no-commits', 'no-repository', 'unknown']),
  /** The configured model: `provider/model`, or `offline`. */
  model: z.string(),
  /** Models a person can choose for one run, the configured one first. */
  models: z.array(z.string()),
  workflows: z.array(z.strictObject({ name: z.string(), description: z.string(), source: z.string() })),
  /** Why the engine of the folder could not be opened. */
  problem: z.strictObject({ message: z.string(), remedy: z.string().nullable() }).nullable(),
  /** False until the list of runs was read once. */
  loaded: z.boolean(),
});
export type Environment = z.infer<typeof environmentSchema>;

const changedSectionsSchema = runDetailSchema.omit({ activity: true }).partial();

export const toWebviewSchema = z.discriminatedUnion('type', [
  /** At most one per 100 ms; each part is present only where it changed. */
  z.strictObject({
    type: z.literal('update'),
    environment: environmentSchema.optional(),
    runs: z.array(runItemSchema).optional(),
    /** Another run is shown from now on, or none. */
    run: runDetailSchema.nullable().optional(),
    /** Sections of the shown run that changed, and lines its activity log gained. */
    changed: z
      .strictObject({
        runId: z.string(),
        sections: changedSectionsSchema,
        activity: z.array(activityItemSchema),
      })
      .optional(),
  }),
  z.strictObject({
    type: z.literal('notice'),
    level: z.enum(['info', 'error']),
    text: z.string(),
    remedy: z.string().nullable(),
  }),
  /** The task box was accepted and may be emptied. */
  z.strictObject({ type: z.literal('started'), runId: z.string() }),
  /** Brings the keyboard to the task box. */
  z.strictObject({ type: z.literal('focusTask') }),
]);
export type ToWebview = z.infer<typeof toWebviewSchema>;
export type Update = Extract<ToWebview, { type: 'update' }>;

export const surroundingActionSchema = z.enum([
  'openDashboard',
  'configureModel',
  'doctor',
  'initialiseGit',
  'openFolder',
  'manageTrust',
]);
export type SurroundingAction = z.infer<typeof surroundingActionSchema>;

export const fromWebviewSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('select'), runId: z.string() }),
  z.strictObject({
    type: z.literal('runTask'),
    task: z.string().trim().min(1).max(100_000),
    workflow: z.string().nullable(),
    model: z.string().nullable(),
    folder: z.string().nullable(),
  }),
  z.strictObject({
    type: z.literal('answer'),
    runId: z.string(),
    id: z.string(),
    digest: z.string(),
    decision: z.enum(['allow', 'deny']),
    /** How long an `allow` holds; absent: this once. */
    scope: z.enum(['once', 'run', 'always']).optional(),
    text: z.string().nullable(),
  }),
  z.strictObject({ type: z.literal('act'), action: runActionSchema, runId: z.string() }),
  /** Asks what is to change about a task, and shows what that comes to, before anything happens. */
  z.strictObject({ type: z.literal('changeTask'), runId: z.string(), taskId: z.string() }),
  z.strictObject({ type: z.literal('surrounding'), action: surroundingActionSchema }),
  z.strictObject({
    type: z.literal('steer'),
    runId: z.string(),
    taskId: z.string(),
    text: z.string().trim().min(1).max(20_000),
  }),
  z.strictObject({
    type: z.literal('openFile'),
    runId: z.string(),
    path: z.string(),
    line: z.number().int().positive(),
    column: z.number().int().positive(),
  }),
]);
export type FromWebview = z.infer<typeof fromWebviewSchema>;
