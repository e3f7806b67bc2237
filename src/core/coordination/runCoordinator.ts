import type { Clock } from '../../base/clock';
import { Limiter } from '../../base/limiter';
import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { Agent, Backend } from '../model/agent';
import type { NewEvent, Phase } from '../model/event';
import { failureOf, type Failure } from '../model/failure';
import { isRunEnded, type RunView } from '../model/run';
import { isEnded } from '../model/taskState';
import type { AgentBackend, GateRunner, Workspace, Worktree, Worktrees } from '../ports';
import type { Approvals } from './approvals';
import { BudgetWatch, watchMinutes } from './budgetWatch';
import { askForDelivery, deliver, isDeliveryBegun, propose } from './delivery';
import { execute } from './execution';
import { GateBook, type GatedTree } from './gateBook';
import { keepWork } from './keepWork';
import { Mailboxes } from './mailboxes';
import { approvePlan } from './planApproval';
import { notCopied } from './preparedWorktrees';
import type { AskPerson } from './research';
import type { RunControl, StopReason } from './runControl';
import type { RunSession } from './runSession';
import type { TaskRunDeps } from './taskRunDeps';
import type { TasksAtWork } from './tasksAtWork';
import { reasonToAsk, validate } from './validation';

export type BaseTree = GatedTree & { readonly commit: string };

/** Phase 1 of a run: everything up to a proposed plan, as events. */
export type Planner = (
  session: RunSession,
  base: BaseTree,
  signal: AbortSignal,
  ask: AskPerson,
) => Promise<Result<void, Failure>>;

/** Something a person must know of the surroundings a run works in. */
export interface RunNote {
  readonly level: 'info' | 'warning';
  readonly message: string;
}

export interface RunDeps {
  readonly session: RunSession;
  readonly control: RunControl;
  readonly approvals: Approvals;
  readonly atWork: TasksAtWork;
  readonly worktrees: Worktrees;
  readonly workspace: Workspace;
  readonly gateRunner: GateRunner;
  readonly backends: Readonly<Record<Backend, AgentBackend>>;
  readonly clock: Clock;
  readonly planner: Planner;
  /** Writes the reports of the run as it stands and returns their folder; absent where it has none. */
  readonly writeReports?: (session: RunSession) => Promise<Result<{ folder: string }, Failure>>;
  readonly briefing: (session: RunSession, taskId: string, worktree: Worktree) => Promise<string>;
  /** What the run says of itself before it does anything; each is said once. */
  readonly notes?: () => Promise<readonly RunNote[]>;
  readonly loadAgents: () => Promise<readonly Agent[]>;
  /** Shared by all runs of this process: how many gates run at once. */
  readonly gateLimiter: Limiter;
  readonly approvePlan: boolean;
  readonly delivery: 'auto' | 'ask' | 'never';
  readonly planOnly: boolean;
}

/**
 * Works a run from where its events say it is until it ends or waits for a person who is not there. Owns the order of
 * the phases and nothing else: what a phase does stands in its own file. Rejects when the journal failed: what became of
 * the run since cannot be said then, and it can be resumed.
 */
export async function coordinateRun(deps: RunDeps): Promise<void> {
  const { session, control } = deps;
  const watches = [
    session.onBroken((error) => control.stop({ kind: 'broken', error })),
    new BudgetWatch(session, control),
  ];
  try {
    const outcome = await phases(deps);
    if (!outcome.ok && !control.signal.aborted)
      await session.emit({ type: 'run.failed', failure: outcome.failure });
  } catch (error) {
    // After a stop, what was under way ends by throwing; `closeStopped` says why.
    if (!control.signal.aborted)
      await session.emit({ type: 'run.failed', failure: failureOf(error, 'The run') });
  }
  await closeStopped(deps);
  await conclude(deps);
  for (const watch of watches) watch.dispose();
  if (control.stopReason?.kind === 'broken') throw control.stopReason.error;
}

