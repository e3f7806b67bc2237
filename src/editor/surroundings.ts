import type { Memento } from 'vscode';
import { Emitter } from '../base/emitter';
import type { Disposable } from '../base/disposable';
import type { Failure } from '../core/model/failure';
import type { Environment } from '../protocol/webviewMessages';
import type { Engines } from './engines';
import { openFolders, windowRefusal } from './folders';
import { gitFact } from './gitFacts';
import { engineSettings, offline } from './settings';
import type { VsCode } from './vscodeApi';

const knownModelsKey = 'enterprise.models';
const knownModelsLimit = 8;

/** What the panel shows around the runs: folders, trust, git, the models and workflows to choose from. */
export class Surroundings implements Disposable {
  private readonly changed: Emitter<void>;
  private git: Environment['git'] = 'unknown';
  private workflows: Environment['workflows'] = [];
  private problem: Environment['problem'] = null;
  private loaded = false;

  constructor(
    private readonly api: VsCode,
    private readonly memory: Memento,
    private readonly engines: Engines,
    onError: (error: unknown) => void,
  ) {
    this.changed = new Emitter(onError);
  }

  current(): Environment {
    const { model } = engineSettings(this.api);
    const { git, workflows, problem, loaded } = this;
    return {
      folders: openFolders(this.api).map((folder) => ({ name: folder.name, path: folder.uri.fsPath })),
      trusted: this.api.workspace.isTrusted,
      git,
      model,
      models: [...new Set([model, ...this.knownModels(), offline])],
      workflows,
      problem,
      loaded,
    };
  }

  /** Opens the engines of the open folders, where that is allowed, and reads what they offer. */
  async refresh(): Promise<void> {
    const folders = openFolders(this.api);
    const first = folders[0];
    this.git = first ? await gitFact(this.api, first.uri) : 'unknown';
    this.changed.fire();
    if (windowRefusal(this.api)) return;
    const workflows = new Map<string, Environment['workflows'][number]>();
    let failure: Failure | undefined;
    for (const folder of folders) {
      const opened = await this.engines.open(folder);
      if (!opened.ok) failure = opened.failure;
      else
        for (const { name, description, source } of (await opened.value.workflows()).workflows)
          workflows.set(name, { name, description, source });
    }
    this.workflows = [...workflows.values()];
    this.problem = failure ? { message: failure.message, remedy: failure.remedy ?? null } : null;
    this.loaded = true;
    this.changed.fire();
  }

  /** Keeps a model a person configured among those offered. */
  async rememberModel(model: string): Promise<void> {
    const models = [model, ...this.knownModels().filter((known) => known !== model)].slice(
      0,
      knownModelsLimit,
    );
    await this.memory.update(knownModelsKey, models);
    this.changed.fire();
  }

  /** Settings, folders or trust changed. */
  touch(): void {
    this.changed.fire();
  }

  onDidChange(listener: () => void): Disposable {
    return this.changed.on(listener);
  }

  dispose(): void {
    this.changed.dispose();
  }

  private knownModels(): string[] {
    return this.memory.get<string[]>(knownModelsKey, []);
  }
}
