import type { ExtensionContext } from 'vscode';
import { ok, fail, type Result } from '../../src/base/result';
import type { Failure } from '../../src/core/model/failure';
import type { FoundModels } from '../../src/core/model/foundModels';
import { activateEditor, type ActiveEditor } from '../../src/editor/activateEditor';
import { ServicePaces } from '../../src/core/coordination/servicePaces';
import type { EngineOptions, ModelOptions } from '../../src/editor/engineModule';
import { FakeEngine, type FakeOffers } from './fakeEngine';
import { HastyClock } from './hastyClock';
import { FakeVsCode, FakeWebview } from './fakeVscode';

/** The extension, active in a fake window over fake engines. */
export interface EditorWindow {
  readonly vscode: FakeVsCode;
  readonly active: ActiveEditor;
  /** Engines in the order in which they were opened, with the options each one got. */
  readonly opened: { readonly engine: FakeEngine; readonly options: EngineOptions }[];
  /** The engine of the first folder; fails when none was opened. */
  engine(): FakeEngine;
  /** Models that were tried, and what the next try answers. */
  readonly tried: { model: string; baseUrl?: string; apiKey?: string }[];
  modelAnswer: (apiKey: string | undefined) => Result<string, Failure>;
  /** Services that were asked for their models, and what they answer. */
  readonly listed: { provider: string; baseUrl?: string; apiKey?: string }[];
  modelList: (apiKey: string | undefined) => Result<string[], Failure>;
  /** What is found on the machine. */
  found: FoundModels[];
  /** Opens the agent panel and resolves with its page. */
  panel(options?: { isVisible: boolean }): FakeWebview;
}

export function openWindow(vscode = new FakeVsCode('/repo/shop'), offers: FakeOffers = {}): EditorWindow {
  const opened: EditorWindow['opened'] = [];
  const tried: EditorWindow['tried'] = [];
  const listed: EditorWindow['listed'] = [];
  const module = {
    createEngine: (options: EngineOptions) => {
      const engine = new FakeEngine(options.workspace, offers);
      opened.push({ engine, options });
      return Promise.resolve(ok(engine));
    },
    servicePaces: () => new ServicePaces(new HastyClock(), () => 0),
    testModel: (model: string, { providers: _providers, ...options }: ModelOptions) => {
      tried.push({ model, ...options });
      return Promise.resolve(window.modelAnswer(options.apiKey));
    },
    discoverModels: () => Promise.resolve(window.found),
    listModels: (provider: string, options: { baseUrl?: string; apiKey?: string }) => {
      listed.push({ provider, ...options });
      return Promise.resolve(window.modelList(options.apiKey));
    },
  };
  const active = activateEditor(vscode.api, vscode.extension as unknown as ExtensionContext, () =>
    Promise.resolve(module),
  );
  const window: EditorWindow = {
    vscode,
    active,
    opened,
    tried,
    modelAnswer: () => fail({ kind: 'not-found', message: 'The test set no answer.' }),
    listed,
    modelList: () => fail({ kind: 'not-found', message: 'The test set no list.' }),
    found: [],
    engine: () => {
      const first = opened[0];
      if (!first) throw new Error('No engine was opened');
      return first.engine;
    },
    panel: (options) => openPanel(vscode, options?.isVisible ?? true),
  };
  return window;
}

function openPanel(vscode: FakeVsCode, visible: boolean): FakeWebview {
  const webview = new FakeWebview();
  const view = { webview, visible, badge: undefined, onDidDispose: () => ({ dispose: () => undefined }) };
  const provider = vscode.webviewViews.get('enterprise.panel');
  void provider?.resolveWebviewView(view as never, {} as never, {} as never);
  return webview;
}

/** Lets promises that are already settled reach those who wait for them. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
