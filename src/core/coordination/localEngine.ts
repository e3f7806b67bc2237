import { Emitter } from '../../base/emitter';
import type { Disposable } from '../../base/disposable';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { LoadedAgents } from '../model/agent';
import type { ApprovalAnswer } from '../model/approval';
import type { NewEvent, StoredEvent } from '../model/event';
import type { Failure } from '../model/failure';
import { isRunEnded, type RunView } from '../model/run';
import type { PlanFile } from '../model/plan';
import type { PlanChange } from '../model/planChange';
import type { Base, ControlRequest, DetectedGates, Lease, RunOwner } from '../ports';
import { changePlan, previewOf, type PlanOutcome, type PlanRequest } from './changePlan';
import { deliver, undo, type DeliveryDeps } from './delivery';
import type { RunComparison } from '../insight/compareRuns';
import type { Engine, ForkRequest, HealthCheck, LoadedWorkflows, ReviewFile, RunRequest } from './engine';
import type { LocalEngineDeps } from './engineParts';
import { forkEvents, forkPoint } from './forkPoint';
import { interruptedCalls } from './interrupted';
import { openRun, type OpenRun } from './openRun';
import type { Rescue } from './rescue';
import type { StopReason } from './runControl';
import { alreadyEnded, notCancelled, notHeard, notPaused, unknownRun } from './runFailures';
import { RunSession } from './runSession';
import { RunViews } from './runViews';
import { TasksAtWork } from './tasksAtWork';

/** The engine of one folder in this process. Runs of other processes are shown, and controlled through the journal. */
export class LocalEngine implements Engine {
  private readonly open = new Map<string, OpenRun>();
  /** Runs whose journal failed under this process, until they are resumed: whoever waits for one is told. */
  private readonly broken = new Map<string, OpenRun>();
  private readonly landings = new Set<Promise<unknown>>();
  private readonly views: RunViews;
  private readonly changed = new Emitter<{ view: RunView; events: readonly StoredEvent[] }>();
  private readonly subscription: Disposable;

  constructor(private readonly deps: LocalEngineDeps) {
    this.views = new RunViews(deps.journal);
    this.subscription = this.views.onChange((view, events) => this.changed.fire({ view, events }));
  }

  get workspace(): string {
    return this.deps.workspace;
  }

  get rescue(): Rescue {
    return this.deps.rescue;
  }

  async start(request: RunRequest): Promise<Result<{ runId: string }, Failure>> {
    const possible = await this.deps.preflight(request);
    if (!possible.ok) return possible;
    const runId = this.deps.identity.newId();
    const base = await this.deps.worktrees.base(runId);
    if (!base.ok) return base;
    return this.owning(runId, async (lease) => {
      const events = await this.deps.journal.append(runId, [this.created(request, base.value)]);
      this.work(openRun(new RunSession(this.deps.journal, events), lease, request, this.deps));
      return ok({ runId });
    });
  }

  async resume(
    runId: string,
    options: Pick<RunRequest, 'approvePlan' | 'deliver'> = {},
  ): Promise<Result<void, Failure>> {
    const mine = this.open.get(runId);
    if (mine) {
      await mine.unpause('person');
      return ok(undefined);
    }
    const opened = await this.takeOver(runId, options);
    if (!opened.ok && opened.failure.kind === 'run-busy')
      return this.request(runId, { kind: 'resume', by: 'person' });
    return opened;
  }

  async pause(runId: string, by: string): Promise<Result<void, Failure>> {
    const mine = this.open.get(runId);
    if (!mine) return this.request(runId, { kind: 'pause', by });
    return (await mine.pause(by)) ? ok(undefined) : fail(notPaused(mine.session.view));
  }

