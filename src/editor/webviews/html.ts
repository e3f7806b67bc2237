import { randomBytes } from 'node:crypto';
import type { Uri, Webview } from 'vscode';
import type { VsCode } from '../vscodeApi';

export type WebviewEntry = 'panel' | 'dashboard';

/** The page of a webview: nothing but our own bundle may load, and only with the nonce of this load. */
export function webviewHtml(
  api: VsCode,
  webview: Webview,
  root: Uri,
  entry: WebviewEntry,
  title: string,
): string {
  const nonce = randomBytes(18).toString('base64');
  const at = (file: string) =>
    webview.asWebviewUri(api.Uri.joinPath(root, 'dist', 'webview', file)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <link rel="stylesheet" href="${at(`${entry}.css`)}">
    <title>${title}</title>
  </head>
  <body class="${entry}">
    <div id="root"></div>
    <script nonce="${nonce}" src="${at(`${entry}.js`)}"></script>
  </body>
</html>`;
}
