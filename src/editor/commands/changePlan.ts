import { ok, type Result } from '../../base/result';
import type { Engine } from '../../core/coordination/engine';
import type { Failure } from '../../core/model/failure';
import type { Priority } from '../../core/model/plan';
import type { PlanChange } from '../../core/model/planChange';
import type { RunView, TaskView } from '../../core/model/run';
import { taskStateLabel } from '../../core/model/taskState';
import type { EditorContext } from '../editorContext';
import { newTask } from './newTask';

const person = 'person';

/**
 * Leads a person to one change of the plan of a run: which task, what about it, and, before anything happens, what it
 * comes to. Turning away at any step changes nothing. @param taskId the task that is meant; asked for where it is absent
 */
export async function changePlan(
  editor: EditorContext,
  engine: Engine,
  view: RunView,
  taskId?: string,
): Promise<Result<void, Failure>> {
  const change = await chooseChange(editor, engine, view, taskId);
  if (!change) return ok(undefined);
  const seen = await engine.replan(view.runId, [change], person, { dryRun: true });
  if (!seen.ok) return seen;
  const { window } = editor.api;
  const make = 'Change the Plan';
  const detail = seen.value.impact.join('\n');
  if ((await window.showWarningMessage('Change the plan like this?', { modal: true, detail }, make)) !== make)
    return ok(undefined);
  const changed = await engine.replan(view.runId, [change], person);
  if (!changed.ok) return changed;
  void window.showInformationMessage(`The plan is changed (revision ${changed.value.revision}).`);
  return ok(undefined);
}

async function chooseChange(
  editor: EditorContext,
  engine: Engine,
  view: RunView,
  taskId: string | undefined,
): Promise<PlanChange | undefined> {
  const task =
    taskId === undefined
      ? await chooseTask(editor, view)
      : view.tasks.find((known) => known.task.id === taskId);
  if (!task) return undefined;
  return task === 'new' ? newTask(editor, view) : changeOf(editor, engine, view, task);
}

async function chooseTask(editor: EditorContext, view: RunView): Promise<TaskView | 'new' | undefined> {
  const tasks = view.tasks
    .filter(({ state }) => !['done', 'integrating', 'cancelled'].includes(state.name))
    .map((task) => ({
      label: task.task.title,
      description: `${task.task.id}, ${taskStateLabel(task.state)}, ${task.task.agent}`,
      task,
    }));
  const add = { label: '$(add) Add a task…', description: '', task: 'new' as const };
  const picked = await editor.api.window.showQuickPick([add, ...tasks], {
    title: 'Change which task?',
    matchOnDescription: true,
  });
  return picked?.task;
}

const ways = [
  { label: '$(circle-slash) Do not do it', change: 'cancel' },
  { label: '$(person) Give it to another agent…', change: 'reassign' },
  { label: '$(arrow-up) Change its priority…', change: 'prioritise' },
  { label: '$(list-tree) Change what it waits for…', change: 'reorder' },
  { label: '$(folder) Change what it may touch…', change: 'rescope' },
] as const;

async function changeOf(
  editor: EditorContext,
  engine: Engine,
  view: RunView,
  { task }: TaskView,
): Promise<PlanChange | undefined> {
  const { window } = editor.api;
  const title = task.title;
  const way = await window.showQuickPick([...ways], { title });
  switch (way?.change) {
    case undefined:
      return undefined;
    case 'cancel':
      return { kind: 'cancel', taskId: task.id };
    case 'reassign': {
      const agent = await chooseAgent(editor, engine, task.work.kind === 'agent', title);
      return agent === undefined ? undefined : { kind: 'reassign', taskId: task.id, agent };
    }
    case 'prioritise': {
      const priorities: Priority[] = ['critical', 'high', 'normal', 'low'];
      const items = priorities.map((priority) => ({ label: priority, priority }));
      const picked = await window.showQuickPick(items, { title });
      return picked && { kind: 'prioritise', taskId: task.id, priority: picked.priority };
    }
    case 'reorder': {
      const others = view.tasks.filter((other) => other.task.id !== task.id);
      const items = others.map(({ task: { id, title: label } }) => ({
        label,
        description: id,
        picked: task.needs.includes(id),
      }));
      const picked = await window.showQuickPick(items, { title: `${title}: wait for`, canPickMany: true });
      return (
        picked && { kind: 'reorder', taskId: task.id, needs: picked.map(({ description }) => description) }
      );
    }
    case 'rescope': {
      const text = await window.showInputBox({
        title,
        prompt: 'Globs with commas, such as src/api/**, docs/**; nothing lets it change anything.',
        value: task.scope.join(', '),
        ignoreFocusOut: true,
      });
      return text === undefined ? undefined : { kind: 'rescope', taskId: task.id, scope: listOf(text) };
    }
  }
}

async function chooseAgent(
  editor: EditorContext,
  engine: Engine,
  isForModel: boolean,
  title: string,
): Promise<string | undefined> {
  const { agents } = await engine.agents();
  const items = agents
    .filter((agent) => (agent.backend === 'command') !== isForModel)
    .map((agent) => ({ label: agent.name, detail: agent.description }));
  const picked = await editor.api.window.showQuickPick(items, { title, matchOnDetail: true });
  return picked?.label;
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
