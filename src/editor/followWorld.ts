import type { Disposable } from 'vscode';
import { isRunEnded } from '../core/model/run';
import { definitionLanguage, definitionPatterns } from './agentFiles/languageFeatures';
import type { AgentLibrary } from './agentLibrary';
import { showFileProblems } from './diagnostics/agentFiles';
import { showFindings } from './diagnostics/findings';
import type { EditorContext } from './editorContext';
import type { RunChange } from './runs';
import { notifyOf } from './views/notifications';

/** Reacts to what changes: runs (problems, notifications, context keys), settings, folders, trust, agent files. */
export function followWorld(editor: EditorContext, library: AgentLibrary): Disposable[] {
  const { api, runs, engines, surroundings } = editor;
  const findings = api.languages.createDiagnosticCollection('enterprise');
  const problems = api.languages.createDiagnosticCollection('enterprise-agents');
  const showAll = () => showFindings(api, findings, runs);
  return [
    findings,
    problems,
    runs.onDidChange((change) => {
      if (mayChangeFindings(change)) showAll();
      notifyOf(editor, change);
      setContext(editor);
    }),
    runs.onDidList(() => {
      showAll();
      setContext(editor);
    }),
    engines.onDidOpen(() => void library.load()),
    library.onDidLoad(() => showFileProblems(api, problems, library.current().problems)),
    api.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('enterprise')) return;
      engines.expire();
      surroundings.touch();
    }),
    api.workspace.onDidGrantWorkspaceTrust(() => void surroundings.refresh()),
    api.workspace.onDidChangeWorkspaceFolders((event) => {
      for (const folder of event.removed) void engines.close(folder.uri.fsPath);
      void surroundings.refresh();
    }),
    ...definitionLanguage(api, library),
    ...Object.values(definitionPatterns)
      .flat()
      .map((pattern) => watch(editor, pattern, library)),
  ];
}

function mayChangeFindings({ view, previous }: RunChange): boolean {
  return !previous || previous.gates !== view.gates || previous.state !== view.state;
}

/** For the `when` clauses of menus and of the texts shown in empty views. */
function setContext({ api, runs }: EditorContext): void {
  const views = runs.list();
  const isActive = views.some((view) => !isRunEnded(view.state));
  void api.commands.executeCommand('setContext', 'enterprise.hasRuns', views.length > 0);
  void api.commands.executeCommand('setContext', 'enterprise.runActive', isActive);
}

function watch(editor: EditorContext, pattern: string, library: AgentLibrary): Disposable {
  const watcher = editor.api.workspace.createFileSystemWatcher(pattern);
  // Only a folder whose agents were read once is read again: a file that changes is no reason to open an engine.
  const reload = () => {
    if (library.current().agents.length > 0) void library.load();
  };
  watcher.onDidChange(reload);
  watcher.onDidCreate(reload);
  watcher.onDidDelete(reload);
  return watcher;
}
