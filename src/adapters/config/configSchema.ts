import * as z from 'zod';

const budgetConfigSchema = z.strictObject({
  maxParallel: z.number().int().positive().max(256).optional(),
  maxCostUsd: z.number().positive().optional(),
  maxMinutes: z.number().positive().optional(),
  maxTokens: z.number().int().positive().optional(),
});

const gateNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name of a-z, 0-9 and -, beginning with a letter');

const addedGateSchema = z.strictObject({
  name: gateNameSchema,
  title: z.string().min(1).optional(),
  /** A shell command line; it passes when it ends with 0. */
  command: z.string().min(1),
  timeoutMs: z.number().int().positive().max(3_600_000).optional(),
});
export type AddedGate = z.infer<typeof addedGateSchema>;

const gatesConfigSchema = z.strictObject({
  disable: z.array(gateNameSchema).optional(),
  add: z.array(addedGateSchema).optional(),
});

/** Beginnings of commands as words: `npm test` means `npm test` and `npm test -- --watch`. */
const rulesSchema = z.array(z.string().trim().min(1));

/** `<state>/config.json`: what the person decided for this machine. */
export const machineConfigSchema = z.strictObject({
  /** `provider/model` or `offline`. */
  model: z.string().min(1).optional(),
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  budget: budgetConfigSchema.optional(),
  policy: z.strictObject({ allow: rulesSchema.optional(), deny: rulesSchema.optional() }).optional(),
  gates: gatesConfigSchema.optional(),
});
export type MachineConfig = z.infer<typeof machineConfigSchema>;

/**
 * `.enterprise/config.json`: what a repository asks for. It comes with the code, so it may narrow and never widen: no
 * model and no address (they decide where source code goes), and `allow` is read only to be refused by name.
 */
export const projectConfigSchema = z.strictObject({
  budget: budgetConfigSchema.optional(),
  policy: z.strictObject({ allow: rulesSchema.optional(), deny: rulesSchema.optional() }).optional(),
  gates: gatesConfigSchema.optional(),
});
export type ProjectConfig = z.infer<typeof projectConfigSchema>;
