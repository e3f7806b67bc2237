import type { TreeItem } from 'vscode';
import type { Agent, FileProblem, LoadedAgents } from '../../core/model/agent';
import type { Skill } from '../../core/model/skill';
import { countText } from '../../protocol/labels';
import type { AgentLibrary } from '../agentLibrary';
import type { VsCode } from '../vscodeApi';
import { Tree } from './tree';

const sources = [
  { kind: 'project', label: 'Project' },
  { kind: 'home', label: 'Home folder' },
  { kind: 'built-in', label: 'Built in' },
] as const;
type Source = (typeof sources)[number]['kind'];

export type AgentNode =
  | { readonly kind: 'problems' }
  | { readonly kind: 'problem'; readonly problem: FileProblem }
  | { readonly kind: 'source'; readonly source: Source }
  | { readonly kind: 'agent'; readonly agent: Agent }
  | { readonly kind: 'skills' }
  | { readonly kind: 'skill'; readonly skill: Skill };

/** Agents by where they come from, then the skills; what is wrong with their files stands first. */
export function agentsTree(api: VsCode, library: AgentLibrary): Tree<AgentNode> {
  return new Tree<AgentNode>(api, {
    children: async (node) => childrenOf(node, library, node ? undefined : await library.load()),
    item: (node) => itemOf(api, node, library),
  });
}

function childrenOf(
  node: AgentNode | undefined,
  library: AgentLibrary,
  isLoaded: boolean | undefined,
): AgentNode[] {
  const { agents, problems, skills = [] } = library.current();
  if (!node) {
    if (!isLoaded) return [];
    const present = sources.filter(({ kind }) => agents.some((agent) => agent.source.kind === kind));
    return [
      ...(problems.length > 0 ? [{ kind: 'problems' } as const] : []),
      ...present.map(({ kind }): AgentNode => ({ kind: 'source', source: kind })),
      ...(skills.length > 0 ? [{ kind: 'skills' } as const] : []),
    ];
  }
  if (node.kind === 'problems') return problems.map((problem) => ({ kind: 'problem', problem }));
  if (node.kind === 'skills') return skills.map((skill) => ({ kind: 'skill', skill }));
  if (node.kind === 'source')
    return agents
      .filter((agent) => agent.source.kind === node.source)
      .map((agent) => ({ kind: 'agent', agent }));
  return [];
}

function itemOf(api: VsCode, node: AgentNode, library: AgentLibrary): TreeItem {
  const { Collapsed, Expanded, None } = api.TreeItemCollapsibleState;
  switch (node.kind) {
    case 'problems': {
      const item = new api.TreeItem(countText(library.current().problems.length, 'problem'), Expanded);
      item.iconPath = new api.ThemeIcon('warning', new api.ThemeColor('notificationsWarningIcon.foreground'));
      return item;
    }
    case 'problem':
      return problemItem(api, node.problem);
    case 'source': {
      const count = library.current().agents.filter((agent) => agent.source.kind === node.source).length;
      const item = new api.TreeItem(
        sources.find(({ kind }) => kind === node.source)?.label ?? node.source,
        node.source === 'built-in' ? Collapsed : Expanded,
      );
      item.description = String(count);
      item.iconPath = new api.ThemeIcon('folder-library');
      return item;
    }
    case 'agent':
      return agentItem(api, node.agent, None, library.current());
    case 'skills': {
      const item = new api.TreeItem('Skills', Collapsed);
      item.description = String(library.current().skills?.length ?? 0);
      item.iconPath = new api.ThemeIcon('library');
      return item;
    }
    case 'skill':
      return skillItem(api, node.skill);
  }
}

function problemItem(api: VsCode, problem: FileProblem): TreeItem {
  const item = new api.TreeItem(problem.message);
  item.description = `${problem.path.split(/[\\/]/).at(-1) ?? problem.path}:${problem.line}`;
  item.tooltip = `${problem.message}\n${problem.path}:${problem.line}:${problem.column}`;
  item.iconPath = new api.ThemeIcon(problem.severity);
  item.command = openAt(api, problem.path, problem.line, problem.column);
  return item;
}

function agentItem(
  api: VsCode,
  agent: Agent,
  state: TreeItem['collapsibleState'],
  { models }: LoadedAgents,
): TreeItem {
  const item = new api.TreeItem(agent.name, state);
  item.description = agent.description;
  item.tooltip = tooltipOf(agent, models?.[agent.name]);
  item.iconPath = new api.ThemeIcon(agent.backend === 'model' ? 'hubot' : 'terminal');
  item.contextValue = agent.source.path ? 'agent file' : 'agent';
  if (agent.source.path) item.command = openAt(api, agent.source.path, 1, 1);
  return item;
}

function tooltipOf(agent: Agent, model: { id: string; reason: string } | undefined): string {
  const { maxSteps, skills, handoffs, argumentHint, unused } = agent;
  const named = model === undefined ? agent.model : `${model.id} (${model.reason})`;
  return [
    agent.name,
    agent.description,
    '',
    agent.backend === 'model' ? `Model: ${named}` : 'Runs programs, no model',
    `Capabilities: ${agent.capabilities.join(', ') || 'none named'}`,
    `Tools: ${agent.tools?.join(', ') ?? 'all'}`,
    ...(skills ? [`Skills: ${skills.join(', ')}`] : []),
    ...(maxSteps === undefined ? [] : [`At most ${maxSteps} steps`]),
    ...(agent.onlyByName === true ? ['Only where a plan names it'] : []),
    ...(argumentHint === undefined ? [] : [`To be told: ${argumentHint}`]),
    ...(handoffs
      ? [`Would go on with: ${handoffs.map(({ agent: to, label }) => `${to} (${label})`).join(', ')}`]
      : []),
    ...(unused ? [`Without effect here: ${unused.map(({ field }) => field).join(', ')}`] : []),
    agent.source.path ?? 'Built in',
  ].join('\n');
}

function skillItem(api: VsCode, skill: Skill): TreeItem {
  const item = new api.TreeItem(skill.name);
  item.description = skill.description;
  item.tooltip = [skill.name, skill.description, '', skill.source.path].join('\n');
  item.iconPath = new api.ThemeIcon('book');
  item.command = openAt(api, skill.source.path, 1, 1);
  return item;
}

function openAt(api: VsCode, path: string, line: number, column: number): NonNullable<TreeItem['command']> {
  const position = new api.Position(line - 1, column - 1);
  return {
    command: 'vscode.open',
    title: 'Open',
    arguments: [api.Uri.file(path), { selection: new api.Range(position, position) }],
  };
}
