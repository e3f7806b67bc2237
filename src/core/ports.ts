import type { Agent } from './model/agent';
import type { Approval, ApprovalAnswer } from './model/approval';
import type { Deliverable, NewEvent, StoredEvent, Usage } from './model/event';
import type { Failure } from './model/failure';
import type { Handoff } from './model/handoff';
import type { GateAbsence, GateResult, GateSpec } from './model/gate';
import type { Limits, PlanFile, Task } from './model/plan';
import type { PlanChange } from './model/planChange';
import type { PrepareWorktree } from './model/prepareWorktree';
import type { Result } from '../base/result';
import type { Disposable } from '../base/disposable';

/**
 * What coordination needs from the world. Each port has two implementations (the real one and a behaving fake) and one
 * contract suite in `test/contract` that both pass. Unless a comment says otherwise: methods return expected failures,
 * reject only for bugs, may be called concurrently, and an aborted signal ends them promptly with a `cancelled` failure.
 */

// ---------------------------------------------------------------- journal

export interface RunRow {
  readonly runId: string;
  readonly createdAt: string;
  readonly lastSeq: number;
}

/** A request of another process to the owner of a run. */
export type ControlRequest =
  | { readonly kind: 'cancel' | 'pause' | 'resume'; readonly by: string }
  | { readonly kind: 'steer'; readonly by: string; readonly taskId: string; readonly text: string }
  /** Changes the plan, or (`propose`) hands in another in place of the one that waits for its approval. */
  | { readonly kind: 'replan'; readonly by: string; readonly changes: readonly PlanChange[] }
  | { readonly kind: 'propose'; readonly by: string; readonly file: PlanFile }
  | { readonly kind: 'answer'; readonly by: string; readonly answer: ApprovalAnswer };

/** The append-only ledger of one repository's runs (N1: every acknowledged event replays exactly once, in order). */
export interface Journal {
  /** Resolves when the events are durable. Events of one call are stored together or not at all, in order. */
  append(runId: string, events: readonly NewEvent[]): Promise<StoredEvent[]>;
  /** Events of a run after a sequence number (default 0: all), in order. An unknown run has none. */
  read(runId: string, afterSeq?: number): Promise<StoredEvent[]>;
  /** Newest first. */
  runs(): Promise<RunRow[]>;
  /** Fires once for each event that became durable, by this process or another one, in order within a run. */
  onAppend(listener: (events: readonly StoredEvent[]) => void): Disposable;
  /**
   * Makes this process the one owner of a run, until `release` or until the process dies. A second owner gets
   * `run-busy`; the lease of a dead process is taken over.
   */
  acquire(runId: string): Promise<Result<Lease, Failure>>;
  /** Who owns a run now: this journal, another living one, or nobody. */
  ownerOf(runId: string): Promise<RunOwner>;
  /** Leaves a request for the owner; false when no living process owns the run. */
  request(runId: string, request: ControlRequest): Promise<boolean>;
  close(): Promise<void>;
}

export type RunOwner = 'self' | 'other' | 'nobody';

export interface Lease {
  /** Counts ownerships of this run: a later owner has a higher one. */
  readonly generation: number;
  onRequest(listener: (request: ControlRequest) => void): Disposable;
  release(): Promise<void>;
}

// ---------------------------------------------------------------- isolation, integration, delivery

export interface Base {
  /** A commit in the engine's store. */
  readonly commit: string;
  readonly tree: string;
  readonly kind: 'head' | 'snapshot';
  readonly localChanges: readonly string[];
}

export interface Worktree {
  readonly taskId: string;
  /** Absolute. */
  readonly path: string;
  /** The commit it was created from. */
  readonly commit: string;
  readonly dependencies: string;
}

export interface CommittedTree {
  readonly commit: string;
  readonly tree: string;
  /** Paths that differ from the commit the worktree was created from. */
  readonly changed: readonly string[];
}

export type Merge = Pick<CommittedTree, 'commit' | 'tree'>;

/**
 * Isolated checkouts of one repository, kept in the engine's own git store: the person's repository is only read
 * (N3). Everything an agent wrote stays reachable from a kept ref of the store (N2).
 */
