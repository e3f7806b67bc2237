import * as z from 'zod';
import { externalAgentNameSchema, externalAgentSchema } from '../../core/model/externalAgent';
import { mcpServerNameSchema, mcpServerSchema } from '../../core/model/mcpServer';

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

/** Templates of questions asked before planning; see `core/planning/researchQuestions.ts` for what may stand in braces. */
const queriesSchema = z.array(z.string().trim().min(1).max(500)).max(10);

/** A tool of an MCP server that answers questions: `argument` is the name of the one the question goes into. */
const researchToolSchema = z.strictObject({
  server: mcpServerNameSchema,
  tool: z.string().min(1),
  argument: z.string().min(1),
});
export type ResearchTool = z.infer<typeof researchToolSchema>;

const disabledServersSchema = z.array(mcpServerNameSchema);

const modelIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]*\/\S+$/, 'a model id: provider/model, for example anthropic/claude-sonnet-5-5');

/** What the names in agent files stand for (`{"sonnet": "openai/gpt-6.1-sol"}`), and which models stand in, in order. */
export const modelChoicesSchema = z.strictObject({
  tiers: z.record(z.string().min(1), modelIdSchema).optional(),
  fallbacks: z.array(modelIdSchema).optional(),
  /** Context windows in tokens, by model id or a beginning of one that ends in `*`, where the built-in table is wrong. */
  windows: z.record(z.string().min(1), z.number().int().min(1_000)).optional(),
  /** How a model is told to change files, by model id or a beginning of one that ends in `*`. */
  editTools: z.record(z.string().min(1), z.enum(['patch', 'edit', 'both'])).optional(),
});
export type ModelChoices = z.infer<typeof modelChoicesSchema>;

/** What commands may do beyond their worktree. Only for the machine: a repository must not let itself out. */
const sandboxConfigSchema = z.strictObject({
  /** Beginnings of commands, as words, that reach the network. */
  network: rulesSchema.optional(),
  /** Absolute paths that every command may write. */
  readWrite: z.array(z.string().regex(/^\//, 'an absolute path')).optional(),
  /** True: commands run without a sandbox, with all this account may do. */
  off: z.boolean().optional(),
});

const globsSchema = z.strictObject({ allow: rulesSchema.optional(), deny: rulesSchema.optional() });

/** What needs no question and what never happens. `allow` and `deny` are beginnings of commands. */
const policyConfigSchema = z.strictObject({
  allow: rulesSchema.optional(),
  deny: rulesSchema.optional(),
  /** Globs of host names. */
  hosts: globsSchema.optional(),
  /** Globs of `server/tool`. */
  mcp: globsSchema.optional(),
  /** Digests of MCP servers and external agents that may be started, as they are shown when it is asked. */
  programs: z.strictObject({ allow: rulesSchema.optional() }).optional(),
});

/** A repository may only deny. What it wants to allow is read to be refused by name. */
const deniedGlobsSchema = z.strictObject({ deny: rulesSchema.optional() });

const projectPolicySchema = z.strictObject({
  allow: rulesSchema.optional(),
  deny: rulesSchema.optional(),
  hosts: deniedGlobsSchema.optional(),
  mcp: deniedGlobsSchema.optional(),
});

/** A shell line. */
const setupSchema = z.string().trim().min(1).max(1000);

const worktreesConfigSchema = z.strictObject({
  /** False: nothing that git ignores is copied into worktrees, whatever `.worktreeinclude` says. */
  include: z.boolean().optional(),
  /** Run in each new worktree before anybody works in it; it goes before the repository's. */
  setup: setupSchema.optional(),
});

/** `<state>/config.json`: what the person decided for this machine. */
export const machineConfigSchema = z.strictObject({
  /** `provider/model` or `offline`. */
  model: z.string().min(1).optional(),
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  models: modelChoicesSchema.optional(),
  budget: budgetConfigSchema.optional(),
  policy: policyConfigSchema.optional(),
  sandbox: sandboxConfigSchema.optional(),
  /** `autonomous`: commands that run in the sandbox without network are not asked about. */
  approval: z.enum(['ask', 'autonomous']).optional(),
  gates: gatesConfigSchema.optional(),
  worktrees: worktreesConfigSchema.optional(),
  mcp: z
    .strictObject({
      servers: z.record(mcpServerNameSchema, mcpServerSchema).optional(),
      /** Names of servers of any file that are not used. */
      disable: disabledServersSchema.optional(),
    })
    .optional(),
  /** External agents by the name they have in model ids: `acp/<name>`. They go before the built-in ones. */
  acp: z.record(externalAgentNameSchema, externalAgentSchema).optional(),
  research: z
    .strictObject({
      enabled: z.boolean().optional(),
      queries: queriesSchema.optional(),
      tools: z.array(researchToolSchema).max(10).optional(),
    })
    .optional(),
});
export type MachineConfig = z.infer<typeof machineConfigSchema>;

/**
 * `.enterprise/config.json`: what a repository asks for. It comes with the code, so it may narrow and never widen: no
 * model and no address (they decide where source code goes), and `allow` is read only to be refused by name.
 */
export const projectConfigSchema = z.strictObject({
  budget: budgetConfigSchema.optional(),
  policy: projectPolicySchema.optional(),
  gates: gatesConfigSchema.optional(),
  /** Shown with the plan, and run as gates are: it is code of the repository. */
  worktrees: z.strictObject({ setup: setupSchema.optional() }).optional(),
  mcp: z.strictObject({ disable: disabledServersSchema.optional() }).optional(),
  /** No tools: they decide where a question goes. */
  research: z
    .strictObject({ enabled: z.literal(false).optional(), queries: queriesSchema.optional() })
    .optional(),
});
export type ProjectConfig = z.infer<typeof projectConfigSchema>;
