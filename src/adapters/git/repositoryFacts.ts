import type { Failure } from '../../core/model/failure';
import { ok, type Result } from '../../base/result';
import type { Store } from './store';

/** What a commit holds, for whoever describes a repository to a planner. */
export interface RepositoryFacts {
  /** Tracked paths, in git's order. */
  readonly paths: readonly string[];
  /** Subjects of the latest commits, newest first. */
  readonly subjects: readonly string[];
}

export async function repositoryFacts(
  store: Store,
  commit: string,
  subjects = 15,
): Promise<Result<RepositoryFacts, Failure>> {
  const tree = await store.run({ argv: ['ls-tree', '-r', '-z', '--name-only', '--end-of-options', commit] });
  if (!tree.ok) return tree;
  const argv = [
    'log',
    '-z',
    '--format=%s',
    `--max-count=${subjects}`,
    '--no-show-signature',
    '--end-of-options',
    commit,
  ];
  const log = await store.run({ argv });
  if (!log.ok) return log;
  return ok({ paths: split(tree.value.text), subjects: split(log.value.text) });
}

function split(text: string): string[] {
  return text.split('\0').filter((entry) => entry !== '');
}
