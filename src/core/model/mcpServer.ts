import * as z from 'zod';

/**
 * One entry of `mcpServers` (`.mcp.json`), `servers` (`.vscode/mcp.json`) or `mcp.servers` (the machine's configuration).
 * Keys of other products are passed over. Values may hold `${…}`; who reads them expands those.
 */
export const mcpServerSchema = z
  .object({
    type: z.enum(['stdio', 'http', 'sse', 'streamable-http', 'streamableHttp']).optional(),
    command: z.string().min(1).optional(),
    args: z.array(z.string()).optional(),
    env: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    envFile: z.string().optional(),
    /** Default: an empty folder of its own. */
    cwd: z.string().min(1).optional(),
    url: z.string().min(1).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    disabled: z.boolean().optional(),
    /** How long one call may take, in milliseconds. */
    timeout: z.number().int().positive().max(3_600_000).optional(),
  })
  .refine((entry) => (entry.command === undefined) !== (entry.url === undefined), {
    error: 'a server has either a command or a url',
  });
export type McpServerEntry = z.infer<typeof mcpServerSchema>;

/** Names of servers: anything a person can type in one line. */
export const mcpServerNameSchema = z
  .string()
  .regex(/^[^\p{Cc}\p{Cf}]{1,80}$/u, 'a name of one line, 1 to 80 characters');
