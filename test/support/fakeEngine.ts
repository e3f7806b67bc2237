import { Emitter } from '../../src/base/emitter';
import { fail, ok, type Result } from '../../src/base/result';
import type {
  Engine,
  HealthCheck,
  LoadedWorkflows,
  ReviewFile,
  RunRequest,
  ForkRequest,
} from '../../src/core/coordination/engine';
import type { Rescue } from '../../src/core/coordination/rescue';
import type { RunComparison } from '../../src/core/insight/compareRuns';
import { previewOf, type PlanOutcome, type PlanRequest } from '../../src/core/coordination/changePlan';
import type { LoadedAgents } from '../../src/core/model/agent';
import type { ApprovalAnswer } from '../../src/core/model/approval';
import type { NewEvent, StoredEvent } from '../../src/core/model/event';
import type { Failure } from '../../src/core/model/failure';
import type { PlanFile } from '../../src/core/model/plan';
import type { PlanChange } from '../../src/core/model/planChange';
import { foldRun, isRunEnded, nextRun, type RunView } from '../../src/core/model/run';
import type { DetectedGates, RunOwner } from '../../src/core/ports';

/** What the world outside looks like to the fake: what it offers, and both sides of every file of a run. */
export interface FakeOffers {
  agents?: LoadedAgents;
  workflows?: LoadedWorkflows;
  gates?: DetectedGates;
  checks?: HealthCheck[];
  rescue?: Rescue;
  /** By path: text before and after; an absent side is a file that does not exist there. */
  files?: Record<string, { base?: string; result?: string }>;
}

/**
 * A behaving engine over events: runs are folds of what is played into it, control leads to the events the real engine
 * would store, answers are refused unless their digest is the one that was asked. Nothing happens by itself.
 */
export class FakeEngine implements Engine {
  readonly requests: RunRequest[] = [];
  readonly steered: { runId: string; taskId: string; text: string }[] = [];
  readonly forks: ForkRequest[] = [];
  /** What a replay says. */
  comparison: RunComparison = {
    sameResult: true,
    compared: { trees: 3, answers: 4, tools: 1, gates: 2 },
    differences: [],
  };
  /** Changes of plans that were possible and not only tried. */
  readonly planRequests: PlanRequest[] = [];
  isDisposed = false;
  /** Who works at a run, as `attendance` tells; nobody where nothing is set. */
  readonly owners = new Map<string, RunOwner>();
  /** The next call of `start`, `deliver` or `undo` fails with this. */
  nextFailure: Failure | undefined;
  private readonly journal = new Map<string, StoredEvent[]>();
  private readonly views = new Map<string, RunView>();
  private readonly changed = new Emitter<{ view: RunView; events: readonly StoredEvent[] }>();
  private second = 0;

  constructor(
    readonly workspace: string,
    private readonly offers: FakeOffers = {},
    /** When its first event happens; each next one a second later. */
    private readonly epochMs = Date.UTC(2026, 0, 5, 9, 0, 0),
  ) {}

  /** Stores events of a run, a second apart, and announces them together. */
  play(runId: string, events: readonly NewEvent[]): RunView {
    const stored = this.journal.get(runId) ?? [];
    const fresh = events.map((event, index): StoredEvent => ({
      ...event,
      runId,
      seq: stored.length + index + 1,
      at: this.nextTime(),
    }));
    this.journal.set(runId, [...stored, ...fresh]);
    const view = fresh.reduce<RunView | undefined>(nextRun, this.views.get(runId));
    if (!view) throw new Error(`The first event of ${runId} must be run.created`);
    this.views.set(runId, view);
    this.changed.fire({ view, events: fresh });
    return view;
  }

  start(request: RunRequest): Promise<Result<{ runId: string }, Failure>> {
    const refused = this.takeFailure();
    if (refused) return Promise.resolve(fail(refused));
    this.requests.push(request);
    const runId = `run-${this.requests.length}`;
    this.play(runId, [this.created(request)]);
    return Promise.resolve(ok({ runId }));
  }

  resume(runId: string): Promise<Result<void, Failure>> {
    return this.control(runId, { type: 'run.resumed', by: 'person' });
  }

  pause(runId: string, by: string): Promise<Result<void, Failure>> {
    return this.control(runId, { type: 'run.paused', by });
  }

  cancel(runId: string, by: string): Promise<Result<void, Failure>> {
    return this.control(runId, { type: 'run.cancelled', by });
  }

  async answer(runId: string, answer: ApprovalAnswer): Promise<Result<void, Failure>> {
    const asked = this.views.get(runId)?.approvals.find((approval) => approval.id === answer.id);
    if (!asked) return fail({ kind: 'not-found', message: `Nothing is asked under ${answer.id}.` });
    if (asked.digest !== answer.digest)
      return fail({ kind: 'denied', rule: 'digest', message: 'The answer is not to what is asked.' });
    return this.control(runId, { type: 'approval.answered', answer });
  }

  steer(runId: string, taskId: string, text: string): Promise<Result<void, Failure>> {
    this.steered.push({ runId, taskId, text });
    return Promise.resolve(ok(undefined));
  }

  async replan(
    runId: string,
    changes: readonly PlanChange[],
    by: string,
    { dryRun = false }: { dryRun?: boolean } = {},
  ): Promise<Result<PlanOutcome, Failure>> {
    return this.changePlan(runId, { kind: 'replan', by, changes }, dryRun);
  }

  async proposePlan(
    runId: string,
    file: PlanFile,
    by: string,
    { dryRun = false }: { dryRun?: boolean } = {},
  ): Promise<Result<PlanOutcome, Failure>> {
    return this.changePlan(runId, { kind: 'propose', by, file }, dryRun);
  }

