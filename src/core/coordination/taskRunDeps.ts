import type { AttemptDeps } from './attempt';
import type { GatedTree } from './gateBook';

/** What works a run's tasks, shared by all of them. */
export interface TaskRunDeps extends AttemptDeps {
  readonly base: GatedTree & { readonly commit: string };
  /** Attempts a model task gets in all: the first and its repairs. */
  readonly maxAttempts: number;
  /** Runs integrations one after another. */
  readonly integrationQueue: <T>(work: () => Promise<T>) => Promise<T>;
}
