import * as z from 'zod';

/**
 * What is read of the Agent Client Protocol, version 1 (agentclientprotocol.com; schema of `@agentclientprotocol/sdk`).
 * Agents differ in what they leave out, so what is not needed may be missing or wrong without ending a session.
 */

const text = z.string().nullish().catch(undefined);

export const toolCallSchema = z.object({
  toolCallId: z.string(),
  title: text,
  /** The tool's own name (`Bash`), where the agent tells it. */
  name: text,
  kind: text,
  status: text,
  content: z.array(z.unknown()).nullish().catch(undefined),
  locations: z
    .array(z.object({ path: z.string() }))
    .nullish()
    .catch(undefined),
  rawInput: z.unknown().optional(),
  rawOutput: z.unknown().optional(),
});
export type ToolCallUpdate = z.infer<typeof toolCallSchema>;

const contentSchema = z.object({ type: z.string(), text });
const chunk = { content: contentSchema };

const costSchema = z.object({ amount: z.number().nonnegative(), currency: z.string() });

/** Updates that mean something here; others (thoughts, modes, commands ...) are passed over. */
export const updateSchema = z.discriminatedUnion('sessionUpdate', [
  z.object({ sessionUpdate: z.literal('agent_message_chunk'), ...chunk }),
  z.object({ sessionUpdate: z.literal('tool_call'), ...toolCallSchema.shape }),
  z.object({ sessionUpdate: z.literal('tool_call_update'), ...toolCallSchema.shape }),
  z.object({
    sessionUpdate: z.literal('plan'),
    entries: z.array(
      z.object({ content: z.string(), status: z.enum(['pending', 'in_progress', 'completed']) }),
    ),
  }),
  z.object({
    sessionUpdate: z.literal('usage_update'),
    /** Tokens in the context now, not tokens spent. */
    used: z.number().nonnegative().catch(0),
    /** Of the whole session so far. */
    cost: costSchema.nullish().catch(undefined),
  }),
  z.object({ sessionUpdate: z.literal('current_mode_update'), currentModeId: z.string() }),
]);
export type SessionUpdate = z.infer<typeof updateSchema>;

export const sessionNotificationSchema = z.object({ sessionId: z.string(), update: z.unknown() });

const authMethodSchema = z.object({ id: z.string(), name: z.string(), description: text });

export const initializedSchema = z.object({
  protocolVersion: z.number(),
  authMethods: z.array(authMethodSchema).nullish().catch(undefined),
  agentInfo: z.object({ name: z.string(), version: z.string() }).nullish().catch(undefined),
});

const modesSchema = z.object({
  currentModeId: z.string(),
  availableModes: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type SessionModes = z.infer<typeof modesSchema>;

const optionValueSchema = z.object({ value: z.string() });

const configOptionSchema = z.object({
  id: z.string(),
  category: text,
  options: z.array(z.union([optionValueSchema, z.object({ options: z.array(optionValueSchema) })])).catch([]),
});

export const sessionSchema = z.object({
  sessionId: z.string(),
  modes: modesSchema.nullish().catch(undefined),
  configOptions: z
    .array(configOptionSchema.catch({ id: '', options: [] }))
    .nullish()
    .catch(undefined),
});
export type NewSession = z.infer<typeof sessionSchema>;

const tokens = z.number().int().nonnegative();

/** Not part of the stable protocol yet, and sent by several agents: the tokens of this prompt. */
export const promptUsageSchema = z.object({
  inputTokens: tokens,
  outputTokens: tokens,
  thoughtTokens: tokens.nullish(),
  cachedReadTokens: tokens.nullish(),
  cachedWriteTokens: tokens.nullish(),
});
export type PromptUsage = z.infer<typeof promptUsageSchema>;

export const promptedSchema = z.object({
  stopReason: z.string(),
  usage: promptUsageSchema.nullish().catch(undefined),
});
export type Prompted = z.infer<typeof promptedSchema>;

export const permissionSchema = z.object({
  toolCall: toolCallSchema,
  options: z.array(z.object({ optionId: z.string(), kind: z.string() })),
});
export type PermissionRequest = z.infer<typeof permissionSchema>;
