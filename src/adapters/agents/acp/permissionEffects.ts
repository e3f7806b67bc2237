import type { PolicyRequest } from '../../../core/ports';
import { quoted } from './launch';
import type { ToolCallUpdate } from './protocol';

export interface Effects {
  /** Everything it was recognised to do; each must be allowed. */
  readonly requests: readonly PolicyRequest[];
  /** False: it does something, or also something, that is not understood, so a person decides. */
  readonly isUnderstood: boolean;
}

/**
 * What a tool call of an external agent would do, by what it says of it: kind, paths and raw arguments. Agents name their
 * arguments as they like, so every argument with a telling name counts, whatever the kind says.
 */
export function effectsOf(call: ToolCallUpdate, root: string): Effects {
  const input = recordOf(call.rawInput);
  const mcp = /^mcp__(.+?)__(.+)$/.exec(call.name ?? '');
  if (mcp)
    return { requests: [{ kind: 'mcp', server: mcp[1] ?? '', tool: mcp[2] ?? '' }], isUnderstood: true };
  const commands = commandsIn(input);
  const hosts = hostsIn(input);
  const paths = pathsOf(call, input);
  const access = pathAccess(call.kind ?? '');
  const places = [...valuesAt(input, ['cwd', 'workdir', 'working_directory'])];
  return {
    requests: [
      ...commands.map((command) => ({ kind: 'command' as const, root, command })),
      ...places.map((path) => ({ kind: 'read' as const, root, path })),
      ...(hosts ?? []).map((host) => ({ kind: 'host' as const, ...host })),
      ...(access === undefined ? [] : paths.map((path) => ({ kind: access, root, path }))),
      ...(call.kind === 'search' && paths.length === 0 ? [{ kind: 'read' as const, root, path: '.' }] : []),
    ],
    isUnderstood: isWhole(call.kind ?? '', { commands, hosts, paths }),
  };
}

/** Whether what the kind promises was found. Kinds that promise nothing (`other`, `think`, none) are never understood. */
function isWhole(
  kind: string,
  found: { commands: readonly string[]; hosts: readonly unknown[] | undefined; paths: readonly string[] },
): boolean {
  if (!found.hosts) return false;
  switch (kind) {
    case 'search':
      return true;
    case 'read':
    case 'edit':
    case 'delete':
    case 'move':
      return found.paths.length > 0;
    case 'execute':
      return found.commands.length > 0;
    case 'fetch':
      return found.hosts.length > 0;
    default:
      return false;
  }
}

function pathAccess(kind: string): 'read' | 'write' | undefined {
  if (kind === 'read' || kind === 'search') return 'read';
  return kind === 'edit' || kind === 'delete' || kind === 'move' ? 'write' : undefined;
}

const pathKeys = [
  ...['path', 'file_path', 'filePath', 'filepath', 'absolute_path', 'abs_path', 'notebook_path', 'dir_path'],
  ...[
    'directory',
    'old_path',
    'new_path',
    'source',
    'destination',
    'target',
    'target_file',
    'file',
    'files',
    'paths',
  ],
];

function pathsOf(call: ToolCallUpdate, input: Readonly<Record<string, unknown>>): string[] {
  const diffs = (call.content ?? []).flatMap((part) => {
    const { type, path } = recordOf(part);
    return type === 'diff' && typeof path === 'string' ? [path] : [];
  });
  const named = (call.locations ?? []).map((location) => location.path);
  // A set of changes is keyed by the paths it changes.
  const changed = Object.keys(recordOf(input['changes']));
  return [...new Set([...named, ...diffs, ...changed, ...valuesAt(input, pathKeys)])];
}

/** A list of words is one command; a shell would be given the words quoted. */
function commandsIn(input: Readonly<Record<string, unknown>>): string[] {
  return ['command', 'cmd', 'script'].flatMap((key) => {
    const value = input[key];
    if (typeof value === 'string') return value.trim() === '' ? [] : [value];
    return isTexts(value) && value.length > 0 ? [value.map(quoted).join(' ')] : [];
  });
}

/** Undefined where an address cannot be read. */
function hostsIn(input: Readonly<Record<string, unknown>>): { host: string; port?: number }[] | undefined {
  const addresses = valuesAt(input, ['url', 'urls', 'uri']);
  if (!addresses.every((address) => URL.canParse(address))) return undefined;
  return addresses.map((address) => {
    const { hostname, port } = new URL(address);
    return port === '' ? { host: hostname } : { host: hostname, port: Number(port) };
  });
}

function valuesAt(input: Readonly<Record<string, unknown>>, keys: readonly string[]): string[] {
  return keys.flatMap((key) => {
    const value = input[key];
    if (typeof value === 'string' && value !== '') return [value];
    return isTexts(value) ? value : [];
  });
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
