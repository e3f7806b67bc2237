import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HealthCheck } from '../../core/coordination/engine';
import type { RescueEntry } from '../../core/coordination/rescue';
import { plural } from '../../core/insight/wording';
import type { Failure } from '../../core/model/failure';
import type { Result } from '../../base/result';

/** What ended runs left behind in the state folder of a repository, and what to do about it. Nothing is removed here. */

export interface LeftoversDeps {
  /** The state folder of this repository. */
  readonly folder: string;
  /** Undefined: no run of this id is in the journal. */
  readonly isEnded: (runId: string) => Promise<boolean | undefined>;
  /** Warnings a run recorded, oldest first. */
  readonly warnings: (runId: string) => Promise<readonly string[]>;
  readonly rescued: () => Promise<Result<readonly RescueEntry[], Failure>>;
}

export async function leftovers(deps: LeftoversDeps): Promise<HealthCheck[]> {
  return [await worktrees(deps), await rescued(deps), await stateFolder(deps.folder)];
}

/** A worktree goes when its run ends, unless what is in it could not be saved. */
async function worktrees(deps: LeftoversDeps): Promise<HealthCheck> {
  const name = 'worktrees';
  const all = await namesIn(join(deps.folder, 'worktrees'));
  const inUse: string[] = [];
  const left: string[] = [];
  for (const runId of all) {
    const isEnded = await deps.isEnded(runId);
    if (isEnded === false) inUse.push(runId);
    else left.push(...(await keptOf(deps, runId, isEnded === true)));
  }
  const going = `${plural(inUse.length, 'run')} that can go on ${inUse.length === 1 ? 'has' : 'have'} theirs`;
  if (left.length === 0) {
    const message =
      inUse.length === 0 ? 'none is left of a run that ended' : `${going}; no ended run left any`;
    return { name, status: 'ok', message };
  }
  return {
    name,
    status: 'warning',
    message: `${left.join('\n    ')}${inUse.length === 0 ? '' : `\n    ${going}.`}`,
    remedy:
      'What was saved of them: enterprise rescue. Copy out what else you need, then remove the folders yourself: nothing removes what is not proven saved.',
  };
}

async function keptOf(deps: LeftoversDeps, runId: string, isKnown: boolean): Promise<string[]> {
  const folder = join(deps.folder, 'worktrees', runId);
  const warnings = isKnown ? await deps.warnings(runId) : [];
  const lines: string[] = [];
  for (const taskId of await namesIn(folder)) {
    const path = join(folder, taskId);
    const record = await lstat(join(deps.folder, 'index', runId, `${taskId}.json`)).catch(() => undefined);
    const said = warnings.findLast((warning) => warning.includes(path));
    const why = !isKnown
      ? 'its run is not in the journal'
      : record === undefined
        ? 'its creation was interrupted, so no agent worked in it'
        : (said ?? 'the process ended before it could be saved and removed');
    lines.push(`${path} (${sizeText(await sizeOf(path))}): ${why}`);
  }
  return lines;
}

async function rescued({ folder, rescued: list }: LeftoversDeps): Promise<HealthCheck> {
  const name = 'kept work';
  const kept = await list();
  if (!kept.ok) {
    const { message, remedy = 'See whether git can read the folder.' } = kept.failure;
    return { name, status: 'error', message, remedy };
  }
  const size = sizeText(await sizeOf(join(folder, 'store.git')));
  const runs = new Set(kept.value.map(({ runId }) => runId)).size;
  const only = kept.value.filter((entry) => entry.kind !== 'delivery' && !entry.isInResult).length;
  const message =
    kept.value.length === 0
      ? `nothing yet (store: ${size})`
      : `${kept.value.length} of ${plural(runs, 'run')}, ${only} in no result (store: ${size}); see them: enterprise rescue`;
  return { name, status: 'ok', message };
}

/** Folders of the state folder and what stands in them. */
const known: Readonly<Record<string, string>> = {
  worktrees: 'worktrees',
  index: 'indexes of worktrees',
  'store.git': 'commits',
  dependencies: 'shared dependencies',
  logs: 'output of commands',
  sandbox: 'files of the sandbox',
  scratch: 'passing files',
  trash: 'passing files',
};

async function stateFolder(folder: string): Promise<HealthCheck> {
  const name = 'disk use';
  const strange: string[] = [];
  const used: string[] = [];
  for (const entry of await namesIn(folder)) {
    const size = await sizeOf(join(folder, entry));
    const isFile = !(await lstat(join(folder, entry)).catch(() => undefined))?.isDirectory();
    if (!isFile && known[entry] === undefined) strange.push(`${entry} (${sizeText(size)})`);
    else if (size.bytes > 1024 ** 2) used.push(`${known[entry] ?? entry} ${sizeText(size)}`);
  }
  const total = `${folder}${used.length === 0 ? ': less than 1 MB each' : `: ${used.join(', ')}`}`;
  if (strange.length === 0) return { name, status: 'ok', message: total };
  return {
    name,
    status: 'warning',
    message: `${total}. Not the engine's: ${strange.join(', ')}`,
    remedy: 'Move those elsewhere, or remove them if you do not know them.',
  };
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch((): string[] => [])).sort();
}

interface Size {
  readonly bytes: number;
  readonly isCounted: boolean;
}

/** Looking longer would keep a person waiting. */
const mostFiles = 100_000;

/** Links are not followed. */
async function sizeOf(path: string): Promise<Size> {
  const waiting = [path];
  let bytes = 0;
  let files = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (++files > mostFiles) return { bytes, isCounted: false };
    const found = await lstat(next).catch(() => undefined);
    bytes += found?.size ?? 0;
    if (!found?.isDirectory()) continue;
    for (const entry of await namesIn(next)) waiting.push(join(next, entry));
  }
  return { bytes, isCounted: true };
}

function sizeText({ bytes, isCounted }: Size): string {
  const megabytes = bytes / 1024 ** 2;
  const text = megabytes < 1 ? 'less than 1 MB' : `${Math.round(megabytes)} MB`;
  return isCounted ? text : `more than ${text}`;
}
