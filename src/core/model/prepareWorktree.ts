import type { Result } from '../../base/result';
import type { Failure } from './failure';

/** What became of a worktree before an agent is let in. */
export interface PreparedWorktree {
  /** Paths that were copied into it; they are never part of a commit. */
  readonly included: readonly string[];
  /** What a person and an agent should know, in words. */
  readonly notes: readonly string[];
}

/** Called once for a worktree, again where it was interrupted or failed. */
export type PrepareWorktree = (worktree: {
  readonly path: string;
}) => Promise<Result<PreparedWorktree, Failure>>;
