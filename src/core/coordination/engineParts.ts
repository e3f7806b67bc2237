import type { Result } from '../../base/result';
import type { LoadedAgents } from '../model/agent';
import type { RunComparison } from '../insight/compareRuns';
import type { Budget, StoredEvent } from '../model/event';
import type { Failure } from '../model/failure';
import type { RunView } from '../model/run';
import type { Approver, DetectedGates, Journal, Workspace, Worktrees } from '../ports';
import type { Identity } from './approvals';
import type { HealthCheck, LoadedWorkflows, RunRequest } from './engine';
import type { Prepare } from './preparedWorktrees';
import type { Rescue } from './rescue';
import type { RunDeps } from './runCoordinator';

/** What the engine of one folder is made of. */
export interface LocalEngineDeps {
  /** Absolute path of the folder. */
  readonly workspace: string;
  readonly engineVersion: string;
  readonly journal: Journal;
  readonly worktrees: Worktrees;
  readonly delivery: Workspace;
  readonly rescue: Rescue;
  readonly approver: Approver;
  readonly identity: Identity;
  readonly defaults: { readonly model: string; readonly budget: Budget };
  readonly writeReports?: RunDeps['writeReports'];
  /** What a run needs beyond what the engine itself holds. */
  readonly runParts: (run: Pick<RunView, 'model' | 'forkedFrom'>) => Pick<
    RunDeps,
    'gateRunner' | 'backends' | 'clock' | 'briefing' | 'loadAgents' | 'gateLimiter' | 'notes'
  > & {
    planner(request: RunRequest): RunDeps['planner'];
    /** Absent: worktrees are what is committed. */
    prepare?: Prepare;
  };
  /** Does a run again, from its events, with engine and journal of its own. */
  readonly replay: (
    runId: string,
    events: readonly StoredEvent[],
    signal: AbortSignal,
  ) => Promise<Result<RunComparison, Failure>>;
  /** Ends what a process that is gone left running for a run. */
  readonly endLeftovers: (runId: string) => Promise<void>;
  /** Says why a run cannot start with this request, before anything is created. */
  readonly preflight: (request: RunRequest) => Promise<Result<void, Failure>>;
  readonly agents: () => Promise<LoadedAgents>;
  readonly workflows: () => Promise<LoadedWorkflows>;
  readonly gates: () => Promise<DetectedGates>;
  readonly doctor: () => Promise<HealthCheck[]>;
}
