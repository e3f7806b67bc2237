import type { Event } from 'vscode';
import { describeFailure } from '../core/model/failure';
import type { RunView } from '../core/model/run';
import type { RunTaskOptions } from '../protocol/runTaskOptions';
import { findRun, openEngines } from './commands/pickRun';
import { startRun } from './commands/startRun';
import type { EditorContext } from './editorContext';

/** What `activate()` returns to other extensions. Promises reject with a message for a person. */
export interface EnterpriseApi {
  readonly version: 1;
  runTask(options: RunTaskOptions): Promise<{ runId: string }>;
  getRun(runId: string): Promise<RunView | undefined>;
  /** Newest first. */
  listRuns(): Promise<RunView[]>;
  readonly onDidChangeRun: Event<RunView>;
  /** Resolves when nobody in this window works at the run any more: it ended, or waits for a person who is not there. */
  waitForRun(runId: string): Promise<RunView>;
}

export function publicApi(editor: EditorContext): EnterpriseApi {
  const { runs } = editor;
  return {
    version: 1,
    runTask: async (options) => {
      const started = await startRun(editor, options);
      if (!started.ok) throw new Error(describeFailure(started.failure));
      if (!started.value) throw new Error('No run was started: the person turned away.');
      return started.value;
    },
    getRun: async (runId) => {
      const found = await findRun(editor, runId);
      return found.ok ? found.value : undefined;
    },
    listRuns: async () => {
      const opened = await openEngines(editor);
      if (!opened.ok) throw new Error(describeFailure(opened.failure));
      return runs.list();
    },
    onDidChangeRun: (listener, thisArgs: unknown, disposables) => {
      const subscription = runs.onDidChange((change) => void listener.call(thisArgs, change.view));
      disposables?.push(subscription);
      return subscription;
    },
    waitForRun: async (runId) => {
      const found = await findRun(editor, runId);
      if (!found.ok) throw new Error(describeFailure(found.failure));
      const engine = runs.engineOf(runId);
      return engine ? engine.settled(runId) : found.value;
    },
  };
}
