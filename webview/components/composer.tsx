import { useEffect, useRef } from 'preact/hooks';
import type { Environment } from '../../src/protocol/webviewMessages';
import { useSession } from '../state/session';
import type { Draft, ViewState } from '../state/viewState';
import { Choice } from './choice';
import { Icon } from './icon';

const configure = 'configure a model';

/** The task box, with what the run will use. Ctrl+Enter (or Cmd+Enter) runs. */
export function Composer({ state, environment }: { state: ViewState; environment: Environment }) {
  const { send, dispatch } = useSession();
  const { draft, isStarting } = state;
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    if (state.focusRequests > 0) box.current?.focus();
  }, [state.focusRequests]);
  const canRun = draft.task.trim() !== '' && !isStarting;
  const run = () => {
    if (!canRun) return;
    dispatch({ type: 'starting' });
    send({ type: 'runTask', ...usable(draft, environment), task: draft.task.trim() });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      run();
    }
  };
  return (
    <form class="composer" aria-label="New run" onSubmit={(event) => event.preventDefault()}>
      <vscode-text-area
        ref={box}
        class="task-box"
        aria-label="Task"
        rows={3}
        resize="vertical"
        placeholder="What is to be done?"
        value={draft.task}
        onInput={(event) => dispatch({ type: 'drafted', draft: { task: event.currentTarget.value } })}
        onKeyDown={onKeyDown}
      />
      <div class="composer-row">
        <Choices draft={draft} environment={environment} />
        <vscode-button class="run-button" disabled={!canRun} onClick={run} title="Run this task (Ctrl+Enter)">
          {isStarting ? <span class="spinner" aria-hidden="true" /> : <Icon name="play" />}
          {isStarting ? 'Starting' : 'Run'}
        </vscode-button>
      </div>
    </form>
  );
}

function Choices({ draft, environment }: { draft: Draft; environment: Environment }) {
  const { send, dispatch } = useSession();
  const chosen = usable(draft, environment);
  const pickModel = (model: string) => {
    if (model === configure) send({ type: 'surrounding', action: 'configureModel' });
    else dispatch({ type: 'drafted', draft: { model: model === environment.model ? null : model } });
  };
  return (
    <div class="choices">
      <Choice
        label="Model"
        value={chosen.model ?? environment.model}
        options={[
          ...environment.models.map((model) => ({ value: model, text: modelText(model) })),
          { value: configure, text: 'Configure a model…' },
        ]}
        onPick={pickModel}
      />
      <Choice
        label="Workflow"
        value={chosen.workflow ?? ''}
        options={[
          { value: '', text: 'Auto plan' },
          ...environment.workflows.map(({ name }) => ({ value: name, text: name })),
        ]}
        onPick={(workflow) => dispatch({ type: 'drafted', draft: { workflow: workflow || null } })}
      />
      {environment.folders.length > 1 && (
        <Choice
          label="Folder"
          value={chosen.folder ?? environment.folders[0]?.path ?? ''}
          options={environment.folders.map(({ name, path }) => ({ value: path, text: name }))}
          onPick={(folder) => dispatch({ type: 'drafted', draft: { folder } })}
        />
      )}
    </div>
  );
}

/** A draft may name a workflow, model or folder that is no longer there. With several folders one is always named. */
function usable(draft: Draft, { workflows, models, folders }: Environment): Omit<Draft, 'task'> {
  const folder = folders.some(({ path }) => path === draft.folder) ? draft.folder : null;
  return {
    workflow: workflows.some(({ name }) => name === draft.workflow) ? draft.workflow : null,
    model: draft.model !== null && models.includes(draft.model) ? draft.model : null,
    folder: folder ?? (folders.length > 1 ? (folders[0]?.path ?? null) : null),
  };
}

function modelText(model: string): string {
  if (model === 'offline') return 'No model';
  const slash = model.indexOf('/');
  // The name first: it is what tells models apart where there is little room.
  return slash < 0 ? model : `${model.slice(slash + 1)} · ${model.slice(0, slash)}`;
}
