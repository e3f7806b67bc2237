import * as z from 'zod';
import { isEndedState } from '../../src/protocol/labels';
import { runDetailSchema, runItemSchema, type RunDetail } from '../../src/protocol/runModel';
import { environmentSchema, type ToWebview, type Update } from '../../src/protocol/webviewMessages';

const draftSchema = z.object({
  task: z.string(),
  /** Null: whatever suits the task's text, the configured model, the only folder. */
  workflow: z.string().nullable(),
  model: z.string().nullable(),
  folder: z.string().nullable(),
});
export type Draft = z.infer<typeof draftSchema>;

const savedSchema = z.object({
  environment: environmentSchema.nullable(),
  runs: z.array(runItemSchema),
  run: runDetailSchema.nullable(),
  draft: draftSchema,
});

/** Everything the panel and the dashboard draw from. */
export interface ViewState extends z.infer<typeof savedSchema> {
  readonly notice: {
    readonly level: 'info' | 'error';
    readonly text: string;
    readonly remedy: string | null;
  } | null;
  /** A task was sent and is not yet a run. */
  readonly isStarting: boolean;
  /** Approvals answered here whose answer is not yet in the journal. */
  readonly answering: readonly string[];
  /** Counts requests to bring the keyboard to the task box. */
  readonly focusRequests: number;
}

export type Action =
  | { readonly type: 'received'; readonly message: ToWebview }
  | { readonly type: 'drafted'; readonly draft: Partial<Draft> }
  | { readonly type: 'starting' }
  | { readonly type: 'answering'; readonly id: string }
  | { readonly type: 'dismissed' };

const activityLimit = 300;
const emptyDraft: Draft = { task: '', workflow: null, model: null, folder: null };

export const initialState: ViewState = {
  environment: null,
  runs: [],
  run: null,
  draft: emptyDraft,
  notice: null,
  isStarting: false,
  answering: [],
  focusRequests: 0,
};

export function nextState(state: ViewState, action: Action): ViewState {
  switch (action.type) {
    case 'received':
      return received(state, action.message);
    case 'drafted':
      return { ...state, draft: { ...state.draft, ...action.draft } };
    case 'starting':
      return { ...state, isStarting: true, notice: null };
    case 'answering':
      return { ...state, answering: [...state.answering, action.id], notice: null };
    case 'dismissed':
      return { ...state, notice: null };
  }
}

/**
 * What is kept for the next time the webview is shown: what will still be true then. A run that has not ended may have
 * moved on, or lost its process, before the editor tells the news; nobody shall see it at work, or answer it, till then.
 */
export function savedState({ environment, runs, run, draft }: ViewState): z.infer<typeof savedSchema> {
  return {
    environment: environment && { ...environment, loaded: false },
    runs: runs.filter((item) => isEndedState(item.state)),
    run: run && isEndedState(run.item.state) ? run : null,
    draft,
  };
}

/** A state of an older version, or none, starts afresh. */
export function restoreState(saved: unknown): ViewState {
  const parsed = savedSchema.safeParse(saved);
  return parsed.success ? { ...initialState, ...parsed.data } : initialState;
}

function received(state: ViewState, message: ToWebview): ViewState {
  switch (message.type) {
    case 'update':
      return updated(state, message);
    case 'notice':
      return { ...state, isStarting: false, answering: [], notice: message };
    case 'started':
      return { ...state, isStarting: false, draft: { ...state.draft, task: '' } };
    case 'focusTask':
      return { ...state, focusRequests: state.focusRequests + 1 };
  }
}

function updated(state: ViewState, update: Update): ViewState {
  const run = shownRun(state.run, update);
  const open = new Set(run?.approvals.map((approval) => approval.id));
  return {
    ...state,
    environment: update.environment ?? state.environment,
    runs: update.runs ?? state.runs,
    run,
    answering: state.answering.filter((id) => open.has(id)),
  };
}

function shownRun(shown: RunDetail | null, { run, changed }: Update): RunDetail | null {
  if (run !== undefined) return run;
  if (!changed || shown?.item.runId !== changed.runId) return shown;
  const activity = [...shown.activity, ...changed.activity].slice(-activityLimit);
  return { ...shown, ...present(changed.sections), activity };
}

/** Only the sections that came: an absent one must not overwrite. */
function present<T extends object>(sections: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(sections).filter(([, section]) => section !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
