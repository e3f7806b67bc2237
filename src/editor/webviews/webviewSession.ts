import type { Webview } from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { failureOf, type Failure } from '../../core/model/failure';
import type { RunDetail } from '../../protocol/runModel';
import { runDifference } from '../../protocol/runDifference';
import { runDetail, runItem } from '../../protocol/runProjection';
import type { FromWebview, ToWebview, Update } from '../../protocol/webviewMessages';
import type { EditorContext } from '../editorContext';

/** The shortest time between two updates of one webview. */
export const updateMs = 100;

const shownRuns = 50;

type Line = Pick<Webview, 'postMessage' | 'onDidReceiveMessage'>;

/** What a message from a webview makes happen; the failure is shown where the person acted. */
export type Receive = (message: FromWebview) => Promise<Failure | { readonly started: string } | undefined>;

/** Keeps one webview current, from its `ready` to its end. */
export class WebviewSession implements Disposable {
  private readonly disposables = new Disposables();
  private timer: NodeJS.Timeout | undefined;
  private isReady = false;
  private isStale = { environment: true, runs: true };
  private sent: RunDetail | null | undefined;

  constructor(
    private readonly editor: EditorContext,
    private readonly line: Line,
    private readonly receive: Receive,
  ) {
    this.disposables.add(line.onDidReceiveMessage((message: unknown) => void this.arrived(message)));
    this.disposables.add(editor.runs.onDidChange(() => this.touch('runs')));
    this.disposables.add(editor.runs.onDidList(() => this.touch('runs')));
    this.disposables.add(editor.surroundings.onDidChange(() => this.touch('environment')));
  }

  focusTask(): void {
    if (this.isReady) this.post({ type: 'focusTask' });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.disposables.dispose();
  }

  private async arrived(message: unknown): Promise<void> {
    // The schemas are built with the first message, so that activation does not pay for them.
    const { fromWebviewSchema } = await import('../../protocol/webviewMessages');
    const parsed = fromWebviewSchema.safeParse(message);
    if (!parsed.success) {
      this.editor.log.error(`A webview sent what it must not: ${parsed.error.message}`);
      return;
    }
    if (parsed.data.type === 'ready') {
      this.begin();
      return;
    }
    const outcome = await this.receive(parsed.data).catch((error: unknown) => failureOf(error, 'The panel'));
    if (!outcome) return;
    if ('started' in outcome) this.post({ type: 'started', runId: outcome.started });
    else if (outcome.kind !== 'cancelled')
      this.post({ type: 'notice', level: 'error', text: outcome.message, remedy: outcome.remedy ?? null });
  }

  /** A webview (re)loaded: it gets everything anew. */
  private begin(): void {
    this.isReady = true;
    this.isStale = { environment: true, runs: true };
    this.sent = undefined;
    this.flush();
    void this.editor.surroundings.refresh();
  }

  private touch(part: 'environment' | 'runs'): void {
    this.isStale[part] = true;
    if (!this.isReady) return;
    this.timer ??= setTimeout(() => this.flush(), updateMs);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { runs, surroundings } = this.editor;
    const update: Update = { type: 'update' };
    if (this.isStale.environment) update.environment = surroundings.current();
    if (this.isStale.runs) {
      update.runs = runs
        .list()
        .slice(0, shownRuns)
        .map((view) => runItem(view, runs.attendanceOf(view.runId)));
      Object.assign(update, this.shownRun());
    }
    this.isStale = { environment: false, runs: false };
    this.post(update);
  }

  private shownRun(): Pick<Update, 'run' | 'changed'> {
    const view = this.editor.runs.current();
    const detail = view ? runDetail(view, this.editor.runs.attendanceOf(view.runId)) : null;
    const before = this.sent;
    this.sent = detail;
    if (!detail || !before || before.item.runId !== detail.item.runId)
      return before === detail ? {} : { run: detail };
    const changed = runDifference(before, detail);
    return changed ? { changed } : {};
  }

  private post(message: ToWebview): void {
    void this.line.postMessage(message);
  }
}
