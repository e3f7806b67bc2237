import type { Event, EventEmitter, FileChangeEvent, FileStat, FileSystemProvider, Uri } from 'vscode';
import type { Disposable } from '../../base/disposable';
import { describeFailure } from '../../core/model/failure';
import type { RunView } from '../../core/model/run';
import { findRun } from '../commands/pickRun';
import type { EditorContext } from '../editorContext';
import { checkedPlan } from './checkedPlan';
import { planUri, runIdOf } from './planUri';

/**
 * Plans as files: what is read is the plan of the run as it is, and saving hands in what was written in its place. A plan
 * that cannot be run is not saved, so that the person keeps it in the editor with its problems.
 */
export class PlanFiles implements FileSystemProvider, Disposable {
  private readonly changed: EventEmitter<FileChangeEvent[]>;
  /** What a person wrote, as long as it is the plan of the run. */
  private readonly written = new Map<string, { readonly text: string; readonly revision: number }>();
  private readonly following: Disposable;

  constructor(private readonly editor: EditorContext) {
    const { api, runs } = editor;
    this.changed = new api.EventEmitter<FileChangeEvent[]>();
    this.following = runs.onDidChange(({ view, previous }) => {
      if (previous && previous.revision !== view.revision) this.announce(view);
    });
  }

  get onDidChangeFile(): Event<FileChangeEvent[]> {
    return this.changed.event;
  }

  async stat(uri: Uri): Promise<FileStat> {
    const view = await this.viewOf(uri);
    const text = await this.textOf(view);
    const startedMs = Date.parse(view.startedAt);
    // The number of the plan is its time: another plan is newer, and nothing else is.
    const mtime = startedMs + view.revision;
    return { type: this.editor.api.FileType.File, ctime: startedMs, mtime, size: Buffer.byteLength(text) };
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    return new TextEncoder().encode(await this.textOf(await this.viewOf(uri)));
  }

  async writeFile(uri: Uri, content: Uint8Array): Promise<void> {
    const { api, runs } = this.editor;
    const view = await this.viewOf(uri);
    const engine = runs.engineOf(view.runId);
    if (!engine) throw new api.FileSystemError(`The engine of run ${view.runId} was closed. Try again.`);
    const text = new TextDecoder().decode(content);
    const { file, problems } = await checkedPlan(text, view, engine);
    if (!file) {
      const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
      throw new api.FileSystemError(`It has ${count}, shown in the file. The plan stays as it was.`);
    }
    const proposed = await engine.proposePlan(view.runId, file, 'person');
    if (!proposed.ok) throw new api.FileSystemError(describeFailure(proposed.failure));
    this.written.set(view.runId, { text, revision: proposed.value.revision });
    const told = `Plan ${proposed.value.revision} is handed in. It runs once you approve it.`;
    void api.window.showInformationMessage([told, ...proposed.value.impact].join(' '));
  }

  /** Changes are announced for every plan. */
  readonly watch = () => ({ dispose: () => undefined });

  readonly readDirectory = () => [];
  readonly createDirectory = () => this.refuse();
  readonly delete = () => this.refuse();
  readonly rename = () => this.refuse();

  dispose(): void {
    this.following.dispose();
    this.changed.dispose();
  }

  private async viewOf(uri: Uri): Promise<RunView> {
    const found = await findRun(this.editor, runIdOf(uri));
    if (!found.ok || !found.value.plan) throw this.editor.api.FileSystemError.FileNotFound(uri);
    return found.value;
  }

  private announce(view: RunView): void {
    const { api } = this.editor;
    this.changed.fire([{ type: api.FileChangeType.Changed, uri: planUri(api, view.runId) }]);
  }

  private async textOf({ runId, plan, revision }: RunView): Promise<string> {
    const written = this.written.get(runId);
    if (written?.revision === revision || !plan) return written?.text ?? '';
    const { planFileText } = await import('../../core/planning/planFileText');
    return planFileText(plan, [
      `The plan of run ${runId}, revision ${revision}. Saving hands in what stands here in its place;`,
      'it runs once you approve it. Problems are shown as you type.',
    ]);
  }

  private refuse(): never {
    throw this.editor.api.FileSystemError.NoPermissions('A plan belongs to its run.');
  }
}
