import { createHash } from 'node:crypto';

export interface NamedTool {
  readonly server: string;
  readonly tool: string;
}

/** As long as every provider of models takes. */
const maxChars = 64;

/**
 * The name of each tool as a model calls it, `mcp__<server>__<tool>` of `[a-zA-Z0-9_-]`, in the order given. Names that
 * are too long or would be the same get a mark of eight hex digits that depends on nothing but the server's and the
 * tool's own names, so that they are the same whatever else is there first.
 */
export function toolNames(tools: readonly NamedTool[]): string[] {
  const plain = tools.map(({ server, tool }) => `${serverPrefix(server)}${cleaned(tool)}`);
  const taken = new Map<string, number>();
  for (const name of plain) taken.set(name, (taken.get(name) ?? 0) + 1);
  return plain.map((name, at) => {
    const tool = tools[at];
    const isAlone = taken.get(name) === 1 && name.length <= maxChars;
    return isAlone || !tool ? name : `${name.slice(0, maxChars - 9)}_${markOf(tool)}`;
  });
}

/** What the names of a server's tools begin with. */
export function serverPrefix(server: string): string {
  return `mcp__${cleaned(server)}__`;
}

/**
 * Whether an agent may call a tool. `wanted` are the names of its definition, absent for every tool: `mcp__server__tool`,
 * `mcp__server__*`, `mcp__server` or `mcp__*`, as other products write them.
 */
export function isWanted({ server, tool }: NamedTool, wanted: readonly string[] | undefined): boolean {
  if (!wanted) return true;
  const prefix = serverPrefix(server);
  const all = ['mcp__*', prefix.slice(0, -2), `${prefix}*`, `mcp__${server}`, `mcp__${server}__*`];
  return wanted.some(
    (name) =>
      all.includes(name) || name === `${prefix}${cleaned(tool)}` || name === `mcp__${server}__${tool}`,
  );
}

/** Whether any tool of a server may be called. */
export function isServerWanted(server: string, wanted: readonly string[] | undefined): boolean {
  if (!wanted) return true;
  const beginnings = [serverPrefix(server), `mcp__${server}__`];
  return wanted.some(
    (name) =>
      isWanted({ server, tool: '' }, [name]) || beginnings.some((beginning) => name.startsWith(beginning)),
  );
}

function cleaned(name: string): string {
  return name.replace(/[^a-zA-Z0-9_-]/g, '_') || '_';
}

function markOf({ server, tool }: NamedTool): string {
  return createHash('sha256')
    .update(JSON.stringify([server, tool]))
    .digest('hex')
    .slice(0, 8);
}
