import type { WebviewPanel } from 'vscode';
import type { EditorContext } from '../editorContext';
import { webviewHtml } from './html';
import { receiveMessage } from './receiveMessage';
import { WebviewSession } from './webviewSession';

/** Opens the dashboard, or brings the open one to the front. There is one per window. */
export function dashboardOpener(editor: EditorContext): () => void {
  let open: WebviewPanel | undefined;
  return () => {
    if (open) {
      open.reveal();
      return;
    }
    open = createDashboard(editor, () => (open = undefined));
  };
}

function createDashboard(editor: EditorContext, onClosed: () => void): WebviewPanel {
  const { api, extension } = editor;
  const panel = api.window.createWebviewPanel(
    'enterprise.dashboard',
    'Enterprise Dashboard',
    api.ViewColumn.Active,
    {
      enableScripts: true,
      localResourceRoots: [api.Uri.joinPath(extension.extensionUri, 'dist', 'webview')],
    },
  );
  const icon = (theme: string) => api.Uri.joinPath(extension.extensionUri, 'media', `dashboard-${theme}.svg`);
  panel.iconPath = { light: icon('light'), dark: icon('dark') };
  const session = new WebviewSession(editor, panel.webview, receiveMessage(editor));
  panel.webview.html = webviewHtml(
    api,
    panel.webview,
    extension.extensionUri,
    'dashboard',
    'Enterprise dashboard',
  );
  panel.onDidDispose(() => {
    session.dispose();
    onClosed();
  });
  return panel;
}
