import type { Uri } from 'vscode';
import type { VsCode } from '../vscodeApi';

export const planScheme = 'enterprise-plan';

/** The plan of a run as a file that can be edited. */
export function planUri(api: VsCode, runId: string): Uri {
  return api.Uri.from({ scheme: planScheme, path: `/${runId}/plan.yaml` });
}

export function runIdOf(uri: Pick<Uri, 'path'>): string {
  return uri.path.split('/')[1] ?? '';
}
