import * as z from 'zod';

/** Names of external agents: the part of a model id after `acp/`. */
export const externalAgentNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a name of 1 to 40 characters: a-z, 0-9 and -');

/**
 * A program that speaks the Agent Client Protocol (agentclientprotocol.com) on its standard input and output, as the
 * machine's configuration names it.
 */
export const externalAgentSchema = z.strictObject({
  /** The name of a program on the PATH, or its absolute path; never a shell line. */
  command: z.string().trim().min(1),
  args: z.array(z.string()).optional(),
  /** Names of variables it is given besides the cleaned environment: its own key, for example. */
  env: z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of a variable')).optional(),
  /** Where it keeps its settings and its login, absolute or with `~/`: in the sandbox it sees and writes these, too. */
  paths: z
    .array(z.string().regex(/^(~[\\/]|[\\/]|[A-Za-z]:[\\/])/, 'an absolute path, or one that begins with ~/'))
    .optional(),
  /** The model it is asked to use, as the agent itself calls it. */
  model: z.string().min(1).optional(),
  /** The mode of its sessions, as the agent itself calls it: the one in which it asks before it acts. */
  mode: z.string().min(1).optional(),
});
export type ExternalAgent = z.infer<typeof externalAgentSchema>;
