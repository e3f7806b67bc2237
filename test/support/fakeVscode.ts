import type {
  CompletionItemProvider,
  Diagnostic,
  FileSystemProvider,
  HoverProvider,
  TreeDataProvider,
  TreeItem,
  WebviewViewProvider,
} from 'vscode';
import type { VsCode } from '../../src/editor/vscodeApi';
import { FakeUri, fakeClasses, FakeEventEmitter } from './fakeVscodeClasses';

/** The files a language feature is for. */
export interface Selector {
  readonly scheme: string;
  readonly pattern: string;
}

/** One message box that was shown, with the buttons it had. */
export interface ShownMessage {
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
  readonly buttons: readonly string[];
  /** Of a modal box. */
  readonly detail?: string;
}

/** A webview as the extension sees it, and as the page inside it would act. */
export class FakeWebview {
  html = '';
  options: unknown;
  readonly cspSource = 'https://webview.test';
  readonly posted: unknown[] = [];
  private readonly received = new FakeEventEmitter<unknown>();
  private waiting: (() => void)[] = [];

  readonly onDidReceiveMessage = this.received.event;
  asWebviewUri = (uri: FakeUri) => uri;

  postMessage = (message: unknown): Promise<boolean> => {
    this.posted.push(message);
    for (const wake of this.waiting.splice(0)) wake();
    return Promise.resolve(true);
  };

  /** The page sends. */
  send(message: unknown): void {
    this.received.fire(message);
  }

  /** Resolves with the first message the page got that fits, looking at those that came already too. */
  async message<T>(fits: (message: T) => boolean): Promise<T> {
    for (let next = 0; ;) {
      for (; next < this.posted.length; next++)
        if (fits(this.posted[next] as T)) return this.posted[next] as T;
      await new Promise<void>((wake) => this.waiting.push(wake));
    }
  }
}

/** The part of the editor's API this extension uses, behaving as a window would, steered and looked at by a test. */
export class FakeVsCode {
  readonly folders: { name: string; uri: FakeUri; index: number }[] = [];
  readonly settings = new Map<string, unknown>();
  readonly files = new Map<string, string>();
  readonly documents: { uri: FakeUri; isDirty: boolean }[] = [];
  readonly shown: ShownMessage[] = [];
  /** What `lm.selectChatModels` gives. */
  readonly languageModels: unknown[] = [];
  readonly executed: { command: string; args: unknown[] }[] = [];
  readonly context = new Map<string, unknown>();
  readonly diagnostics = new Map<string, FakeDiagnostics>();
  readonly trees = new Map<string, TreeDataProvider<unknown>>();
  readonly checkboxes = new Map<string, FakeEventEmitter<{ items: [unknown, number][] }>>();
  readonly webviewViews = new Map<string, WebviewViewProvider>();
  readonly panels: { webview: FakeWebview; revealed: number }[] = [];
  readonly completions: { selector: readonly Selector[]; provider: CompletionItemProvider }[] = [];
  readonly hovers: { selector: readonly Selector[]; provider: HoverProvider }[] = [];
  readonly log: string[] = [];
  readonly statusBar = { text: '', tooltip: '', isVisible: false, backgroundColor: undefined as unknown };
  /** What the person answers: the button of a message, a pick among items, a text; `undefined` turns away. */
  person: {
    button?: (message: ShownMessage) => string | undefined;
    pick?: (items: { label: string }[]) => { label: string } | undefined;
    type?: (options: { title?: string; validateInput?: (value: string) => unknown }) => string | undefined;
  } = {};
  readonly fileSystems = new Map<string, FileSystemProvider>();
  readonly opened = new FakeEventEmitter<unknown>();
  readonly edited = new FakeEventEmitter<{ document: unknown }>();
  readonly closed = new FakeEventEmitter<unknown>();
  isTrusted = true;
  readonly configured = new FakeEventEmitter<{ affectsConfiguration: () => boolean }>();
  readonly trusted = new FakeEventEmitter<void>();
  private readonly commands = new Map<string, (...args: unknown[]) => unknown>();

  constructor(...folders: string[]) {
    for (const path of folders)
      this.folders.push({
        name: path.split('/').at(-1) ?? path,
        uri: FakeUri.file(path),
        index: this.folders.length,
      });
  }

