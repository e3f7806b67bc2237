import type { PlanChange } from '../../core/model/planChange';
import type { RunView } from '../../core/model/run';
import type { EditorContext } from '../editorContext';

/** Asks for a task to add: what is to be done, and what it waits for. Without a model it is a command line. */
export async function newTask(editor: EditorContext, view: RunView): Promise<PlanChange | undefined> {
  const { window } = editor.api;
  const isOffline = view.model === 'offline';
  const text = await window.showInputBox({
    title: 'Add a Task',
    prompt: isOffline
      ? 'The command line to run.'
      : 'What is to be done, for an agent that knows nothing else.',
    ignoreFocusOut: true,
  });
  if (text === undefined || text.trim() === '') return undefined;
  const items = view.tasks.map(({ task }) => ({ label: task.title, description: task.id }));
  const before = await window.showQuickPick(items, { title: 'Add a Task: wait for', canPickMany: true });
  if (!before) return undefined;
  const task = {
    id: freeId(text, new Set(view.tasks.map((known) => known.task.id))),
    ...(isOffline ? { run: text.trim() } : { prompt: text.trim() }),
    needs: before.map(({ description }) => description),
  };
  return { kind: 'add', task };
}

/** A slug of the first words that no task has. */
function freeId(text: string, taken: ReadonlySet<string>): string {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const slug = words.slice(0, 4).join('-').slice(0, 34).replace(/-+$/, '') || 'task';
  for (let count = 1; ; count++) {
    const id = count === 1 ? slug : `${slug}-${count}`;
    if (!taken.has(id)) return id;
  }
}