async function phases(deps: RunDeps): Promise<Result<void, Failure>> {
  const { session, control } = deps;
  if (isRunEnded(session.view.state)) return ok(undefined);
  const isToLand = session.view.state.name === 'awaiting_delivery';
  // What was let in and then interrupted is finished, even where the run was cancelled since.
  if (isToLand && (!control.signal.aborted || isDeliveryBegun(session))) return land(deps);
  if (control.signal.aborted) return ok(undefined);
  await enter(deps, 'analysis');
  await sayOnce(session, (await deps.notes?.()) ?? []);
  const base = await checkoutBase(deps);
  if (!base.ok) return base;
  if (!session.view.plan) {
    const planned = await deps.planner(session, base.value, control.signal, (question) =>
      deps.approvals.ask(question, control.signal),
    );
    if (!planned.ok) return planned;
  }
  if (deps.planOnly) return ok(undefined);
  const approved = await approvePlan(deps);
  if (!approved.ok) return approved;
  if (!approved.value) return ok(undefined);
  const prepared = await preparedBase(deps, base.value);
  if (!prepared.ok) return prepared;
  const worked = await afterApproval(deps, prepared.value);
  return worked.ok && !control.stopReason ? land(deps) : worked;
}

async function sayOnce(session: RunSession, notes: readonly RunNote[]): Promise<void> {
  const said = new Set(session.events.flatMap((event) => (event.type === 'note' ? event.message : [])));
  for (const note of notes) if (!said.has(note.message)) await session.emit({ type: 'note', ...note });
}

async function afterApproval(deps: RunDeps, base: BaseTree): Promise<Result<void, Failure>> {
  const { session, control } = deps;
  await enter(deps, 'deployment');
  const tasks = await taskDeps(deps, base);
  // The baseline runs beside the tasks; whoever needs a result waits for it. A rejection is an abort, seen elsewhere.
  const baseline = tasks.gates.check(baselineGates(session.view), base, control.signal).catch(() => []);
  const minutes = watchMinutes(session.view.budget, control, deps.clock);
  try {
    await enter(deps, 'execution');
    await execute(tasks, control, deps.atWork);
    await baseline;
    if (control.stopReason) return ok(undefined);
    await enter(deps, 'validation');
    return await concludeTasks(deps, tasks);
  } finally {
    await baseline;
    minutes.dispose();
  }
}

/** Validates what was integrated, and proposes it; the green subset goes on even where other tasks failed. */
async function concludeTasks(deps: RunDeps, tasks: TaskRunDeps): Promise<Result<void, Failure>> {
  const { session, control } = deps;
  const integrated = session.view.tasks.filter((task) => task.state.name === 'done');
  if (integrated.length === 0) return fail(nothingSucceeded(session.view));
  const validated = await validate(tasks, control.signal);
  if (!validated.ok) return validated;
  await enter(deps, 'delivery');
  const proposed = await propose(deps, validated.value);
  return proposed.ok ? ok(undefined) : proposed;
}

/** Phase 5, from a proposed delivery on. */
async function land(deps: RunDeps): Promise<Result<void, Failure>> {
  const { session, control } = deps;
  const { state, deliverables } = session.view;
  if (state.name !== 'awaiting_delivery') return ok(undefined);
  if (deliverables.length === 0) {
    await session.emit({ type: 'delivery.completed', commit: state.commit, paths: [] });
    return ok(undefined);
  }
  // What was let in and then interrupted is finished: the checkout must not stay between the two states.
  if (!isDeliveryBegun(session)) {
    if (deps.delivery === 'never') return ok(undefined);
    const reason = deps.delivery === 'auto' ? reasonToAsk(session.view) : undefined;
    if (reason !== undefined) {
      const message = `Not delivered by itself: ${reason}. Deliver it yourself after a look.`;
      await session.emit({ type: 'note', level: 'warning', message });
      return ok(undefined);
    }
    if (deps.delivery === 'ask') {
      const decision = await askForDelivery(session, deps.approvals, control.signal);
      if (decision !== 'allow') return ok(undefined);
    }
  }
  // A refusal is an event; the run waits for the person to clear the way.
  await deliver(deps);
  return ok(undefined);
}

async function enter(deps: RunDeps, phase: Phase): Promise<void> {
  const reached = deps.session.events.some(
    (event) => event.type === 'phase.entered' && event.phase === phase,
  );
  if (!reached) await deps.session.emit({ type: 'phase.entered', phase });
}

async function checkoutBase(deps: RunDeps): Promise<Result<BaseTree, Failure>> {
  const { session, worktrees, control } = deps;
  const commit = session.view.baseCommit;
  const worktree = await worktrees.create(session.runId, 'base', commit, control.signal);
  if (!worktree.ok) return worktree;
  const tree = await worktrees.treeOf(commit);
  if (!tree.ok) return tree;
  return ok({ on: 'base', commit, tree: tree.value, path: worktree.value.path, changed: undefined });
}