export interface Worktrees {
  /** Fixes what a run starts from: HEAD, or a snapshot of a folder without commits. */
  base(runId: string, signal?: AbortSignal): Promise<Result<Base, Failure>>;
  /** Begins a run that goes on from a commit of another one: fixes its base, and puts its branch at that commit. */
  branchOff(runId: string, base: Pick<Base, 'commit' | 'kind'>, tip: string): Promise<Result<void, Failure>>;
  /** Creates the worktree of a task at a commit and prepares it, or returns the existing one (after a crash) untouched. */
  create(
    runId: string,
    taskId: string,
    commit: string,
    signal?: AbortSignal,
    prepare?: PrepareWorktree,
  ): Promise<Result<Worktree, Failure>>;
  /** Commits everything in a worktree (untracked files included, ignored ones not) and keeps it under a ref. */
  commit(runId: string, worktree: Worktree, message: string): Promise<Result<CommittedTree, Failure>>;
  /** Puts tracked files that a gate changed back to the last commit; refuses when there is none. */
  restore(worktree: Worktree, committed: CommittedTree): Promise<Result<void, Failure>>;
  /**
   * Merges a task's commit onto the run's branch, in memory; the branch moves by compare-and-swap. A conflict leaves
   * the branch where it was and names the paths. Calling it again for a merged commit returns the same tree.
   */
  integrate(runId: string, taskId: string, commit: string, message: string): Promise<Result<Merge, Failure>>;
  /** The tip of the run's branch: the base while nothing is integrated. */
  tip(runId: string): Promise<Result<Merge, Failure>>;
  /**
   * Starts a worktree over after an interruption of work that cannot be continued: keeps what is there under a ref, then
   * puts the worktree back to the commit it was created from.
   */
  rewind(runId: string, worktree: Worktree): Promise<Result<void, Failure>>;
  /** The id of a commit's tree. */
  treeOf(commit: string): Promise<Result<string, Failure>>;
  /** What differs between two commits, with the numbers of lines. `tasks` is left empty. */
  changes(from: string, to: string): Promise<Result<Deliverable[], Failure>>;
  /** A unified diff between two commits for reading; cut at the given number of characters with a line that says so. */
  diff(from: string, to: string, maxChars: number): Promise<Result<string, Failure>>;
  /** A file at a commit, as it would stand in a checkout; undefined when it is not there. */
  fileAt(commit: string, path: string): Promise<Result<Uint8Array | undefined, Failure>>;
  /** Removes the worktrees of a run that hold nothing unsaved; what cannot be removed is kept and named in the result. */
  release(runId: string): Promise<Result<{ kept: string[] }, Failure>>;
}

/** How a verified result lands in the person's checkout, and how it is taken back. */
export interface Workspace {
  /** Names what stands in the way of delivering these paths (local or unsaved changes, links); nothing is written. */
  check(from: string, to: string): Promise<Result<void, Failure>>;
  /**
   * Writes the difference between two commits into the checkout: all of it, or nothing with a `delivery-refused`.
   * The bytes that stood there are first saved in the store under `rescueRef`. HEAD, index and other files stay as they
   * are. Calling it again after a crash finishes it.
   */
  deliver(runId: string, from: string, to: string): Promise<Result<{ paths: string[] }, Failure>>;
  /** Puts back what `deliver` replaced; refuses by name where a file was changed since. */
  undo(runId: string, from: string, to: string): Promise<Result<{ paths: string[] }, Failure>>;
  /** The ref `deliver` saves the replaced bytes under. */
  rescueRef(runId: string): string;
}

// ---------------------------------------------------------------- gates

export interface DetectedGates {
  readonly gates: readonly GateSpec[];
  readonly absent: readonly GateAbsence[];
}

export interface TreeToCheck {
  readonly runId: string;
  /** The folder it is checked out in, absolute. */
  readonly path: string;
  /** Paths that differ from the base; undefined: look at everything. */
  readonly changed: readonly string[] | undefined;
}

/** Checks of a tree. A tool that cannot run gives `inconclusive`, never `passed`; nothing here throws for a red check. */
export interface GateRunner {
  /** What applies to the tree in this folder, by name. */
  detect(path: string): Promise<DetectedGates>;
  /**
   * Runs one detected gate over a tree. May leave files that git ignores; `restore` mends tracked ones. Every process it
   * starts is marked as part of the run, so that whoever takes the run over can end what is left of it.
   */
  run(gate: string, tree: TreeToCheck, signal: AbortSignal): Promise<GateResult>;
}

