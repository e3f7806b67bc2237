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

/** What an agent's definition says of tools; see `agentSchema`. */
export interface ToolWishes {
  /** Absent: every tool. */
  readonly tools?: readonly string[] | undefined;
  readonly withoutTools?: readonly string[] | undefined;
}

/**
 * Whether an agent may call a tool. Definitions name them as other products do: `mcp__server__tool`, `mcp__server__*`,
 * `mcp__server` or `mcp__*`, with the server's own name or as it stands in names of tools.
 */
export function isWanted(tool: NamedTool, { tools, withoutTools = [] }: ToolWishes): boolean {
  const isNamed = (names: readonly string[]) =>
    names.some((name) => meansServer(name, tool.server) || toolForms(tool).includes(name));
  return (!tools || isNamed(tools)) && !isNamed(withoutTools);
}

/** Whether any tool of a server may be called. */
export function isServerWanted(server: string, { tools, withoutTools = [] }: ToolWishes): boolean {
  if (withoutTools.some((name) => meansServer(name, server))) return false;
  if (!tools) return true;
  const beginnings = [serverPrefix(server), `mcp__${server}__`];
  return tools.some(
    (name) => meansServer(name, server) || beginnings.some((beginning) => name.startsWith(beginning)),
  );
}

function meansServer(name: string, server: string): boolean {
  return [
    'mcp__*',
    ...[cleaned(server), server].flatMap((one) => [`mcp__${one}`, `mcp__${one}__*`]),
  ].includes(name);
}

function toolForms({ server, tool }: NamedTool): string[] {
  return [`${serverPrefix(server)}${cleaned(tool)}`, `mcp__${server}__${tool}`];
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
