import type { Disposable } from '../../base/disposable';
import type { Result } from '../../base/result';
import type { LoadedAgents, FileProblem } from '../model/agent';
import type { ApprovalAnswer } from '../model/approval';
import type { Budget, StoredEvent } from '../model/event';
import type { Failure } from '../model/failure';
import type { PlanFile } from '../model/plan';
import type { PlanChange } from '../model/planChange';
import type { RunView } from '../model/run';
import type { DetectedGates, RunOwner } from '../ports';
import type { PlanOutcome } from './changePlan';
import type { RunComparison } from '../insight/compareRuns';
import type { Rescue } from './rescue';

/** What a person asks for, from any of the entries (editor, terminal, gateway). */
export interface RunRequest {
  /** The task in the person's words. */
  readonly request: string;
  /** Name of a workflow to run as it is. */
  readonly workflow?: string;
  /** Path of a plan file to run as it is; relative to the workspace. */
  readonly planPath?: string;
  /** `provider/model`, or `offline`. Default: the configured one, else `offline`. */
  readonly model?: string;
  readonly budget?: Partial<Budget>;
  /** True: the plan needs no person's approval. */
  readonly approvePlan?: boolean;
  /** `auto`: deliver when verified, without asking; `ask` (default); `never`: leave the result on the run's branch. */
  readonly deliver?: 'auto' | 'ask' | 'never';
  /** False: nothing is looked up before planning. */
  readonly research?: boolean;
  /** Stop once the plan is proposed. */
  readonly planOnly?: boolean;
}

export interface Workflow {
  readonly name: string;
  readonly description: string;
  readonly source: 'built-in' | 'project';
  readonly path?: string;
  /** Words in a task's text that make this workflow the one meant. */
  readonly keywords: readonly string[];
  readonly file: PlanFile;
}

export interface LoadedWorkflows {
  readonly workflows: readonly Workflow[];
  readonly problems: readonly FileProblem[];
}

/** One line of `doctor`. */
export interface HealthCheck {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'error';
  readonly message: string;
  /** What to do; present unless `ok`. */
  readonly remedy?: string;
}

/** One file a run changes; `fileOf` gives both sides of it. */
export interface ReviewFile {
  readonly path: string;
  readonly change: 'added' | 'modified' | 'deleted';
}

export interface ForkRequest extends Pick<RunRequest, 'model' | 'deliver'> {
  /** Where it goes on differently: a task's id, `task:step`, or the number of an event; see `forkPoint`. */
  readonly from: string;
  /** What a person tells the agent of that task first. */
  readonly tell?: string;
}

/**
 * The engine of one workspace folder, as its entries see it. Composed in `compose.ts`; everything a person can do goes
 * through here, so that the panel, the terminal and the API mean the same thing.
 */
export interface Engine {
  /** Absolute path of the folder. */
  readonly workspace: string;
  /** What is kept of runs apart from their results. */
  readonly rescue: Rescue;
  /** Creates the run and works at it in the background; resolves once it is in the journal. */
  start(request: RunRequest): Promise<Result<{ runId: string }, Failure>>;
  /** Continues a paused run, a run whose process is gone, or one that waits for a person. */
  resume(
    runId: string,
    options?: Pick<RunRequest, 'approvePlan' | 'deliver'>,
  ): Promise<Result<void, Failure>>;
  pause(runId: string, by: string): Promise<Result<void, Failure>>;
  cancel(runId: string, by: string): Promise<Result<void, Failure>>;
  answer(runId: string, answer: ApprovalAnswer): Promise<Result<void, Failure>>;
  /** Text for the agent of a running task, read at its next step. */
  steer(runId: string, taskId: string, text: string, by: string): Promise<Result<void, Failure>>;
  /**
   * Changes the plan of a run that is under way, paused, or waits for its approval, and says what that comes to. A run of
   * another process is asked to do it: what is said is then what its plan, as it is known here, comes to.
   * @param options.dryRun only says it
   */
  replan(
    runId: string,
    changes: readonly PlanChange[],
    by: string,
    options?: { readonly dryRun?: boolean },
  ): Promise<Result<PlanOutcome, Failure>>;
  /** Hands in a whole plan in place of the one that waits for its approval; that one can no longer be approved. */
  proposePlan(
    runId: string,
    file: PlanFile,
    by: string,
    options?: { readonly dryRun?: boolean },
  ): Promise<Result<PlanOutcome, Failure>>;
  deliver(runId: string): Promise<Result<{ paths: readonly string[] }, Failure>>;
  undo(runId: string): Promise<Result<{ paths: readonly string[] }, Failure>>;
  /** Begins another run that shares the beginning of this one and goes on differently from there. */
  fork(runId: string, request: ForkRequest): Promise<Result<{ runId: string }, Failure>>;
  /** Does the tasks of a run again with the recorded answers of its models, and compares. Nothing is delivered. */
  replay(runId: string, signal: AbortSignal): Promise<Result<RunComparison, Failure>>;
  /** Newest first. */
  runs(): Promise<RunView[]>;
  run(runId: string): Promise<RunView | undefined>;
  /** Who works at a run now: this process, another living one, or nobody. */
  attendance(runId: string): Promise<RunOwner>;
  events(runId: string, afterSeq?: number): Promise<StoredEvent[]>;
  /** Every change of any run of this repository, also by another process. */
  onChange(listener: (view: RunView, events: readonly StoredEvent[]) => void): Disposable;
  /** Resolves when this process no longer works at the run: it ended, or it waits for a person who is not there. */
  settled(runId: string): Promise<RunView>;
  /** What a delivery of the run would change (or has changed). */
  review(runId: string): Promise<Result<ReviewFile[], Failure>>;
  /** A file before (`base`) or after (`result`) the run; undefined where it does not exist on that side. */
  fileOf(
    runId: string,
    side: 'base' | 'result',
    path: string,
  ): Promise<Result<Uint8Array | undefined, Failure>>;
  agents(): Promise<LoadedAgents>;
  workflows(): Promise<LoadedWorkflows>;
  gates(): Promise<DetectedGates>;
  doctor(): Promise<HealthCheck[]>;
  /** Stops working at every run without ending it (they can be resumed) and closes the journal. */
  dispose(): Promise<void>;
}