// ---------------------------------------------------------------- agents and models

/** What an attempt is given: everything can travel except the callbacks, which a remote worker would proxy. */
export interface AttemptContext {
  readonly runId: string;
  readonly task: Task;
  readonly attempt: number;
  readonly agent: Agent;
  /** Resolved model id for a model agent. */
  readonly model: string;
  readonly worktree: Worktree;
  readonly briefing: string;
  readonly limits: Limits;
  /** Events of this attempt that were recorded before a crash, in order; empty for a new one. */
  readonly recorded: readonly StoredEvent[];
  readonly signal: AbortSignal;
  /** Resolves when the event is durable. */
  emit(event: NewEvent): Promise<void>;
  /** Asks a person; answers `deny` by `nobody` where nobody is there. */
  ask(approval: Omit<Approval, 'id' | 'digest'>): Promise<ApprovalAnswer>;
  /** The ids of other tasks whose agents can still read a message. */
  recipients(): readonly string[];
  /** Waits while the run is paused; returns the messages for this task that no attempt of it has received. */
  checkpoint(): Promise<readonly Mail[]>;
  /** Runs gates over the worktree as it is, for the agent's own use. */
  diagnose(gates: readonly string[]): Promise<GateResult[]>;
}

/** A message that waits in a task's mailbox, from a person (`person`) or another task (its id). */
export interface Mail {
  readonly from: string;
  readonly text: string;
  /** The event that sent it. */
  readonly sentSeq: number;
}

export interface AttemptOutcome {
  readonly summary: string;
  readonly claims?: string[];
  readonly handoff?: Handoff;
  readonly documents?: { name: string; text: string }[];
}

/** Executes attempts. Everything it does becomes events before it has an effect that is not in the worktree. */
export interface AgentBackend {
  /** On `signal`, ends every process it started before it returns `cancelled`. */
  run(context: AttemptContext): Promise<Result<AttemptOutcome, Failure>>;
}

export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly inputSchema: Record<string, unknown>;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

export type ModelMessage =
  | { readonly role: 'user'; readonly text: string }
  /** `content` is what the provider returned, passed back unchanged; opaque to everybody else. */
  | {
      readonly role: 'assistant';
      readonly text: string;
      readonly toolCalls: readonly ToolCall[];
      readonly content?: unknown;
    }
  | {
      readonly role: 'tool';
      readonly results: readonly { id: string; name: string; output: string; ok: boolean }[];
    };

export interface ModelRequest {
  /** `provider/model`. */
  readonly model: string;
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ToolSpec[];
  /** How hard the model should think: `low`, `medium`, `high` ...; what a model cannot be told is left out. */
  readonly effort?: string;
  /** Whose call it is, as its events say, for whoever answers out of a recording. */
  readonly caller?: {
    readonly taskId?: string;
    readonly attempt?: number;
    readonly step: number;
    readonly purpose?: string;
  };
}

export interface ModelAnswer {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly content?: unknown;
  readonly finishReason: string;
  readonly usage: Usage;
}

/** One call of a language model: no loop, no retry, no tools executed. A cut or stalled stream is a failure, not an answer. */
export interface ModelProvider {
  complete(
    request: ModelRequest,
    signal: AbortSignal,
    onText?: (delta: string) => void,
  ): Promise<Result<ModelAnswer, Failure>>;
}

// ---------------------------------------------------------------- policy and people

export type PolicyDecision =
  | { readonly decision: 'allow'; readonly rule: string }
  | {
      readonly decision: 'ask';
      readonly rule: string;
      readonly reason: string;
      /** True for a command that would change a protected path: a person is asked even where commands are confined. */
      readonly touchesProtected?: boolean;
      /** The rule a person may give with the answer, for the run or for always; absent where only this once can be allowed. */
      readonly grant?: Grant;
    }
  | { readonly decision: 'deny'; readonly rule: string; readonly reason: string };

