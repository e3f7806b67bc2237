import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import stripJsonComments from 'strip-json-comments';
import * as z from 'zod';
import { decodeText } from '../../base/decodeText';
import { checkText, parseJsonText, type ParsedText, type Place } from '../../base/positionedText';
import type { FileProblem } from '../../core/model/agent';
import { mcpServerNameSchema, mcpServerSchema, type McpServerEntry } from '../../core/model/mcpServer';

/** A server as a file defines it, nothing expanded. */
export interface ServerDefinition {
  readonly name: string;
  readonly source: { readonly kind: 'project' | 'machine'; readonly path: string };
  readonly entry: McpServerEntry;
}

export interface LoadedServers {
  readonly servers: readonly ServerDefinition[];
  readonly problems: readonly FileProblem[];
}

export interface ServerPlaces {
  /** The person's checkout, trusted; never a worktree of an agent, who could define servers of its own there. */
  readonly workspace: string;
  /** What the person decided for this machine: the editor's settings, the configuration file. */
  readonly machine: readonly {
    /** For people: where `servers` were read. */
    readonly path: string;
    readonly servers: Readonly<Record<string, unknown>>;
  }[];
  /** Names that are not used, wherever they are defined. */
  readonly disabled: readonly string[];
}

/**
 * The servers of the machine, of `.mcp.json` (`mcpServers`) and of `.vscode/mcp.json` (`servers`): of two
 * with one name the first of these. Formats: https://code.claude.com/docs/en/mcp and
 * https://code.visualstudio.com/docs/copilot/reference/mcp-configuration.
 */
export async function loadServers({ workspace, machine, disabled }: ServerPlaces): Promise<LoadedServers> {
  const own = machine.map(({ path, servers }) => checkedServers(servers, { kind: 'machine', path }));
  const files = await Promise.all([
    readServers(join(workspace, '.mcp.json'), 'mcpServers'),
    readServers(join(workspace, '.vscode', 'mcp.json'), 'servers'),
  ]);
  const sources = [...own, ...files];
  const problems = sources.flatMap((source) => source.problems);
  const servers = new Map<string, ServerDefinition>();
  for (const server of sources.flatMap((source) => source.servers)) {
    const taken = servers.get(server.name);
    if (taken) problems.push(shadowed(server, taken));
    else servers.set(server.name, server);
  }
  const isUsed = ({ name, entry }: ServerDefinition) => !disabled.includes(name) && entry.disabled !== true;
  return { servers: [...servers.values()].filter(isUsed), problems };
}

const maxBytes = 1024 * 1024;

async function readServers(path: string, key: 'mcpServers' | 'servers'): Promise<LoadedServers> {
  const broken = (message: string): LoadedServers => ({
    servers: [],
    problems: [{ path, line: 1, column: 1, severity: 'error', message }],
  });
  try {
    if ((await stat(path)).size > maxBytes) return broken('This file is larger than 1 MB and is not read.');
    const decoded = decodeText(await readFile(path));
    if (!decoded.ok) return broken(`This file cannot be used: ${decoded.failure}.`);
    // Editors allow comments and commas at the end; blanks in their place keep every position.
    return parsedServers(
      path,
      key,
      parseJsonText(stripJsonComments(decoded.value, { trailingCommas: true })),
    );
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isAbsent = code === 'ENOENT' || code === 'ENOTDIR';
    return isAbsent ? { servers: [], problems: [] } : broken(`This file cannot be read: ${message}.`);
  }
}

function parsedServers(path: string, key: string, parsed: ParsedText): LoadedServers {
  const file = checkText(parsed, z.object({ [key]: z.record(z.string(), z.unknown()).optional() }));
  if (!file.ok)
    return { servers: [], problems: file.problems.map((found) => ({ path, severity: 'error', ...found })) };
  const placeOf = (name: string) => parsed.placeOfKey([key], name);
  return checkedServers(file.value[key] ?? {}, { kind: 'project', path }, placeOf);
}

/** One wrong entry does not take the others with it. */
function checkedServers(
  entries: Readonly<Record<string, unknown>>,
  source: ServerDefinition['source'],
  placeOf: (name: string) => Place = () => ({ line: 1, column: 1 }),
): LoadedServers {
  const servers: ServerDefinition[] = [];
  const problems: FileProblem[] = [];
  for (const [name, value] of Object.entries(entries)) {
    const entry = mcpServerSchema.safeParse(value);
    const isNamed = mcpServerNameSchema.safeParse(name).success;
    if (isNamed && entry.success) {
      servers.push({ name, entry: entry.data, source });
      continue;
    }
    const why = !isNamed ? 'its name is not one line of 1 to 80 characters' : whyNot(entry.error);
    const message = `The MCP server ${JSON.stringify(name)} cannot be used: ${why}.`;
    problems.push({ path: source.path, ...placeOf(name), severity: 'error', message });
  }
  return { servers, problems };
}

function whyNot(error: z.ZodError | undefined): string {
  const [issue] = error?.issues ?? [];
  if (!issue) return 'it has the wrong form';
  return issue.path.length > 0 ? `\`${issue.path.join('.')}\`: ${issue.message}` : issue.message;
}

function shadowed(server: ServerDefinition, taken: ServerDefinition): FileProblem {
  return {
    path: server.source.path,
    line: 1,
    column: 1,
    severity: 'warning',
    message: `The MCP server ${JSON.stringify(server.name)} is not used: ${taken.source.path} defines one of that name.`,
  };
}
