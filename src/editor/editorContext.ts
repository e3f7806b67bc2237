import type { ExtensionContext, LogOutputChannel, WebviewView } from 'vscode';
import type { EngineModule } from './engineModule';
import type { Engines } from './engines';
import type { EditorModels } from './languageModels';
import type { Runs } from './runs';
import type { ApiKeys } from './secrets';
import type { Surroundings } from './surroundings';
import type { VsCode } from './vscodeApi';

/** What the parts of the editor's side share; made once, in `activateEditor`. */
export interface EditorContext {
  readonly api: VsCode;
  readonly extension: ExtensionContext;
  readonly engines: Engines;
  readonly runs: Runs;
  readonly keys: ApiKeys;
  /** The models of the editor itself. */
  readonly models: EditorModels;
  readonly surroundings: Surroundings;
  readonly log: LogOutputChannel;
  /** The agent panel, once it was opened. */
  readonly panel: { view: WebviewView | undefined };
  loadEngine(): Promise<EngineModule>;
}
