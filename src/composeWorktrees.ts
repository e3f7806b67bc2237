import type { LoadedConfig } from './adapters/config/loadConfig';
import { includedFiles } from './adapters/git/includedFiles';
import type { Repository } from './adapters/git/repository';
import type { Git } from './adapters/git/runGit';
import type { Store } from './adapters/git/store';
import { copyIncluded } from './adapters/workspace/copyIncluded';
import { ok, type Result } from './base/result';
import type { Prepare } from './core/coordination/preparedWorktrees';
import type { Failure } from './core/model/failure';
import type { Preparation } from './core/model/preparation';

export interface PreparationParts {
  readonly git: Git;
  readonly store: Store;
  readonly repository: Repository;
  readonly config: LoadedConfig;
}

/** What worktrees of a run get besides what is committed: described before the plan is approved, done afterwards. */
export function preparationOf(parts: PreparationParts): {
  describe: (base: { readonly commit: string }) => Promise<Result<Preparation, Failure>>;
  prepare: Prepare;
} {
  const { git, store, repository, config } = parts;
  const isWanted = config.config.worktrees.include;
  return {
    describe: async ({ commit }) =>
      isWanted ? includedFiles(git, store, commit) : ok({ included: [], leftOut: [] }),
    prepare:
      ({ included }) =>
      async ({ path }) => {
        const { copied, leftOut } = await copyIncluded(isWanted ? included : [], repository.root, path);
        const notes = [
          ...(copied.length > 0 ? [`copied, and never committed: ${copied.join(', ')}`] : []),
          ...(leftOut.length > 0 ? [`not copied: ${leftOut.join(', ')}`] : []),
        ];
        return ok({ included: copied, notes });
      },
  };
}