  async cancel(runId: string, by: string): Promise<Result<void, Failure>> {
    const mine = this.open.get(runId);
    if (mine) {
      mine.control.stop({ kind: 'cancelled', by });
      return this.cancelled(mine);
    }
    const asked = await this.request(runId, { kind: 'cancel', by });
    if (asked.ok) return asked;
    // Its process is gone, so there is nothing to stop: it is taken over to be closed.
    const opened = await this.takeOver(runId, {}, { kind: 'cancelled', by });
    const taken = this.open.get(runId);
    return opened.ok && taken ? this.cancelled(taken) : opened;
  }

  async answer(runId: string, answer: ApprovalAnswer): Promise<Result<void, Failure>> {
    const mine = this.open.get(runId);
    if (!mine) return this.request(runId, { kind: 'answer', by: answer.by, answer });
    if (mine.approvals.answer(answer)) return ok(undefined);
    return fail({
      kind: 'not-found',
      message: 'This question is no longer open, or it changed since it was shown.',
    });
  }

  async steer(runId: string, taskId: string, text: string, by: string): Promise<Result<void, Failure>> {
    const mine = this.open.get(runId);
    if (!mine) return this.request(runId, { kind: 'steer', by, taskId, text });
    return (await mine.steer(taskId, text)) ? ok(undefined) : fail(notHeard(taskId));
  }

  replan(runId: string, changes: readonly PlanChange[], by: string, options: { dryRun?: boolean } = {}) {
    return this.changePlan(runId, { kind: 'replan', changes, by }, options.dryRun === true);
  }

  proposePlan(runId: string, file: PlanFile, by: string, options: { dryRun?: boolean } = {}) {
    return this.changePlan(runId, { kind: 'propose', file, by }, options.dryRun === true);
  }

  async deliver(runId: string): Promise<Result<{ paths: readonly string[] }, Failure>> {
    return this.exclusively(runId, deliver);
  }

  async undo(runId: string): Promise<Result<{ paths: readonly string[] }, Failure>> {
    return this.exclusively(runId, undo);
  }

  async fork(runId: string, request: ForkRequest): Promise<Result<{ runId: string }, Failure>> {
    const { deps } = this;
    const point = forkPoint(await deps.journal.read(runId), request.from);
    if (!point.ok) return point;
    const first = forkEvents(point.value, request);
    if (!first.ok) return first;
    const forkId = deps.identity.newId();
    const { base, tip } = point.value;
    const branched = await deps.worktrees.branchOff(forkId, base, tip);
    if (!branched.ok) return branched;
    return this.owning(forkId, async (lease) => {
      const events = await deps.journal.append(forkId, first.value);
      const options = { ...requestOf(events), ...(request.deliver ? { deliver: request.deliver } : {}) };
      this.work(openRun(new RunSession(deps.journal, events), lease, options, deps));
      return ok({ runId: forkId });
    });
  }

  async replay(runId: string, signal: AbortSignal): Promise<Result<RunComparison, Failure>> {
    const events = await this.deps.journal.read(runId);
    return events.length > 0 ? this.deps.replay(runId, events, signal) : fail(unknownRun(runId));
  }

  runs(): Promise<RunView[]> {
    return this.views.all();
  }

  run(runId: string): Promise<RunView | undefined> {
    return this.views.one(runId);
  }

  attendance(runId: string): Promise<RunOwner> {
    return this.deps.journal.ownerOf(runId);
  }

  events(runId: string, afterSeq = 0): Promise<StoredEvent[]> {
    return this.deps.journal.read(runId, afterSeq);
  }

  onChange(listener: (view: RunView, events: readonly StoredEvent[]) => void): Disposable {
    return this.changed.on(({ view, events }) => listener(view, events));
  }

  async settled(runId: string): Promise<RunView> {
    await (this.open.get(runId) ?? this.broken.get(runId))?.settled;
    const view = await this.views.one(runId);
    if (!view) throw new Error(`There is no run ${runId}.`);
    return view;
  }

  async review(runId: string): Promise<Result<ReviewFile[], Failure>> {
    const view = await this.views.one(runId);
    if (!view) return fail(unknownRun(runId));
    return ok(view.deliverables.map(({ path, change }) => ({ path, change })));
  }

