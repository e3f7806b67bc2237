import type { Memento, TreeItem } from 'vscode';
import type { RunView, TaskView } from '../../core/model/run';
import { taskStateLabel } from '../../core/model/taskState';
import { isAtWork } from '../../protocol/runProjection';
import type { Runs } from '../runs';
import type { VsCode } from '../vscodeApi';
import { taskIcon } from './stateIcons';
import { Tree } from './tree';

export interface TodoNode {
  readonly kind: 'todo';
  readonly runId: string;
  readonly taskId: string;
}

/** What a person ticked or unticked, against what the engine says; by run and task. */
export class TodoMarks {
  constructor(private readonly memory: Memento) {}

  of(runId: string, taskId: string): boolean | undefined {
    return this.memory.get<Record<string, boolean>>(keyOf(runId), {})[taskId];
  }

  async set(runId: string, taskId: string, isDone: boolean): Promise<void> {
    await this.memory.update(keyOf(runId), {
      ...this.memory.get<Record<string, boolean>>(keyOf(runId), {}),
      [taskId]: isDone,
    });
  }
}

/** The todos of the run that is looked at: a checkbox is the person's where they set it, the engine's otherwise. */
export function todosTree(api: VsCode, runs: Runs, marks: TodoMarks): Tree<TodoNode> {
  return new Tree<TodoNode>(api, {
    children: (node) => (node ? [] : todosOf(runs.current())),
    item: (node) => itemOf(api, runs, node, marks.of(node.runId, node.taskId)),
  });
}

function todosOf(view: RunView | undefined): TodoNode[] {
  return (view?.tasks ?? []).map(({ task }) => ({ kind: 'todo', runId: view?.runId ?? '', taskId: task.id }));
}

function itemOf(api: VsCode, runs: Runs, node: TodoNode, mark: boolean | undefined): TreeItem {
  const view = find(runs.get(node.runId), node.taskId);
  const item = new api.TreeItem('');
  if (!view) return item;
  const { task, state } = view;
  const isInterrupted = isAtWork(state) && runs.attendanceOf(node.runId) === 'nobody';
  const { Checked, Unchecked } = api.TreeItemCheckboxState;
  item.id = `todo:${node.runId}:${node.taskId}`;
  item.label = isAtWork(state) && !isInterrupted ? task.activeForm : task.title;
  item.description = isInterrupted ? 'interrupted' : describe(view, mark);
  item.tooltip = [task.title, '', ...task.acceptance.map((criterion) => `• ${criterion}`)].join('\n').trim();
  item.checkboxState = (mark ?? state.name === 'done') ? Checked : Unchecked;
  item.iconPath = taskIcon(api, isInterrupted ? 'interrupted' : state.name);
  item.contextValue = 'todo';
  return item;
}

function describe({ task, state }: TaskView, mark: boolean | undefined): string {
  const isDone = state.name === 'done';
  const priority = task.priority === 'normal' ? '' : `, ${task.priority}`;
  const byPerson =
    mark === undefined || mark === isDone ? '' : mark ? ', ticked by you' : ', unticked by you';
  const failure = state.name === 'failed' || state.name === 'skipped' ? `: ${state.failure.message}` : '';
  return `${taskStateLabel(state)}${priority}${byPerson}${failure}`;
}

function find(view: RunView | undefined, taskId: string): TaskView | undefined {
  return view?.tasks.find((task) => task.task.id === taskId);
}

function keyOf(runId: string): string {
  return `enterprise.todos:${runId}`;
}
