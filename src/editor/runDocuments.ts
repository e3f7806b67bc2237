import type { Uri } from 'vscode';
import { describeFailure } from '../core/model/failure';
import type { Runs } from './runs';
import type { VsCode } from './vscodeApi';

export const runScheme = 'enterprise-run';
export const textScheme = 'enterprise-text';

export type Side = 'base' | 'result';

/** The address of a file as it was before a run, or as the run left it. */
export function runFileUri(api: VsCode, runId: string, side: Side, path: string): Uri {
  return api.Uri.from({ scheme: runScheme, path: `/${path}`, query: JSON.stringify({ runId, side }) });
}

/** Text of a file at one side of a run, for the diff editor; an absent file is empty. */
export async function runFileText(runs: Runs, uri: Pick<Uri, 'path' | 'query'>): Promise<string> {
  const { runId, side } = JSON.parse(uri.query) as { runId: string; side: Side };
  const engine = runs.engineOf(runId);
  if (!engine) return `Run ${runId} is not open in this window.`;
  const file = await engine.fileOf(runId, side, uri.path.slice(1));
  if (!file.ok) return describeFailure(file.failure);
  return file.value ? new TextDecoder().decode(file.value) : '';
}