/** The base was checked out before the plan was approved, and so without what is approved with it. */
async function preparedBase(deps: RunDeps, base: BaseTree): Promise<Result<BaseTree, Failure>> {
  if (!deps.session.view.preparation) return ok(base);
  const message = notCopied(deps.session);
  if (message !== undefined) await sayOnce(deps.session, [{ level: 'warning', message }]);
  return checkoutBase(deps);
}

/** Every gate somebody will ask for, so that the baseline is known before it is needed. */
function baselineGates(view: RunView): string[] {
  const detected = new Set(view.gateSpecs.map((spec) => spec.name));
  const asked = [
    ...(view.plan?.gates ?? []),
    ...(view.plan?.tasks ?? []).flatMap((task) =>
      task.work.kind === 'check' ? task.work.gates : task.gates,
    ),
  ];
  return [...new Set(asked)].filter((gate) => detected.has(gate));
}

async function taskDeps(deps: RunDeps, base: BaseTree): Promise<TaskRunDeps> {
  const { session, worktrees, approvals, control, backends, gateRunner, gateLimiter } = deps;
  const { agents } = deps.atWork;
  for (const agent of await deps.loadAgents()) agents.set(agent.name, agent);
  const queue = new Limiter(1);
  const mailboxes = new Mailboxes(session.events);
  session.onChange((events) => mailboxes.add(events));
  return {
    session,
    worktrees,
    approvals,
    control,
    mailboxes,
    backends,
    agents,
    base,
    gates: new GateBook(session, gateRunner, base, gateLimiter),
    maxAttempts: 2,
    integrationQueue: (work) => queue.run(work),
    briefing: (task, worktree) => deps.briefing(session, task.id, worktree),
    diagnose: (gates, worktree, signal) =>
      Promise.all(
        gates.map((gate) =>
          gateLimiter.run(
            () =>
              gateRunner.run(gate, { runId: session.runId, path: worktree.path, changed: undefined }, signal),
            signal,
          ),
        ),
      ),
  };
}

function nothingSucceeded(view: RunView): Failure {
  const failed = view.tasks.filter((task) => task.state.name === 'failed').map((task) => task.task.id);
  const message = `No task of the run succeeded (failed: ${failed.join(', ')}), so there is nothing to deliver.`;
  return {
    kind: 'delivery-refused',
    paths: [],
    message,
    remedy: 'The failures of the tasks say what to do.',
  };
}

/** After a stop that ends the run: its tasks are cancelled, and the run is cancelled or has failed. */
async function closeStopped(deps: RunDeps): Promise<void> {
  const reason = deps.control.stopReason;
  if (!reason || isOnlyLeft(reason) || isRunEnded(deps.session.view.state)) return;
  await closeTasks(deps);
  if (reason.kind === 'cancelled') await deps.session.emit({ type: 'run.cancelled', by: reason.by });
  else await deps.session.emit({ type: 'run.failed', failure: reason.failure });
}

/** True when the run goes on another time: nothing of it is closed here. */
function isOnlyLeft(reason: StopReason): reason is Extract<StopReason, { kind: 'left' | 'broken' }> {
  return reason.kind === 'left' || reason.kind === 'broken';
}

async function closeTasks({ session, worktrees }: RunDeps): Promise<void> {
  const open = session.view.tasks.filter((task) => !isEnded(task.state));
  for (const task of open) await keepWork(task, 'stopped', session, worktrees);
  const events = open.map(({ task }): NewEvent => ({ type: 'task.cancelled', taskId: task.id }));
  if (events.length > 0) await session.emit(...events);
}

/** Writes the reports of a run that ended or waits, and gives its worktrees back. A run this process only leaves keeps them. */
async function conclude(deps: RunDeps): Promise<void> {
  const { session, worktrees, control } = deps;
  if (control.stopReason && isOnlyLeft(control.stopReason)) return;
  const written = await deps.writeReports?.(session);
  if (written?.ok) await session.emit({ type: 'report.written', folder: written.value.folder });
  else if (written)
    await session.emit({
      type: 'note',
      level: 'error',
      message: `The reports could not be written. ${written.failure.message}`,
    });
  const { name } = session.view.state;
  const needsWorktrees = !isRunEnded(session.view.state) && name !== 'awaiting_delivery';
  if (needsWorktrees) return;
  const released = await worktrees.release(session.runId);
  if (!released.ok) await session.emit({ type: 'note', level: 'warning', message: released.failure.message });
  else if (released.value.kept.length > 0) {
    const message = `Kept because they hold work that is not saved elsewhere: ${released.value.kept.join(', ')}`;
    await session.emit({ type: 'note', level: 'warning', message });
  }
}
