import type { Result } from '../base/result';
import type { Engine } from '../core/coordination/engine';
import type { Failure } from '../core/model/failure';
import type { FoundModels } from '../core/model/foundModels';
import type { ServicePaces } from '../core/coordination/servicePaces';
import type { Approver, ModelProvider } from '../core/ports';
import type { EngineSettings } from './settings';

/** What the editor needs of the composition; loaded with the first thing a person asks for, never on activation. */
export interface EngineModule {
  createEngine(options: EngineOptions): Promise<Result<Engine, Failure>>;
  /** For all engines of this window. */
  servicePaces(): ServicePaces;
  /** One real, tiny call; the value is what the model answered. */
  testModel(model: string, options: ModelOptions): Promise<Result<string, Failure>>;
  /** What can answer on this machine now, besides the editor's own models; no program is taken from untrusted folders. */
  discoverModels(...untrusted: string[]): Promise<FoundModels[]>;
  /** The names of a provider's models, without the provider, as its service lists them. */
  listModels(
    provider: string,
    options: Pick<ModelOptions, 'baseUrl' | 'apiKey'>,
  ): Promise<Result<string[], Failure>>;
}

export interface ModelOptions {
  readonly baseUrl?: string;
  readonly apiKey?: string;
  readonly providers?: Readonly<Record<string, ModelProvider>>;
}

export interface EngineOptions {
  /** Absolute path of the folder. */
  readonly workspace: string;
  readonly settings: EngineSettings;
  readonly approver: Approver;
  /** The key a person stored for a provider (`anthropic`) at an address; undefined where there is none. */
  apiKey(provider: string, baseUrl: string | undefined): Promise<string | undefined>;
  /** Providers of model ids that only the editor reaches, by the id's beginning: `vscode`. */
  readonly providers: Readonly<Record<string, ModelProvider>>;
  /** The paces of model services, shared by the engines of all folders. */
  readonly paces?: ServicePaces;
  /** Absolute paths of files with unsaved changes in the editor: a delivery must not overwrite them. */
  unsavedFiles(): readonly string[];
  log(level: 'info' | 'warning' | 'error', message: string): void;
}
