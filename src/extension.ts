import * as vscode from 'vscode';
import { activateEditor, type ActiveEditor } from './editor/activateEditor';
import type { EnterpriseApi } from './editor/publicApi';

/** The entry of the extension: composes nothing until asked, so that activation stays cheap. */
let active: ActiveEditor | undefined;

export function activate(context: vscode.ExtensionContext): EnterpriseApi {
  active = activateEditor(vscode, context, () => import('./compose'));
  return active.api;
}

export async function deactivate(): Promise<void> {
  await active?.close();
  active = undefined;
}
