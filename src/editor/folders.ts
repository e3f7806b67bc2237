import type { WorkspaceFolder } from 'vscode';
import { fail, ok, type Result } from '../base/result';
import type { Failure } from '../core/model/failure';
import type { VsCode } from './vscodeApi';

/** Why nothing of the engine may run in this window; undefined when it may. */
export function windowRefusal(api: VsCode): Failure | undefined {
  if (openFolders(api).length === 0) {
    return {
      kind: 'usage',
      message: 'No folder is open, so there is nothing to work on.',
      remedy: 'Open the folder of your project first.',
    };
  }
  if (!api.workspace.isTrusted) {
    return {
      kind: 'denied',
      rule: 'workspace-trust',
      message: 'This workspace is not trusted, so the engine runs nothing in it.',
      remedy: 'Trust the workspace if you know where its files come from.',
    };
  }
  return undefined;
}

/** Folders on disk; a virtual one has nothing an agent could run in. */
export function openFolders(api: VsCode): readonly WorkspaceFolder[] {
  return (api.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
}

/**
 * The folder a command means: the one named; the only one; the one of the active editor when nobody can be asked;
 * else the one a person picks. `undefined` in the value: the person turned away.
 */
export async function chooseFolder(
  api: VsCode,
  path?: string,
): Promise<Result<WorkspaceFolder | undefined, Failure>> {
  const refusal = windowRefusal(api);
  if (refusal) return fail(refusal);
  const folders = openFolders(api);
  if (path !== undefined) return namedFolder(api, folders, path);
  if (folders.length === 1) return ok(folders[0]);
  const active = activeFolder(api);
  const ordered = active ? [active, ...folders.filter((folder) => folder !== active)] : folders;
  const items = ordered.map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder }));
  const picked = await api.window.showQuickPick(items, {
    title: 'Run in which folder?',
    placeHolder: 'Folder',
  });
  return ok(picked?.folder);
}

export function activeFolder(api: VsCode): WorkspaceFolder | undefined {
  const active = api.window.activeTextEditor?.document.uri;
  const folder = active && api.workspace.getWorkspaceFolder(active);
  return folder?.uri.scheme === 'file' ? folder : undefined;
}

function namedFolder(
  api: VsCode,
  folders: readonly WorkspaceFolder[],
  path: string,
): Result<WorkspaceFolder | undefined, Failure> {
  const wanted = api.Uri.file(path).fsPath.replace(/[\\/]+$/, '');
  const folder = folders.find((candidate) => candidate.uri.fsPath.replace(/[\\/]+$/, '') === wanted);
  if (folder) return ok(folder);
  return fail({
    kind: 'workspace-unusable',
    path,
    message: `${path} is not one of the folders open in this window.`,
    remedy: `Open it, or name one of: ${folders.map((known) => known.uri.fsPath).join(', ')}.`,
  });
}
