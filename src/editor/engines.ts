import type { WorkspaceFolder } from 'vscode';
import { Emitter } from '../base/emitter';
import type { Disposable } from '../base/disposable';
import { fail, ok, type Result } from '../base/result';
import type { Engine } from '../core/coordination/engine';
import type { ServicePaces } from '../core/coordination/servicePaces';
import { failureOf, type Failure } from '../core/model/failure';
import { isRunEnded } from '../core/model/run';
import type { EngineModule, EngineOptions } from './engineModule';
import type { PlaceFile } from './filePlaces';
import type { Runs } from './runs';

export interface EngineSource {
  load(): Promise<EngineModule>;
  /** The options of a folder's engine, read anew each time one is opened. */
  options(folder: WorkspaceFolder): EngineOptions;
  /** Where the editor has the files of a folder's runs; `real` is what the engine calls its workspace. */
  places(folder: WorkspaceFolder, real: string): Promise<PlaceFile>;
  /** Why nothing may run in this window now; undefined when it may. */
  refusal(): Failure | undefined;
}

/** One engine per workspace folder, opened with the first thing asked of it. */
export class Engines implements Disposable {
  private readonly opened = new Map<string, Promise<Result<Engine, Failure>>>();
  private readonly outdated = new Set<string>();
  private paces: ServicePaces | undefined;
  private readonly changed: Emitter<void>;

  constructor(
    private readonly source: EngineSource,
    private readonly runs: Runs,
    onError: (error: unknown) => void,
  ) {
    this.changed = new Emitter(onError);
  }

  /** The same engine for every caller; one that could not be opened is tried again with the next call. */
  async open(folder: WorkspaceFolder): Promise<Result<Engine, Failure>> {
    const refusal = this.source.refusal();
    if (refusal) return fail(refusal);
    const key = folder.uri.fsPath;
    if (this.outdated.has(key)) await this.renew(key);
    const known = this.opened.get(key);
    if (known) return known;
    const opening = this.create(folder).catch((error: unknown) =>
      fail(failureOf(error, 'Opening the engine')),
    );
    this.opened.set(key, opening);
    const result = await opening;
    if (!result.ok) this.opened.delete(key);
    this.changed.fire();
    return result;
  }

  /** An engine was opened, or could not be. */
  onDidOpen(listener: () => void): Disposable {
    return this.changed.on(listener);
  }

  /** Settings changed: each engine is replaced with its next use, once none of its runs is attended here. */
  expire(): void {
    // What is remembered of model services may be true no longer: a key that was refused is another one now.
    this.paces = undefined;
    for (const key of this.opened.keys()) this.outdated.add(key);
  }

  async close(folderPath: string): Promise<void> {
    const opening = this.opened.get(folderPath);
    this.opened.delete(folderPath);
    this.outdated.delete(folderPath);
    const result = await opening;
    if (!result?.ok) return;
    this.runs.detach(result.value);
    await result.value.dispose();
  }

  dispose(): void {
    this.changed.dispose();
  }

  /** Stops working at every run; they stay resumable. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.opened.keys()].map((key) => this.close(key)));
  }

  private async create(folder: WorkspaceFolder): Promise<Result<Engine, Failure>> {
    const module = await this.source.load();
    this.paces ??= module.servicePaces();
    const created = await module.createEngine({ ...this.source.options(folder), paces: this.paces });
    if (!created.ok) return created;
    await this.runs.attach(created.value, await this.source.places(folder, created.value.workspace));
    return ok(created.value);
  }

  private async renew(key: string): Promise<void> {
    const result = await this.opened.get(key);
    const isBusy = result?.ok && this.runs.list().some((view) => this.isAtWork(result.value, view.runId));
    if (!isBusy) await this.close(key);
  }

  private isAtWork(engine: Engine, runId: string): boolean {
    const view = this.runs.get(runId);
    const isHere = this.runs.engineOf(runId) === engine && this.runs.attendanceOf(runId) === 'here';
    return isHere && view !== undefined && !isRunEnded(view.state);
  }
}
