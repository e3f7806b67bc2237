import { join } from 'node:path';
import type { LoadedConfig } from './adapters/config/loadConfig';
import { createToolBench } from './adapters/gates/toolBench';
import { includedFiles } from './adapters/git/includedFiles';
import type { Repository } from './adapters/git/repository';
import type { Git } from './adapters/git/runGit';
import type { Store } from './adapters/git/store';
import { ownedFolder } from './adapters/process/ownedFolder';
import { removeTree } from './adapters/process/removeTree';
import type { Sandbox } from './adapters/process/sandbox';
import { copyIncluded } from './adapters/workspace/copyIncluded';
import { fail, ok, type Result } from './base/result';
import type { Prepare } from './core/coordination/preparedWorktrees';
import type { Failure } from './core/model/failure';
import type { Preparation } from './core/model/preparation';

export interface PreparationParts {
  readonly git: Git;
  readonly store: Store;
  readonly repository: Repository;
  readonly config: LoadedConfig;
  /** The state folder of the repository. */
  readonly folder: string;
  readonly sandbox: Sandbox;
}

/** What worktrees of a run get besides what is committed: described before the plan is approved, done afterwards. */
export function preparationOf(parts: PreparationParts): {
  describe: (base: { readonly commit: string }) => Promise<Result<Preparation, Failure>>;
  prepare: Prepare;
} {
  const { git, store, repository, config } = parts;
  const { include, setup } = config.config.worktrees;
  const none = ok({ included: [], leftOut: [] });
  return {
    describe: async ({ commit }) => {
      const found = include ? await includedFiles(git, store, commit) : none;
      return found.ok ? ok({ ...found.value, ...(setup ? { setup } : {}) }) : found;
    },
    prepare:
      ({ included, setup: approved }, run) =>
      async ({ path }) => {
        const { copied, leftOut } = await copyIncluded(include ? included : [], repository.root, path);
        const done = approved ? await runSetup(approved.command, path, run, parts) : ok([]);
        if (!done.ok) return done;
        const notes = [
          ...(copied.length > 0 ? [`copied, and never committed: ${copied.join(', ')}`] : []),
          ...(leftOut.length > 0 ? [`not copied: ${leftOut.join(', ')}`] : []),
          ...done.value,
        ];
        return ok({ included: copied, notes });
      },
  };
}

const setupLimitMs = 10 * 60_000;
const tailChars = 1500;

/** As gates are run: in the sandbox, with their environment, everything it starts ended with it. */
async function runSetup(
  command: string,
  path: string,
  { runId, signal = new AbortController().signal }: Parameters<Prepare>[1],
  { folder, sandbox }: PreparationParts,
): Promise<Result<string[], Failure>> {
  const scratch = await ownedFolder(join(folder, 'scratch'));
  try {
    const bench = createToolBench(path, { runId, extra: {}, scratch, command, sandbox }, signal);
    const run = await bench.shell(command, { timeoutMs: setupLimitMs, maxOutputChars: 20_000 });
    if (run.aborted)
      return fail({ kind: 'cancelled', message: `The setup command \`${command}\` was cancelled.` });
    if (run.exitCode === 0 && run.broken === undefined)
      return ok([`set up by \`${command}\` in ${(run.durationMs / 1000).toFixed(1)} s`]);
    const how = run.broken ?? `\`${command}\` ended with exit code ${run.exitCode ?? 'none'}`;
    const said = [run.output.trim().slice(-tailChars), ...bench.hindrances()].filter((text) => text !== '');
    return fail({
      kind: 'worktree-failed',
      message: `The worktree ${path} could not be set up: ${how}.${said.length > 0 ? `\n${said.join('\n')}` : ''}`,
      remedy: 'Mend the command (`worktrees.setup` of the configuration), or what it needs.',
      path,
    });
  } finally {
    await removeTree(scratch);
  }
}
