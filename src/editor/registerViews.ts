import type { Disposable, TreeView } from 'vscode';
import type { AgentLibrary } from './agentLibrary';
import type { EditorContext } from './editorContext';
import { agentsTree } from './views/agentsTree';
import { gatesTree } from './views/gatesTree';
import { runsTree } from './views/runsTree';
import { showStatus } from './views/statusBar';
import { TodoMarks, todosTree, type TodoNode } from './views/todosTree';
import type { Tree } from './views/tree';
import { panelView } from './webviews/panelView';

/** The agent panel, the four trees and the status bar item. */
export function registerViews(editor: EditorContext, library: AgentLibrary): Disposable[] {
  const { api, runs, engines, surroundings } = editor;
  const marks = new TodoMarks(editor.extension.workspaceState);
  const trees = {
    runs: runsTree(api, runs),
    todos: todosTree(api, runs, marks),
    agents: agentsTree(api, library),
    gates: gatesTree(api, runs, engines),
  };
  const follow = [trees.runs, trees.todos, trees.gates];
  const refresh = () => follow.forEach((tree) => tree.refresh());
  const all = [...follow, trees.agents];
  return [
    api.window.registerWebviewViewProvider('enterprise.panel', panelView(editor)),
    openOnSight(editor, view(editor, 'enterprise.runs', trees.runs)),
    todosView(editor, trees.todos, marks),
    view(editor, 'enterprise.agents', trees.agents),
    view(editor, 'enterprise.gates', trees.gates),
    runs.onDidChange(refresh),
    runs.onDidList(refresh),
    engines.onDidOpen(() => all.forEach((tree) => tree.refresh())),
    surroundings.onDidChange(() => trees.gates.refresh()),
    statusBar(editor),
    ...all,
  ];
}

function view<T>(editor: EditorContext, id: string, tree: Tree<T>): TreeView<T> {
  return editor.api.window.createTreeView(id, { treeDataProvider: tree, showCollapseAll: true });
}

/** Looking at the runs is asking for them: the engines are opened then. */
function openOnSight<T>(editor: EditorContext, tree: TreeView<T>): Disposable {
  const look = () => {
    if (tree.visible) void editor.surroundings.refresh();
  };
  const subscription = tree.onDidChangeVisibility(look);
  return { dispose: () => [subscription, tree].forEach((item) => void item.dispose()) };
}

function todosView(editor: EditorContext, tree: Tree<TodoNode>, marks: TodoMarks): Disposable {
  const todos = editor.api.window.createTreeView('enterprise.todos', {
    treeDataProvider: tree,
    manageCheckboxStateManually: true,
  });
  const subscription = todos.onDidChangeCheckboxState(async ({ items }) => {
    for (const [node, state] of items) {
      await marks.set(node.runId, node.taskId, state === editor.api.TreeItemCheckboxState.Checked);
    }
    tree.refresh();
  });
  return { dispose: () => [subscription, todos].forEach((item) => void item.dispose()) };
}

function statusBar(editor: EditorContext): Disposable {
  const { api, runs } = editor;
  const bar = api.window.createStatusBarItem('enterprise.status', api.StatusBarAlignment.Left, 10);
  bar.name = 'Enterprise run';
  bar.command = 'enterprise.panel.focus';
  const update = () => showStatus(api, bar, runs);
  const subscriptions = [runs.onDidChange(update), runs.onDidList(update)];
  return { dispose: () => [...subscriptions, bar].forEach((item) => item.dispose()) };
}