  /** The API object for the code under test. */
  get api(): VsCode {
    const parts = {
      ...fakeClasses,
      commands: this.commandsPart(),
      window: this.windowPart(),
      workspace: this.workspacePart(),
      languages: this.languagesPart(),
      lm: { selectChatModels: () => Promise.resolve(this.languageModels) },
    };
    return parts as unknown as VsCode;
  }

  readonly extension = {
    subscriptions: [] as { dispose(): unknown }[],
    extensionUri: FakeUri.file('/extension'),
    secrets: memory().secrets,
    globalState: memory().memento,
    workspaceState: memory().memento,
  };

  run(command: string, ...args: unknown[]): Promise<unknown> {
    const registered = this.commands.get(command);
    this.executed.push({ command, args });
    return Promise.resolve(registered?.(...args));
  }

  private commandsPart() {
    return {
      registerCommand: (id: string, run: (...args: unknown[]) => unknown) => {
        this.commands.set(id, run);
        return { dispose: () => this.commands.delete(id) };
      },
      executeCommand: (command: string, ...args: unknown[]) => {
        if (command === 'setContext') this.context.set(String(args[0]), args[1]);
        return this.run(command, ...args);
      },
    };
  }

  private windowPart() {
    const show =
      (level: ShownMessage['level']) =>
      (text: string, ...rest: (string | { detail?: string })[]) => {
        const buttons = rest.filter((part) => typeof part === 'string');
        const detail = rest.find((part) => typeof part !== 'string')?.detail;
        const message = { level, text, buttons, ...(detail === undefined ? {} : { detail }) };
        this.shown.push(message);
        return Promise.resolve(this.person.button?.(message));
      };
    return {
      activeTextEditor: undefined,
      showInformationMessage: show('info'),
      showWarningMessage: show('warning'),
      showErrorMessage: show('error'),
      showQuickPick: (items: { label: string }[]) => Promise.resolve(this.person.pick?.(items)),
      showInputBox: (options: { title?: string }) => Promise.resolve(this.person.type?.(options)),
      withProgress: (_options: unknown, work: (progress: unknown, token: unknown) => unknown) =>
        work({ report: () => undefined }, { onCancellationRequested: () => ({ dispose: () => undefined }) }),
      createOutputChannel: () => this.logChannel(),
      createStatusBarItem: () => Object.assign(this.statusBar, this.visibility()),
      createTreeView: (id: string, { treeDataProvider }: { treeDataProvider: TreeDataProvider<unknown> }) =>
        this.treeView(id, treeDataProvider),
      registerWebviewViewProvider: (id: string, provider: WebviewViewProvider) => {
        this.webviewViews.set(id, provider);
        return { dispose: () => this.webviewViews.delete(id) };
      },
      createWebviewPanel: () => this.panel(),
    };
  }

  private workspacePart() {
    const never = () => ({ dispose: () => undefined });
    return {
      workspaceFolders: this.folders,
      isTrusted: this.isTrusted,
      textDocuments: this.documents,
      getWorkspaceFolder: (uri: FakeUri) =>
        this.folders.find((folder) => uri.path.startsWith(folder.uri.path)),
      getConfiguration: (section: string) => ({
        get: (key: string) => this.settings.get(`${section}.${key}`),
        update: (key: string, value: unknown) =>
          Promise.resolve(void this.settings.set(`${section}.${key}`, value)),
      }),
      fs: {
        stat: (uri: FakeUri) =>
          this.isThere(uri) ? Promise.resolve({}) : Promise.reject(new Error(`no ${uri.path}`)),
        readFile: (uri: FakeUri) => {
          const text = this.files.get(uri.path);
          return text === undefined
            ? Promise.reject(new Error(`no ${uri.path}`))
            : Promise.resolve(new TextEncoder().encode(text));
        },
      },
      registerTextDocumentContentProvider: never,
      registerFileSystemProvider: (scheme: string, provider: FileSystemProvider) => {
        this.fileSystems.set(scheme, provider);
        return { dispose: () => this.fileSystems.delete(scheme) };
      },
      onDidOpenTextDocument: this.opened.event,
      onDidChangeTextDocument: this.edited.event,
      onDidCloseTextDocument: this.closed.event,
      createFileSystemWatcher: () => ({
        onDidChange: never,
        onDidCreate: never,
        onDidDelete: never,
        dispose: () => undefined,
      }),
      onDidChangeConfiguration: this.configured.event,
      onDidGrantWorkspaceTrust: this.trusted.event,
      onDidChangeWorkspaceFolders: never,
    };
  }

