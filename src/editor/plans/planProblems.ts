import type { Diagnostic, DiagnosticCollection, TextDocument } from 'vscode';
import type { Disposable } from '../../base/disposable';
import type { TextProblem } from '../../base/positionedText';
import { findRun } from '../commands/pickRun';
import type { EditorContext } from '../editorContext';
import type { VsCode } from '../vscodeApi';
import { checkedPlan } from './checkedPlan';
import { planScheme, runIdOf } from './planUri';

/** How long typing rests before the plan is looked at. */
export const restMs = 150;

/** Shows what is wrong with a plan while it is edited, where it is wrong. */
export function followPlans(editor: EditorContext): Disposable {
  const { api } = editor;
  const collection = api.languages.createDiagnosticCollection('enterprise-plan');
  const timers = new Map<string, NodeJS.Timeout>();
  const look = (document: TextDocument) => {
    if (document.uri.scheme !== planScheme) return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    const timer = setTimeout(() => {
      show(editor, collection, document).catch((error: unknown) => editor.log.error(String(error)));
    }, restMs);
    timers.set(key, timer);
  };
  const forget = (document: TextDocument) => {
    clearTimeout(timers.get(document.uri.toString()));
    timers.delete(document.uri.toString());
    if (document.uri.scheme === planScheme) collection.delete(document.uri);
  };
  const subscriptions = [
    api.workspace.onDidOpenTextDocument(look),
    api.workspace.onDidChangeTextDocument(({ document }) => look(document)),
    api.workspace.onDidCloseTextDocument(forget),
    collection,
  ];
  return {
    dispose: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

async function show(editor: EditorContext, collection: DiagnosticCollection, document: TextDocument) {
  const found = await findRun(editor, runIdOf(document.uri));
  const engine = found.ok ? editor.runs.engineOf(found.value.runId) : undefined;
  if (!found.ok || !engine) return;
  const { version } = document;
  const { problems } = await checkedPlan(document.getText(), found.value, engine);
  // What was typed meanwhile is looked at in its own turn.
  if (document.isClosed || document.version !== version) return;
  collection.set(
    document.uri,
    problems.map((problem) => diagnosticOf(editor.api, document, problem)),
  );
}

function diagnosticOf(
  api: VsCode,
  document: TextDocument,
  { line, column, message }: TextProblem,
): Diagnostic {
  const row = Math.min(line, document.lineCount) - 1;
  const end = document.lineAt(row).text.trimEnd().length;
  const range = new api.Range(row, column - 1, row, Math.max(column, end));
  const diagnostic = new api.Diagnostic(range, message, api.DiagnosticSeverity.Error);
  diagnostic.source = 'enterprise: plan';
  return diagnostic;
}
