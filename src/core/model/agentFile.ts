/**
 * What may stand in the front matter of an agent's file and of a skill's, and what it does here. The words are shown by the
 * editor and by `enterprise agents`; whatever is read is read by the same list.
 * Formats: Claude Code sub-agents, VS Code and GitHub `.agent.md`, agentskills.io.
 */

export interface FileField {
  readonly name: string;
  /** What it does here, for a person. */
  readonly effect: string;
  /** Why it does nothing here; absent for a field that is used. */
  readonly unused?: string;
  /** Values worth offering. */
  readonly values?: readonly string[];
  /** Its value is a plain text, so that one that is no valid YAML can be taken as it stands. */
  readonly isText?: boolean;
}

export const modelNames: readonly string[] = ['inherit', 'opus', 'sonnet', 'haiku'];

const policyDecides = 'what an agent may do is decided by the policy of this machine, never by a file';
const plansDecide = 'who works after whom is decided by the plan';
const noChat = 'an agent is given a task, not a chat';

export const agentFields: readonly FileField[] = [
  text('name', 'How plans and people call the agent. Without it, the name of the file.'),
  text(
    'description',
    'What the agent is for. Tasks are given to the agent whose description fits them best.',
  ),
  {
    ...text('tools', 'The tools it may use: a list, or names parted by commas. Without it, all of them.'),
    values: [],
  },
  {
    name: 'disallowedTools',
    effect: 'Tools it may not use, taken away from `tools`.',
    values: [],
  },
  {
    ...text(
      'model',
      'The model it works with: `provider/model`, an alias (`opus`, `sonnet`, `haiku`), or `inherit` for the model of the run. Of a list the first that can be had is taken.',
    ),
    values: modelNames,
  },
  { name: 'maxTurns', effect: 'The most steps one attempt may take.' },
  {
    name: 'effort',
    effect: 'How hard the model should think, where the model can be told.',
    values: ['low', 'medium', 'high', 'xhigh', 'max'],
  },
  { name: 'skills', effect: 'Skills it is shown before all others.', values: [] },
  {
    name: 'permissionMode',
    effect: `\`plan\` takes away the tools that change files or run programs. Any other value does nothing: ${policyDecides}.`,
    values: ['plan', 'default'],
  },
  text('argument-hint', 'What a person would tell it, in a few words. Shown.'),
  { name: 'handoffs', effect: 'Agents its author would go on with. Shown; the plan decides what follows.' },
  {
    name: 'disable-model-invocation',
    effect: '`true`: the agent is never chosen for a task, only taken where a plan names it.',
    values: ['true', 'false'],
  },
  { name: 'enterprise', effect: 'Our own: `{capabilities: [word, …]}`, the words it is matched by.' },
  unused('hooks', 'programs named in an agent file are never run'),
  unused(
    'mcpServers',
    'servers are started only from `.mcp.json`, `.vscode/mcp.json` or the settings, and after a person agreed; name their tools under `tools` as `mcp__server__tool`',
  ),
  unused(
    'mcp-servers',
    'servers are started only from `.mcp.json`, `.vscode/mcp.json` or the settings, and after a person agreed; name their tools under `tools` as `server/tool`',
  ),
  unused('agents', plansDecide),
  unused('memory', 'an agent begins every task with what its briefing says'),
  unused('background', 'all tasks that can run side by side do'),
  unused('isolation', 'every task has a worktree of its own anyway'),
  unused('initialPrompt', `${noChat}; its briefing takes this place`, true),
  unused('color', 'agents are told apart by their names', true),
  unused('target', 'it loads wherever it is found', true),
  unused('user-invocable', `${noChat}; name it in a plan`),
  unused('user-invokable', `${noChat}; name it in a plan`),
  unused('infer', `${noChat}; see \`disable-model-invocation\``),
  unused('mode', 'an agent is an agent here, whoever starts it'),
  unused('temperature', 'the model keeps its own'),
  unused('permission', policyDecides),
  ...['version', 'author', 'license', 'tags', 'category', 'metadata'].map((name) =>
    unused(name, 'it is a remark for people'),
  ),
];

export const skillFields: readonly FileField[] = [
  text('name', 'How agents ask for the skill. The same as its folder: small letters, digits and hyphens.'),
  text(
    'description',
    'What the skill helps with, and when to use it. All an agent sees of it before it asks for more.',
  ),
  text('compatibility', 'What the skill needs of its surroundings. Shown to agents with the skill.'),
  {
    name: 'disable-model-invocation',
    effect: '`true`: only agents that name the skill under `skills` are told of it.',
    values: ['true', 'false'],
  },
  unused('allowed-tools', policyDecides),
  unused('model', 'a skill is read by the agent that works at the task, with its model'),
  unused('context', 'a skill is read by the agent that works at the task'),
  unused('agent', 'a skill is read by the agent that works at the task'),
  unused('hooks', 'programs named in a skill are never run by reading it'),
  unused('argument-hint', noChat),
  unused('user-invocable', noChat),
  ...['license', 'metadata', 'version', 'author', 'tags', 'category'].map((name) =>
    unused(name, 'it is a remark for people'),
  ),
];

export interface ToolName {
  readonly name: string;
  /** What it lets an agent do, for a person. */
  readonly effect: string;
  /** Every attempt has it, whatever its file says: it changes nothing and reaches nothing outside. */
  readonly isAlways?: boolean;
}

/** The tools an agent's file can name (`design.md` §7), in the order in which they are shown. */
export const agentTools: readonly ToolName[] = [
  { name: 'read', effect: 'Read files.' },
  { name: 'glob', effect: 'Find files by their names.' },
  { name: 'grep', effect: 'Search in files.' },
  { name: 'edit', effect: 'Replace text in a file.' },
  { name: 'write', effect: 'Write whole files.' },
  { name: 'apply_patch', effect: 'Change several files at once.' },
  { name: 'bash', effect: 'Run commands.' },
  { name: 'bash_output', effect: 'Read the output of a command in the background.' },
  { name: 'bash_kill', effect: 'End a command in the background.' },
  { name: 'skill', effect: 'Read the skills of the project and of the person.' },
  { name: 'todo', effect: 'Keep a list of its steps.', isAlways: true },
  { name: 'diagnostics', effect: 'Run the gates over its worktree.', isAlways: true },
  { name: 'message', effect: 'Write to other agents.', isAlways: true },
  { name: 'ask_user', effect: 'Ask the person.', isAlways: true },
  { name: 'finish', effect: 'End the attempt with a result.', isAlways: true },
];

function text(name: string, effect: string): FileField {
  return { name, effect, isText: true };
}

function unused(name: string, reason: string, isText = false): FileField {
  return { name, effect: `Has no effect here: ${reason}.`, unused: reason, isText };
}
