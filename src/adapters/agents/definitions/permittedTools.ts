import type { FileFields } from './fileFields';
import { splitNames, toolsOf } from './toolsOf';

export interface PermittedTools {
  /** Absent: all tools. */
  readonly tools: readonly string[] | undefined;
  readonly without: readonly string[];
  /** What the file says about permissions that has no effect. */
  readonly notes: readonly { readonly field: string; readonly reason: string }[];
}

const looking = ['read', 'glob', 'grep'];

/** The tools a file leaves its agent: `tools` without `disallowedTools`, and only those that look with `permissionMode: plan`. */
export function permittedTools(fields: FileFields): PermittedTools {
  const notes: { field: string; reason: string }[] = [];
  const { allowed, disallowed } = namedTools(fields);
  const mapped = toolsOf(allowed, disallowed);
  if (mapped.unknown.length > 0)
    fields.warn(
      fields.has('tools') ? 'tools' : 'disallowedTools',
      `Not known here and left out: ${mapped.unknown.join(', ')}. Tools of an MCP server are written \`server/tool\` or \`mcp__server__tool\`.`,
    );
  if (mapped.patterns.length > 0)
    notes.push({
      field: `the patterns of ${mapped.patterns.join(', ')}`,
      reason: 'the tool counts as a whole, and the policy of this machine decides about each command',
    });
  const mode = fields.text('permissionMode', 40);
  if (mode === undefined || mode === 'default') return { ...mapped, notes };
  if (mode === 'plan') {
    const seen = mapped.tools ?? [...looking, 'skill'];
    const isLooking = (tool: string) => !/^(?:edit|write|apply_patch|bash\w*|mcp__.*)$/.test(tool);
    return { tools: toolsOf(seen.filter(isLooking)).tools, without: [], notes };
  }
  const reason = 'what an agent may do is decided by the policy of this machine, never by a file';
  if (/^(?:bypassPermissions|dontAsk)$/i.test(mode))
    fields.warn('permissionMode', `\`permissionMode: ${mode}\` counts for nothing: ${reason}.`);
  return { ...mapped, notes: [...notes, { field: 'permissionMode', reason }] };
}

/**
 * Some files write tools as a map: `{write: false, bash: true}`. Anything else that is no list and no text names no tool,
 * because a file that cannot be understood must not leave its agent with all of them.
 */
function namedTools(fields: FileFields): { allowed: unknown; disallowed: unknown[] } {
  const tools = fields.value('tools');
  const disallowed = listed(fields, 'disallowedTools') ?? [];
  if (typeof tools !== 'object' || tools === null || Array.isArray(tools))
    return { allowed: listed(fields, 'tools'), disallowed };
  const entries = Object.entries(tools);
  const on = entries.filter(([, value]) => value === true).map(([name]) => name);
  const off = entries.filter(([, value]) => value === false).map(([name]) => name);
  const isOnlyOff = off.length > 0 && off.length === entries.length;
  return { allowed: isOnlyOff ? undefined : on, disallowed: [...disallowed, ...off] };
}

/** Undefined where the field is not there. */
function listed(fields: FileFields, key: string): unknown[] | undefined {
  const value = fields.value(key);
  if (value === undefined) return undefined;
  if (typeof value === 'string') return splitNames(value);
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  fields.warn(key, `\`${key}\` is neither a list of names nor a text; what is no name was left out.`);
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