  async fork(_runId: string, request: ForkRequest): Promise<Result<{ runId: string }, Failure>> {
    this.forks.push(request);
    return this.start({ request: 'fork' });
  }

  async replay(): Promise<Result<RunComparison, Failure>> {
    return ok(this.comparison);
  }

  async deliver(runId: string): Promise<Result<{ paths: readonly string[] }, Failure>> {
    const refused = this.takeFailure();
    if (refused) return fail(refused);
    const view = this.views.get(runId);
    if (view?.state.name !== 'awaiting_delivery')
      return fail({ kind: 'delivery-refused', paths: [], message: 'Nothing is ready to deliver.' });
    const paths = view.deliverables.map((file) => file.path);
    this.play(runId, [{ type: 'delivery.completed', commit: view.state.commit, paths }]);
    return ok({ paths });
  }

  async undo(runId: string): Promise<Result<{ paths: readonly string[] }, Failure>> {
    const refused = this.takeFailure();
    if (refused) return fail(refused);
    const view = this.views.get(runId);
    if (view?.state.name !== 'delivered')
      return fail({ kind: 'undo-refused', paths: [], message: 'Nothing was delivered.' });
    this.play(runId, [{ type: 'undo.completed', paths: [...view.state.paths] }]);
    return ok({ paths: view.state.paths });
  }

  runs(): Promise<RunView[]> {
    return Promise.resolve([...this.views.values()].sort((a, b) => b.startedAt.localeCompare(a.startedAt)));
  }

  run(runId: string): Promise<RunView | undefined> {
    return Promise.resolve(foldRun(this.journal.get(runId) ?? []));
  }

  attendance(runId: string): Promise<RunOwner> {
    return Promise.resolve(this.owners.get(runId) ?? 'nobody');
  }

  events(runId: string, afterSeq = 0): Promise<StoredEvent[]> {
    return Promise.resolve((this.journal.get(runId) ?? []).filter((event) => event.seq > afterSeq));
  }

  onChange(listener: (view: RunView, events: readonly StoredEvent[]) => void) {
    return this.changed.on(({ view, events }) => listener(view, events));
  }

  settled(runId: string): Promise<RunView> {
    return new Promise((resolve) => {
      const settle = (view: RunView | undefined) => {
        if (view?.runId === runId && isRunEnded(view.state)) resolve(view);
      };
      this.onChange(settle);
      settle(this.views.get(runId));
    });
  }

  review(): Promise<Result<ReviewFile[], Failure>> {
    const files = Object.entries(this.offers.files ?? {});
    return Promise.resolve(
      ok(
        files.map(([path, { base, result }]) => ({
          path,
          change: base === undefined ? 'added' : result === undefined ? 'deleted' : 'modified',
        })),
      ),
    );
  }

  fileOf(
    _runId: string,
    side: 'base' | 'result',
    path: string,
  ): Promise<Result<Uint8Array | undefined, Failure>> {
    const text = this.offers.files?.[path]?.[side];
    return Promise.resolve(ok(text === undefined ? undefined : new TextEncoder().encode(text)));
  }

  agents(): Promise<LoadedAgents> {
    return Promise.resolve(this.offers.agents ?? { agents: [], problems: [] });
  }

  workflows(): Promise<LoadedWorkflows> {
    return Promise.resolve(this.offers.workflows ?? { workflows: [], problems: [] });
  }

  gates(): Promise<DetectedGates> {
    return Promise.resolve(this.offers.gates ?? { gates: [], absent: [] });
  }

  get rescue(): Rescue {
    return this.offers.rescue ?? nothingKept;
  }

  doctor(): Promise<HealthCheck[]> {
    return Promise.resolve(this.offers.checks ?? []);
  }

  dispose(): Promise<void> {
    this.isDisposed = true;
    this.changed.dispose();
    return Promise.resolve();
  }

  /** The first event of a run, as `start` stores it. */
  created(request: RunRequest): NewEvent {
    return {
      type: 'run.created',
      request: request.request,
      workspace: this.workspace,
      baseCommit: '4f2a9c1d7b3e4f2a9c1d7b3e4f2a9c1d7b3e4f2a',
      baseKind: 'head',
      localChanges: [],
      model: request.model ?? 'offline',
      ...(request.workflow === undefined ? {} : { workflow: request.workflow }),
      budget: { maxParallel: 4, ...request.budget },
      deliver: request.deliver !== 'never',
      engineVersion: '0.0.0',
    };
  }

  private async changePlan(
    runId: string,
    request: PlanRequest,
    isDry: boolean,
  ): Promise<Result<PlanOutcome, Failure>> {
    const view = this.views.get(runId);
    if (!view) return fail({ kind: 'not-found', message: `There is no run ${runId}.` });
    const outcome = previewOf(view, request, (await this.agents()).agents);
    if (!isDry && outcome.ok) this.planRequests.push(request);
    return outcome;
  }

  private control(runId: string, event: NewEvent): Promise<Result<void, Failure>> {
    if (!this.views.has(runId))
      return Promise.resolve(fail({ kind: 'not-found', message: `There is no run ${runId}.` }));
    this.play(runId, [event]);
    return Promise.resolve(ok(undefined));
  }

  private takeFailure(): Failure | undefined {
    const failure = this.nextFailure;
    this.nextFailure = undefined;
    return failure;
  }

  private nextTime(): string {
    return new Date(this.epochMs + 1000 * this.second++).toISOString();
  }
}

export const nothingKept: Rescue = {
  list: () => Promise.resolve(ok([])),
  show: (id) => Promise.resolve(fail({ kind: 'not-found', message: `Nothing is kept under "${id}".` })),
  restore: (id) => Promise.resolve(fail({ kind: 'not-found', message: `Nothing is kept under "${id}".` })),
};