  async fileOf(
    runId: string,
    side: 'base' | 'result',
    path: string,
  ): Promise<Result<Uint8Array | undefined, Failure>> {
    const view = await this.views.one(runId);
    if (!view) return fail(unknownRun(runId));
    const proposed = await this.proposedCommit(runId);
    return this.deps.worktrees.fileAt(
      side === 'base' ? view.baseCommit : (proposed ?? view.baseCommit),
      path,
    );
  }

  agents(): Promise<LoadedAgents> {
    return this.deps.agents();
  }

  workflows(): Promise<LoadedWorkflows> {
    return this.deps.workflows();
  }

  gates(): Promise<DetectedGates> {
    return this.deps.gates();
  }

  doctor(): Promise<HealthCheck[]> {
    return this.deps.doctor();
  }

  async dispose(): Promise<void> {
    const open = [...this.open.values()];
    for (const run of open) run.control.stop({ kind: 'left' });
    await Promise.allSettled([...open.map((run) => run.settled), ...this.landings]);
    this.subscription.dispose();
    this.views.dispose();
    await this.deps.journal.close();
  }

  private async changePlan(
    runId: string,
    request: PlanRequest,
    isDry: boolean,
  ): Promise<Result<PlanOutcome, Failure>> {
    const mine = this.open.get(runId);
    if (mine && !isDry) return mine.changePlan(request);
    const view = mine?.session.view ?? (await this.views.one(runId));
    if (!view) return fail(unknownRun(runId));
    const preview = previewOf(view, request, (await this.deps.agents()).agents);
    if (isDry || !preview.ok) return preview;
    if (await this.deps.journal.request(runId, request)) return preview;
    // Nobody works at it: it is changed here and goes on from there when it is resumed.
    return this.underLease(runId, async (session) => {
      await this.deps.endLeftovers(runId);
      const agents = async () => (await this.deps.agents()).agents;
      return changePlan(request, {
        session,
        atWork: new TasksAtWork(),
        worktrees: this.deps.worktrees,
        agents,
      });
    });
  }

  private created(request: RunRequest, { commit, kind, localChanges }: Base): NewEvent {
    const { model, budget } = this.deps.defaults;
    return {
      type: 'run.created',
      request: request.request,
      workspace: this.workspace,
      baseCommit: commit,
      baseKind: kind,
      localChanges: [...localChanges],
      model: request.model ?? model,
      ...(request.workflow === undefined ? {} : { workflow: request.workflow }),
      ...(request.planPath === undefined ? {} : { planPath: request.planPath }),
      budget: { ...budget, ...request.budget },
      deliver: request.deliver !== 'never',
      engineVersion: this.deps.engineVersion,
    };
  }

  /** Continues a run that no process works at. @param stop why it is taken over only to be closed */
  private async takeOver(
    runId: string,
    options: Partial<RunRequest>,
    stop?: StopReason,
  ): Promise<Result<void, Failure>> {
    if (!(await this.views.one(runId))) return fail(unknownRun(runId));
    return this.owning(runId, async (lease) => {
      // Read under the lease: another owner may have moved the run on until now.
      const events = await this.deps.journal.read(runId);
      const session = new RunSession(this.deps.journal, events);
      if (isRunEnded(session.view.state)) return fail(alreadyEnded(session.view));
      await this.deps.endLeftovers(runId);
      await session.emit(
        { type: 'run.recovered', owner: this.deps.identity.owner },
        ...interruptedCalls(events),
      );
      if (session.view.state.name === 'paused') await session.emit({ type: 'run.resumed', by: 'person' });
      this.work(openRun(session, lease, { ...requestOf(events), ...options }, this.deps, stop));
      return ok(undefined);
    });
  }

