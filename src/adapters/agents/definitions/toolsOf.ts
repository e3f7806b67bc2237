import { agentTools } from '../../../core/model/agentFile';

/**
 * Tools as agent files of other products name them, and what they are called here (`design.md` §7). Whoever may edit may
 * also read: an edit without a look at the file first is refused.
 */
const counterparts: Readonly<Record<string, readonly string[]>> = {
  read: ['read'],
  view: ['read'],
  readfile: ['read'],
  notebookread: ['read'],
  search: ['read', 'glob', 'grep'],
  codebase: ['read', 'glob', 'grep'],
  usages: ['grep'],
  grep: ['grep'],
  textsearch: ['grep'],
  searchresults: ['grep'],
  findtestfiles: ['glob'],
  glob: ['glob'],
  filesearch: ['glob'],
  ls: ['glob'],
  listdirectory: ['glob'],
  edit: ['read', 'edit', 'write', 'apply_patch'],
  multiedit: ['read', 'edit', 'apply_patch'],
  editfiles: ['read', 'edit', 'write', 'apply_patch'],
  notebookedit: ['read', 'edit'],
  editnotebook: ['read', 'edit'],
  write: ['read', 'write'],
  createfile: ['write'],
  new: ['write'],
  applypatch: ['read', 'apply_patch'],
  bash: ['bash', 'bash_output', 'bash_kill'],
  execute: ['bash', 'bash_output', 'bash_kill'],
  shell: ['bash', 'bash_output', 'bash_kill'],
  powershell: ['bash', 'bash_output', 'bash_kill'],
  terminalcommand: ['bash', 'bash_output', 'bash_kill'],
  terminal: ['bash', 'bash_output', 'bash_kill'],
  runcommands: ['bash', 'bash_output', 'bash_kill'],
  runcommand: ['bash', 'bash_output', 'bash_kill'],
  runinterminal: ['bash', 'bash_output', 'bash_kill'],
  runtasks: ['bash', 'bash_output', 'bash_kill'],
  runtests: ['bash', 'bash_output', 'bash_kill'],
  terminallastcommand: ['bash_output'],
  getterminaloutput: ['bash_output'],
  terminalselection: ['bash_output'],
  bashoutput: ['bash_output'],
  killshell: ['bash_kill'],
  killbash: ['bash_kill'],
  problems: ['diagnostics'],
  diagnostics: ['diagnostics'],
  testfailure: ['diagnostics'],
  todo: ['todo'],
  todos: ['todo'],
  todowrite: ['todo'],
  todoread: ['todo'],
  askuserquestion: ['ask_user'],
  askquestions: ['ask_user'],
  askuser: ['ask_user'],
  skill: ['skill'],
  skills: ['skill'],
  finish: ['finish'],
  sendmessage: ['message'],
  message: ['message'],
};

/** A map, so that a tool named `constructor` is as unknown as any other. */
const known = new Map(Object.entries(counterparts));

/** Tools of other products without a counterpart here: leaving them out is expected and needs no warning. */
const foreign = new Set(
  `web webfetch websearch fetch agent agents task tasks runsubagent slashcommand exitplanmode enterplanmode
  githubrepo extensions vscodeapi opensimplebrowser openintegratedbrowser simplebrowser browser think memory newworkspace
  getprojectsetupinfo installextension runvscodecommand runnotebooks notebook notebooks toolsearch vscode switchagent
  customagent changes tasklist taskget taskcreate taskupdate taskoutput taskstop teamcreate teamdelete
  activepullrequest copilotcodingagent readcelloutput updateuserpreferences rendermermaiddiagram listmcpresources readmcpresource monitor workflow artifact mcp all`.split(
    /\s+/,
  ),
);

const everything = agentTools.map((tool) => tool.name);
const always = new Set(agentTools.filter((tool) => tool.isAlways === true).map((tool) => tool.name));

