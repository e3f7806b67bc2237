import type { Failure } from '../../core/model/failure';
import { ok, type Result } from '../../base/result';
import { findGit } from './gitProgram';
import { locateRepository } from './repository';
import { createGit, type Git } from './runGit';
import { openStore, type Store } from './store';

/**
 * Everything the engine needs to work on a folder: a git it may trust and the store for the folder's repository. To be
 * opened again for a new run: it shows the repository's settings as they were at the time.
 * @param stateFolder the engine's folder for this repository; outside of it.
 */
export async function openRepository(
  workspace: string,
  stateFolder: string,
): Promise<Result<{ git: Git; store: Store }, Failure>> {
  const program = await findGit([workspace, stateFolder]);
  if (!program.ok) return program;
  const git = createGit(program.value);
  const repository = await locateRepository(git, workspace);
  if (!repository.ok) return repository;
  return ok({ git, store: await openStore(git, stateFolder, repository.value) });
}