  /** Takes the lease of a run, which is given back at once where what it was taken for cannot begin. */
  private async owning<T>(
    runId: string,
    begin: (lease: Lease) => Promise<Result<T, Failure>>,
  ): Promise<Result<T, Failure>> {
    await this.broken.get(runId)?.giveBack();
    const lease = await this.deps.journal.acquire(runId);
    if (!lease.ok) return lease;
    let isBegun = false;
    try {
      const begun = await begin(lease.value);
      isBegun = begun.ok;
      return begun;
    } finally {
      if (!isBegun) await lease.value.release();
    }
  }

  private work(run: OpenRun): void {
    const { runId } = run.session;
    this.broken.delete(runId);
    this.open.set(runId, run);
    const close = () => this.open.delete(runId);
    run.settled.then(close, () => {
      close();
      this.broken.set(runId, run);
    });
  }

  /** Waits for the end of a run that was told to stop; one that ended otherwise in the meantime was not cancelled. */
  private async cancelled({ session, settled }: OpenRun): Promise<Result<void, Failure>> {
    await settled;
    return session.view.state.name === 'cancelled' ? ok(undefined) : fail(notCancelled(session.view));
  }

  private async request(runId: string, request: ControlRequest): Promise<Result<void, Failure>> {
    const reached = await this.deps.journal.request(runId, request);
    if (reached) return ok(undefined);
    const view = await this.views.one(runId);
    if (!view) return fail(unknownRun(runId));
    const message = `No process works at run ${runId} (${view.state.name.replace('_', ' ')}).`;
    return fail({
      kind: 'not-found',
      message,
      remedy: isRunEnded(view.state) ? 'It has ended.' : `Continue it first: resume ${runId}`,
    });
  }

  /** Lands or takes back a run under its lease, so that no other window does the same at the same time. */
  private exclusively<T>(
    runId: string,
    act: (deps: DeliveryDeps) => Promise<Result<T, Failure>>,
  ): Promise<Result<T, Failure>> {
    const landing = this.land(runId, act);
    this.landings.add(landing);
    const forget = () => this.landings.delete(landing);
    landing.then(forget, forget);
    return landing;
  }

  private async land<T>(
    runId: string,
    act: (deps: DeliveryDeps) => Promise<Result<T, Failure>>,
  ): Promise<Result<T, Failure>> {
    if (!(await this.views.one(runId))) return fail(unknownRun(runId));
    return this.underLease(runId, async (session) => {
      const outcome = await act({ session, worktrees: this.deps.worktrees, workspace: this.deps.delivery });
      const written = await this.deps.writeReports?.(session);
      if (written?.ok) await session.emit({ type: 'report.written', folder: written.value.folder });
      return outcome;
    });
  }

  /** Does something with a run that nobody works at, and gives it back at once. */
  private async underLease<T>(
    runId: string,
    act: (session: RunSession) => Promise<Result<T, Failure>>,
  ): Promise<Result<T, Failure>> {
    const lease = await this.deps.journal.acquire(runId);
    if (!lease.ok) return lease;
    try {
      // Read under the lease: another owner may have moved the run on until now.
      return await act(new RunSession(this.deps.journal, await this.deps.journal.read(runId)));
    } finally {
      await lease.value.release();
    }
  }

  private async proposedCommit(runId: string): Promise<string | undefined> {
    const events = await this.deps.journal.read(runId);
    const proposed = events.findLast((event) => event.type === 'delivery.proposed');
    return proposed?.type === 'delivery.proposed' ? proposed.commit : undefined;
  }
}

/** What the run was asked for, as far as its planning may still need it. */
function requestOf(events: readonly StoredEvent[]): RunRequest {
  const created = events.find((event) => event.type === 'run.created');
  if (created?.type !== 'run.created') throw new Error('A journal begins with `run.created`.');
  const { request, model, deliver, workflow, planPath } = created;
  return {
    request,
    model,
    deliver: deliver ? 'ask' : 'never',
    ...(workflow === undefined ? {} : { workflow }),
    ...(planPath === undefined ? {} : { planPath }),
  };
}