export interface MappedTools {
  /** Absent: all tools. */
  readonly tools: readonly string[] | undefined;
  /** MCP tools that are taken away again. */
  readonly without: readonly string[];
  /** Names nobody knows. */
  readonly unknown: readonly string[];
  /** Entries that narrow a tool to some of its uses, as `Bash(git add:*)`, of which only the tool is taken. */
  readonly patterns: readonly string[];
}

/**
 * Maps `tools` (a list, a comma string, or absent for all) and `disallowedTools` to our names, in a fixed order. Skills
 * may be read by everybody who is not forbidden to: they are instructions.
 */
export function toolsOf(allowed: unknown, disallowed?: unknown): MappedTools {
  const wanted = names(allowed);
  const refused = names(disallowed);
  const without = new Set(refused.flatMap(forbidden));
  const isAll = allowed === undefined || allowed === null || wanted.some(isEverything);
  const unknown = [...(isAll ? [] : wanted), ...refused].filter(
    (name) => !isEverything(name) && mapped(name) === undefined,
  );
  if (isAll && without.size === 0) return { tools: undefined, without: [], unknown, patterns: [] };
  const found = new Set(isAll ? [...everything, 'mcp__*'] : wanted.flatMap((name) => mapped(name) ?? []));
  const mayUse = (tool: string) => (found.has(tool) || tool === 'skill') && !without.has(tool);
  const own = everything.filter((tool) => always.has(tool) || mayUse(tool));
  const external = [...found].filter((tool) => isExternal(tool) && !isDenied(tool, without));
  const isOpen = external.some((tool) => tool.endsWith('*'));
  return {
    tools: [...own, ...external],
    without: isOpen ? [...without].filter(isExternal) : [],
    unknown,
    patterns: [...(isAll ? [] : wanted), ...refused].filter(
      (name) => /\(.*\)$/s.test(name) && (mapped(name) ?? []).length > 0,
    ),
  };
}

function isExternal(tool: string): boolean {
  return tool.startsWith('mcp__');
}

function isEverything(name: string): boolean {
  return name === '*' || name.toLowerCase() === 'all';
}

function isDenied(tool: string, without: ReadonlySet<string>): boolean {
  const server = tool.slice(0, tool.indexOf('__', 'mcp__'.length));
  return ['mcp__*', tool, `${server}__*`].some((denied) => without.has(denied));
}

/** To forbid writing is not to forbid the reading that goes with it. */
function forbidden(name: string): readonly string[] {
  if (isEverything(name)) return [...everything, 'mcp__*'];
  const tools = mapped(name) ?? [];
  return tools.some((tool) => tool === 'edit' || tool === 'write' || tool === 'apply_patch')
    ? tools.filter((tool) => tool !== 'read')
    : tools;
}

/** Undefined for a name nobody knows; empty for one that has no counterpart here. */
function mapped(name: string): readonly string[] | undefined {
  const plain = name.replace(/\(.*\)$/s, '').trim();
  // A server by itself stands for all its tools.
  if (isExternal(plain)) return [/^mcp__[^_*]+(?:_[^_]+)*$/.test(plain) ? `${plain}__*` : plain];
  const key = keyOf(plain);
  const own = known.get(key);
  if (own) return own;
  if (foreign.has(key)) return [];
  const [server = '', tool = ''] = plain.split('/');
  if (tool === '') return undefined;
  // VS Code groups its own tools as `search/codebase`; any other group is an MCP server.
  const group = keyOf(server);
  if (known.has(group) || foreign.has(group)) return known.get(keyOf(tool)) ?? known.get(group) ?? [];
  return [`mcp__${server}__${tool}`];
}

function keyOf(name: string): string {
  return name.toLowerCase().replace(/[_\s-]/g, '');
}

function names(value: unknown): string[] {
  const parts: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? splitNames(value) : [];
  return parts
    .filter((part) => typeof part === 'string')
    .map((part) => part.trim().replace(/^["']|["']$/g, ''))
    .filter((part) => part !== '');
}

/** Commas inside parentheses belong to the tool's own pattern: `Bash(git add:*, git commit:*), Read`. */
export function splitNames(text: string): string[] {
  return text.replace(/^\[|\]$/g, '').split(/,(?![^(]*\))/);
}
