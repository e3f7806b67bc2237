import type { ExtensionContext, LogOutputChannel, WorkspaceFolder } from 'vscode';
import { AgentLibrary } from './agentLibrary';
import { editorApprover } from './approver';
import { registerCommands } from './commands/registerCommands';
import type { EditorContext } from './editorContext';
import type { EngineModule } from './engineModule';
import { Engines } from './engines';
import { filePlaces } from './filePlaces';
import { followWorld } from './followWorld';
import { windowRefusal } from './folders';
import { languageModels } from './languageModels';
import { publicApi, type EnterpriseApi } from './publicApi';
import { registerPlans } from './plans/registerPlans';
import { registerViews } from './registerViews';
import { runFileText, runScheme, textScheme } from './runDocuments';
import { Runs } from './runs';
import { ApiKeys } from './secrets';
import { engineSettings } from './settings';
import { Surroundings } from './surroundings';
import { TextDocuments } from './textDocuments';
import { unsavedFiles } from './unsavedFiles';
import type { VsCode } from './vscodeApi';
import { dashboardOpener } from './webviews/dashboardPanel';

export interface ActiveEditor {
  readonly api: EnterpriseApi;
  /** Stops working at every run; they stay resumable. */
  close(): Promise<void>;
}

/** Registers everything and starts nothing: no engine, no file is touched until somebody looks or asks. */
export function activateEditor(
  api: VsCode,
  extension: ExtensionContext,
  loadEngine: () => Promise<EngineModule>,
): ActiveEditor {
  const editor = createContext(api, extension, loadEngine);
  const { subscriptions } = extension;
  const documents = new TextDocuments(api);
  const library = new AgentLibrary(api, editor.engines, (error) => logError(editor.log, error));
  subscriptions.push(
    editor.log,
    documents,
    library,
    editor.runs,
    editor.engines,
    editor.surroundings,
    api.workspace.registerTextDocumentContentProvider(textScheme, documents),
    api.workspace.registerTextDocumentContentProvider(runScheme, {
      provideTextDocumentContent: (uri) => runFileText(editor.runs, uri),
    }),
    ...registerPlans(editor),
    ...registerCommands(editor, documents, dashboardOpener(editor)),
    ...registerViews(editor, library),
    ...followWorld(editor, library),
  );
  return { api: publicApi(editor), close: () => editor.engines.closeAll() };
}

function createContext(
  api: VsCode,
  extension: ExtensionContext,
  loadEngine: () => Promise<EngineModule>,
): EditorContext {
  const log = api.window.createOutputChannel('Enterprise', { log: true });
  const onError = (error: unknown) => logError(log, error);
  const keys = new ApiKeys(extension.secrets);
  const models = languageModels(api);
  const runs = new Runs(onError);
  const source = {
    load: loadEngine,
    refusal: () => windowRefusal(api),
    places: (folder: WorkspaceFolder, real: string) => filePlaces(api, folder, real),
    options: (folder: WorkspaceFolder) => ({
      workspace: folder.uri.fsPath,
      settings: engineSettings(api),
      approver: editorApprover,
      apiKey: (provider: string, baseUrl: string | undefined) => keys.find(provider, baseUrl),
      providers: { vscode: models },
      unsavedFiles: () => unsavedFiles(api),
      log: (level: 'info' | 'warning' | 'error', message: string) => writeLog(log, level, message),
    }),
  };
  const engines = new Engines(source, runs, onError);
  const surroundings = new Surroundings(api, extension.globalState, engines, onError);
  return {
    api,
    extension,
    engines,
    runs,
    keys,
    models,
    surroundings,
    log,
    panel: { view: undefined },
    loadEngine,
  };
}

function writeLog(log: LogOutputChannel, level: 'info' | 'warning' | 'error', message: string): void {
  if (level === 'warning') log.warn(message);
  else log[level](message);
}

function logError(log: LogOutputChannel, error: unknown): void {
  log.error(error instanceof Error ? error : String(error));
}
