import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fail, ok, type Result } from '../../base/result';
import type { Failure } from '../../core/model/failure';
import { runProcess } from '../process/run';
import { RipgrepRecords, type RipgrepRecord } from './ripgrepRecords';

const program = process.platform === 'win32' ? 'rg.exe' : 'rg';

/**
 * Finds ripgrep: beside the bundle (`folder`), else in the npm package `@vscode/ripgrep-<platform>-<arch>` that `folder`
 * can see, else on the PATH.
 */
export async function findRipgrep(folder: string): Promise<Result<string, Failure>> {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const candidates = [
    join(folder, program),
    inPackages(folder),
    ...onPath.map((part) => join(part, program)),
  ];
  for (const candidate of candidates) {
    if (candidate !== undefined && (await isExecutable(candidate))) return ok(candidate);
  }
  return fail({
    kind: 'not-found',
    message: `ripgrep (${program}) was found neither in ${folder}, nor in the package @vscode/ripgrep, nor on the PATH; agents cannot search files.`,
    remedy: 'Install the extension for your platform again, or put ripgrep on the PATH.',
  });
}

function inPackages(folder: string): string | undefined {
  try {
    return createRequire(join(folder, 'x.js')).resolve(
      `@vscode/ripgrep-${process.platform}-${process.arch}/bin/${program}`,
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

const timeoutMs = 60_000;

/**
 * Runs ripgrep in the worktree and hands over what it finds, record by record, in bounded memory. `args` must not say
 * how paths end. A failure is a sentence for the model.
 */
export async function search(
  scene: { readonly root: string; readonly ripgrepPath: string | undefined },
  args: readonly string[],
  found: { readonly hasText: boolean; readonly onRecord: (record: RipgrepRecord) => void },
  signal: AbortSignal,
): Promise<Result<void, string>> {
  if (scene.ripgrepPath === undefined)
    return fail(
      'Searching is not available: ripgrep is missing on this machine. Use bash (find, grep) instead.',
    );
  const always = ['--no-config', '--hidden', '--color=never', '--no-messages', '--null'];
  let count = 0;
  const records = new RipgrepRecords(found.hasText, (record) => {
    count++;
    found.onRecord(record);
  });
  const result = await runProcess({
    file: scene.ripgrepPath,
    args: [...always, ...args],
    cwd: scene.root,
    timeoutMs,
    signal,
    maxOutputChars: 10_000,
    onOutput: (chunk, stream) => {
      if (stream === 'stdout') records.add(chunk);
    },
  });
  records.end();
  if (result.startError !== undefined) return fail(`Searching is not available: ${result.startError}`);
  if (result.timedOut)
    return fail(`The search took more than ${timeoutMs / 1000} s. Narrow it to a folder or a glob.`);
  // 1 means that nothing matched; 2 with output that some files could not be read.
  if (result.exitCode !== 0 && result.exitCode !== 1 && count === 0) {
    return fail(
      `The search failed: ${result.stderr.trim().slice(0, 1000) || `ripgrep ended with ${String(result.exitCode)}`}.`,
    );
  }
  return ok(undefined);
}
