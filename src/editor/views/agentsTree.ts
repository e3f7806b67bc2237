import type { TreeItem } from 'vscode';
import type { Agent, FileProblem } from '../../core/model/agent';
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
  | { readonly kind: 'agent'; readonly agent: Agent };

/** Agents by where they come from; what is wrong with their files stands first. */
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
  const { agents, problems } = library.current();
  if (!node) {
    if (!isLoaded) return [];
    const present = sources.filter(({ kind }) => agents.some((agent) => agent.source.kind === kind));
    return [
      ...(problems.length > 0 ? [{ kind: 'problems' } as const] : []),
      ...present.map(({ kind }): AgentNode => ({ kind: 'source', source: kind })),
    ];
  }
  if (node.kind === 'problems') return problems.map((problem) => ({ kind: 'problem', problem }));
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
      return agentItem(api, node.agent, None);
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

function agentItem(api: VsCode, agent: Agent, state: TreeItem['collapsibleState']): TreeItem {
  const item = new api.TreeItem(agent.name, state);
  item.description = agent.description;
  item.tooltip = [
    agent.name,
    agent.description,
    '',
    agent.backend === 'model' ? `Model: ${agent.model}` : 'Runs programs, no model',
    `Capabilities: ${agent.capabilities.join(', ') || 'none named'}`,
    `Tools: ${agent.tools?.join(', ') ?? 'all'}`,
    agent.source.path ?? 'Built in',
  ].join('\n');
  item.iconPath = new api.ThemeIcon(agent.backend === 'model' ? 'hubot' : 'terminal');
  item.contextValue = agent.source.path ? 'agent file' : 'agent';
  if (agent.source.path) item.command = openAt(api, agent.source.path, 1, 1);
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
