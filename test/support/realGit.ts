import type { Worktrees } from '../../src/core/ports';
import { createDeliveryStore, type DeliveryStore } from '../../src/adapters/git/deliveryStore';
import { createWorktrees } from '../../src/adapters/git/createWorktrees';
import { openRepository } from '../../src/adapters/git/openRepository';
import type { Git } from '../../src/adapters/git/runGit';
import type { Store } from '../../src/adapters/git/store';
import type { Result } from '../../src/base/result';
import { describeFailure, type Failure } from '../../src/core/model/failure';
import type { GitFixture } from './gitFixture';

/** The engine's git side over a fixture, put together as the composition does it. */
export interface RealGit {
  readonly git: Git;
  readonly store: Store;
  readonly worktrees: Worktrees;
  readonly delivery: DeliveryStore;
}

export async function openRealGit(
  fixture: GitFixture,
  workspace = fixture.root,
  hydrate: Parameters<typeof createWorktrees>[0]['hydrate'] = () =>
    Promise.resolve('none: nothing to install'),
): Promise<RealGit> {
  const { git, store } = expectOk(await openRepository(workspace, fixture.state));
  return {
    git,
    store,
    worktrees: createWorktrees({ git, store, hydrate }),
    delivery: createDeliveryStore(store),
  };
}

export function expectOk<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(describeFailure(result.failure));
  return result.value;
}
