import type { WebviewView, WebviewViewProvider } from 'vscode';
import { attended } from '../../protocol/runProjection';
import type { EditorContext } from '../editorContext';
import { webviewHtml } from './html';
import { receiveMessage } from './receiveMessage';
import { WebviewSession } from './webviewSession';

/** The agent panel, in the view `enterprise.panel`. */
export function panelView(editor: EditorContext): WebviewViewProvider {
  return {
    resolveWebviewView(view: WebviewView): void {
      const { extensionUri } = editor.extension;
      view.webview.options = {
        enableScripts: true,
        localResourceRoots: [editor.api.Uri.joinPath(extensionUri, 'dist', 'webview')],
      };
      const session = new WebviewSession(editor, view.webview, receiveMessage(editor));
      const badge = editor.runs.onDidChange(() => showBadge(editor, view));
      view.webview.html = webviewHtml(
        editor.api,
        view.webview,
        extensionUri,
        'panel',
        'Enterprise agent panel',
      );
      editor.panel.view = view;
      view.onDidDispose(() => {
        editor.panel.view = undefined;
        badge.dispose();
        session.dispose();
      });
    },
  };
}

/** The number of questions that wait, on the icon of the view container. */
function showBadge(editor: EditorContext, view: WebviewView): void {
  const waiting = editor.runs
    .list()
    .reduce((sum, run) => sum + attended(run, editor.runs.attendanceOf(run.runId)).approvals.length, 0);
  view.badge = waiting === 0 ? undefined : { value: waiting, tooltip: `${waiting} waiting for your answer` };
}