  private languagesPart() {
    return {
      createDiagnosticCollection: (name: string) => {
        const collection = new FakeDiagnostics();
        this.diagnostics.set(name, collection);
        return collection;
      },
      registerCompletionItemProvider: (selector: readonly Selector[], provider: CompletionItemProvider) => {
        this.completions.push({ selector, provider });
        return { dispose: () => undefined };
      },
      registerHoverProvider: (selector: readonly Selector[], provider: HoverProvider) => {
        this.hovers.push({ selector, provider });
        return { dispose: () => undefined };
      },
    };
  }

  private logChannel() {
    const write = (level: string) => (message: unknown) =>
      void this.log.push(`${level}: ${message instanceof Error ? message.message : String(message)}`);
    return {
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      show: () => undefined,
      dispose: () => undefined,
    };
  }

  private visibility() {
    return {
      show: () => void (this.statusBar.isVisible = true),
      hide: () => void (this.statusBar.isVisible = false),
      dispose: () => undefined,
    };
  }

  private treeView(id: string, provider: TreeDataProvider<unknown>) {
    this.trees.set(id, provider);
    const checkbox = new FakeEventEmitter<{ items: [unknown, number][] }>();
    this.checkboxes.set(id, checkbox);
    return {
      visible: true,
      onDidChangeVisibility: () => ({ dispose: () => undefined }),
      onDidChangeCheckboxState: checkbox.event,
      dispose: () => undefined,
    };
  }

  private panel() {
    const panel = { webview: new FakeWebview(), revealed: 0 };
    this.panels.push(panel);
    return { ...panel, reveal: () => panel.revealed++, onDidDispose: () => ({ dispose: () => undefined }) };
  }

  private isThere(uri: FakeUri): boolean {
    return [...this.files.keys()].some((path) => path === uri.path || path.startsWith(`${uri.path}/`));
  }
}

/** Diagnostics by file, drawn as `severity line:column message [source code]`. */
export class FakeDiagnostics {
  private readonly byFile = new Map<string, readonly Diagnostic[]>();

  set(uri: FakeUri, diagnostics: readonly Diagnostic[]): void {
    this.byFile.set(uri.fsPath, diagnostics);
  }

  delete(uri: FakeUri): void {
    this.byFile.delete(uri.fsPath);
  }

  clear(): void {
    this.byFile.clear();
  }

  forEach(each: (uri: FakeUri) => void): void {
    for (const path of [...this.byFile.keys()]) each(FakeUri.file(path));
  }

  dispose(): void {
    this.byFile.clear();
  }

  picture(): string[] {
    const names = ['error', 'warning', 'information', 'hint'];
    const lines = [...this.byFile].flatMap(([file, diagnostics]) =>
      diagnostics.map(({ severity, range, message, source, code }) => {
        const at = `${range.start.line + 1}:${range.start.character + 1}`;
        return `${file} ${names[severity] ?? '?'} ${at} ${message} [${source ?? ''}${code === undefined ? '' : ` ${JSON.stringify(code)}`}]`;
      }),
    );
    return lines.sort();
  }
}

/** A tree as a person sees it, fully unfolded: `icon label | description`, a checkbox in front where there is one. */
export async function treePicture(
  provider: TreeDataProvider<unknown> | undefined,
  element?: unknown,
  indent = '',
): Promise<string[]> {
  const lines: string[] = [];
  for (const child of (await provider?.getChildren(element)) ?? []) {
    const item = (await provider?.getTreeItem(child)) as TreeItem;
    const icon = (item.iconPath as { id?: string } | undefined)?.id;
    const box =
      item.checkboxState === undefined
        ? ''
        : Number(item.checkboxState) === fakeClasses.TreeItemCheckboxState.Checked
          ? '[x] '
          : '[ ] ';
    const description = item.description ? ` | ${String(item.description)}` : '';
    lines.push(
      `${indent}${box}${icon === undefined ? '' : `(${icon}) `}${typeof item.label === 'string' ? item.label : ''}${description}`,
    );
    lines.push(...(await treePicture(provider, child, `${indent}  `)));
  }
  return lines;
}

function memory() {
  const values = new Map<string, unknown>();
  return {
    secrets: {
      get: (key: string) => Promise.resolve(values.get(key)),
      store: (key: string, value: string) => Promise.resolve(void values.set(key, value)),
      keys: () => [...values.keys()],
    },
    memento: {
      get: (key: string, fallback?: unknown) => values.get(key) ?? fallback,
      update: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)),
    },
  };
}
