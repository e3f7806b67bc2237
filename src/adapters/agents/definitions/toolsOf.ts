/**
 * Tools as agent files of other products name them, and what they are called here (`design.md` §7). Whoever may edit may
 * also read: an edit without a look at the file first is refused.
 */
const known: Readonly<Record<string, readonly string[]>> = {
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
  sendmessage: ['message'],
  message: ['message'],
};

/** Tools of other products without a counterpart here: leaving them out is expected and needs no warning. */
const foreign = new Set(
  `web webfetch websearch fetch agent agents task tasks runsubagent skill skills slashcommand exitplanmode enterplanmode
  githubrepo extensions vscodeapi opensimplebrowser openintegratedbrowser simplebrowser browser think memory newworkspace
  getprojectsetupinfo installextension runvscodecommand runnotebooks notebook notebooks toolsearch vscode switchagent
  customagent changes tasklist taskget taskcreate taskupdate taskoutput taskstop teamcreate teamdelete
  activepullrequest copilotcodingagent readcelloutput updateuserpreferences rendermermaiddiagram listmcpresources readmcpresource monitor workflow artifact mcp all`.split(
    /\s+/,
  ),
);

/** Every attempt has these: they touch no file and start no program. */
const always: readonly string[] = ['todo', 'diagnostics', 'message', 'ask_user', 'finish'];

const everything: readonly string[] = [
  'read',
  'glob',
  'grep',
  'edit',
  'write',
  'apply_patch',
  'bash',
  'bash_output',
  'bash_kill',
  ...always,
];

export interface MappedTools {
  /** Absent: all tools. */
  readonly tools: readonly string[] | undefined;
  /** Names nobody knows. */
  readonly unknown: readonly string[];
}

/** Maps `tools` (a list, a comma string, or absent for all) and `disallowedTools` to our names, in a fixed order. */
export function toolsOf(allowed: unknown, disallowed?: unknown): MappedTools {
  const without = new Set(names(disallowed).flatMap(forbidden));
  const wanted = names(allowed);
  const isAll =
    allowed === undefined ||
    allowed === null ||
    wanted.some((name) => name === '*' || name.toLowerCase() === 'all');
  if (isAll) {
    return {
      tools:
        without.size === 0
          ? undefined
          : everything.filter((tool) => !without.has(tool) || always.includes(tool)),
      unknown: [],
    };
  }
  const found = new Set(wanted.flatMap((name) => mapped(name) ?? []));
  const tools = everything.filter((tool) => always.includes(tool) || (found.has(tool) && !without.has(tool)));
  const external = [...found].filter((tool) => tool.startsWith('mcp__') && !without.has(tool));
  return { tools: [...tools, ...external], unknown: wanted.filter((name) => mapped(name) === undefined) };
}

/** To forbid writing is not to forbid the reading that goes with it. */
function forbidden(name: string): readonly string[] {
  const tools = mapped(name) ?? [];
  return tools.some((tool) => tool === 'edit' || tool === 'write' || tool === 'apply_patch')
    ? tools.filter((tool) => tool !== 'read')
    : tools;
}

/** Undefined for a name nobody knows; empty for one that has no counterpart here. */
function mapped(name: string): readonly string[] | undefined {
  if (name.startsWith('mcp__')) return [name];
  const plain = name.replace(/\(.*\)$/s, '').trim();
  const key = keyOf(plain);
  if (known[key]) return known[key];
  if (foreign.has(key)) return [];
  const [server = '', tool = ''] = plain.split('/');
  if (tool === '') return undefined;
  // VS Code groups its own tools as `search/codebase`; any other group is an MCP server.
  const group = keyOf(server);
  const own = known[keyOf(tool)] ?? known[group];
  if (known[group] || foreign.has(group)) return own ?? [];
  return [`mcp__${server}__${tool}`];
}

function keyOf(name: string): string {
  return name.toLowerCase().replace(/[_\s-]/g, '');
}

/** Commas inside parentheses belong to the tool's own pattern: `Bash(git add:*, git commit:*), Read`. */
function names(value: unknown): string[] {
  const parts = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? value.replace(/^\[|\]$/g, '').split(/,(?![^(]*\))/)
      : [];
  return parts
    .filter((part) => typeof part === 'string')
    .map((part) => part.trim().replace(/^["']|["']$/g, ''))
    .filter((part) => part !== '');
}