/** A permission as it is shown, remembered and written into the machine's configuration. */
export interface Grant {
  readonly kind: 'command' | 'host' | 'mcp' | 'program';
  /** A command's beginning as words, a host, `server/tool`, or the digest of what a program is started with. */
  readonly value: string;
  /** For people: `commands that begin with "npm test"`. */
  readonly text: string;
}

/** What an agent wants to do, after canonicalisation. */
export type PolicyRequest =
  | { readonly kind: 'read' | 'write'; readonly root: string; readonly path: string }
  | { readonly kind: 'command'; readonly root: string; readonly command: string }
  /** A connection to a host, by name or address. */
  | { readonly kind: 'host'; readonly host: string; readonly port?: number }
  /** A tool of an MCP server. */
  | { readonly kind: 'mcp'; readonly server: string; readonly tool: string }
  /** An MCP server or external agent that is to be started; `digest` is over everything that decides what will run. */
  | {
      readonly kind: 'program';
      readonly name: string;
      readonly commandLine: string;
      readonly digest: string;
    };

/** The one engine that answers allow, ask or deny. Pure of people: `ask` goes to the `Approver`. Unknown means ask. */
export interface Policy {
  decide(request: PolicyRequest): Promise<PolicyDecision>;
  /** Remembers a person's permission: `run` until this policy is gone, `always` in the machine's own configuration. */
  grant(grant: Grant, scope: 'run' | 'always'): Promise<Result<void, Failure>>;
}

/** Reaches a person. Answers with `by: 'nobody'` and `deny` where no person can be reached; never decides by itself. */
export interface Approver {
  ask(runId: string, approval: Approval, signal: AbortSignal): Promise<ApprovalAnswer>;
}

// ---------------------------------------------------------------- tools of a model agent

export interface ToolOutcome {
  readonly ok: boolean;
  /** What the model reads; already bounded. */
  readonly output: string;
  /** Set by `finish`: the attempt is over. */
  readonly finish?: AttemptOutcome;
}

/** The tools of one attempt. Holds its read-before-write record and background processes until `close`. */
export interface ToolSession {
  readonly specs: readonly ToolSpec[];
  /** Tools the model is not told about, because it works better with others, and may call all the same. */
  readonly unlisted?: readonly ToolSpec[];
  /** Why the arguments do not fit the tool, as a sentence for the model; undefined when the call can be tried. */
  whyInvalid?(call: ToolCall): string | undefined;
  /** True for a call that changes nothing, so that an interrupted one may be made again. */
  isRepeatable?(call: ToolCall): boolean;
  /** A few words for the activity log: `read src/a.ts`, `$ npm test`. Never throws, whatever the arguments are. */
  summary(call: ToolCall): string;
  /** Checks the arguments, asks the policy (and a person where it says so), acts. Bad arguments are an outcome with `ok: false`. */
  call(call: ToolCall, signal: AbortSignal): Promise<ToolOutcome>;
  /** Ends every process the session started. */
  close(): Promise<void>;
}

export interface Toolbox {
  /** Makes tools from outside the engine ready, where there are any: asks for permission, starts servers. */
  prepare?(context: AttemptContext): Promise<OutsideTools | undefined>;
  /** Whoever prepared the outside tools closes them, after the session. */
  open(context: AttemptContext, outside?: OutsideTools): ToolSession;
}

/** Asks the policy, and a person where it says so. Undefined when it may happen; else why not, in words. */
export type Permit = (
  request: PolicyRequest,
  question: { readonly title: string; readonly detail: string },
) => Promise<string | undefined>;

/** Tools of MCP servers as one attempt sees them. What they say of themselves and return is data of strangers. */
export interface OutsideTools {
  readonly specs: readonly ToolSpec[];
  /** A few words for the activity log. */
  summary(call: ToolCall): string;
  /** Asks `permit` before each effect. Never rejects. */
  call(call: ToolCall, permit: Permit, signal: AbortSignal): Promise<ToolOutcome>;
  /** Ends every server the attempt used. */
  close(): Promise<void>;
}

/** Where outside tools come from. */
export interface OutsideToolbox {
  /** Offers what can be offered; what cannot is said by a note of the run. Never rejects but for a broken journal. */
  open(context: AttemptContext, permit: Permit): Promise<OutsideTools>;
}
