import { person } from '../model/message';
import { isEnded } from '../model/taskState';
import type { ControlRequest, Lease } from '../ports';
import type { Result } from '../../base/result';
import { describeFailure, type Failure } from '../model/failure';
import { Approvals } from './approvals';
import { changePlan, type PlanOutcome, type PlanRequest } from './changePlan';
import type { RunRequest } from './engine';
import type { LocalEngineDeps } from './engineParts';

import { preparedWorktrees } from './preparedWorktrees';
import { RunControl, type StopReason } from './runControl';
import { coordinateRun, type RunDeps } from './runCoordinator';
import type { RunSession } from './runSession';
import { TasksAtWork } from './tasksAtWork';

/** A run this process owns and works at. */
export interface OpenRun {
  readonly session: RunSession;
  readonly control: RunControl;
  readonly approvals: Approvals;
  /** False when the run has no task at work, so that there is nothing to hold. */
  pause(by: string): Promise<boolean>;
  unpause(by: string): Promise<void>;
  /** Puts a person's text into the mailbox of a task. False when no agent works at it, or will. */
  steer(taskId: string, text: string): Promise<boolean>;
  changePlan(request: PlanRequest): Promise<Result<PlanOutcome, Failure>>;
  /** Resolves when the work has stopped and the lease is given back; rejects when the journal failed under it. */
  readonly settled: Promise<void>;
  /** Once more, where the journal failed at it the first time. */
  readonly giveBack: () => Promise<void>;
}

/**
 * Starts to work at a run whose lease is held; requests of other windows arrive through the lease.
 * @param stop why it is taken over only to be closed
 */
export function openRun(
  session: RunSession,
  lease: Lease,
  options: RunRequest,
  deps: LocalEngineDeps,
  stop?: StopReason,
): OpenRun {
  const control = new RunControl();
  if (stop) control.stop(stop);
  const parts = deps.runParts(session.view);
  const approvals = new Approvals(session, deps.approver, deps.identity, parts.clock);
  const atWork = new TasksAtWork();
  const hand = handOn({ session, control, approvals, atWork }, deps);
  const requests = lease.onRequest((request) => {
    // A request that cannot be carried out (the question is closed, the run is not running) has no effect; a journal
    // that fails under it stops the run by itself.
    carryOut(request, hand, session).catch(() => undefined);
  });
  const work = coordinateRun({
    session,
    control,
    approvals,
    atWork,
    worktrees: parts.prepare ? preparedWorktrees(deps.worktrees, session, parts.prepare) : deps.worktrees,
    workspace: deps.delivery,
    ...(deps.writeReports ? { writeReports: deps.writeReports } : {}),
    ...parts,
    planner: parts.planner(options),
    approvePlan: options.approvePlan === true,
    delivery: options.deliver ?? 'ask',
    planOnly: options.planOnly === true,
  });
  const settled = untilGivenBack(work, async () => {
    requests.dispose();
    await lease.release();
  });
  return { session, ...hand, settled, giveBack: () => lease.release() };
}

/** What a person can do to a run, from this window or through the journal. */
function handOn(
  run: Pick<RunDeps, 'session' | 'control' | 'approvals' | 'atWork'>,
  deps: Pick<LocalEngineDeps, 'worktrees' | 'agents'>,
): Hand {
  const { session, control, approvals, atWork } = run;
  const pause = async (by: string) => {
    if (control.isPaused) return true;
    if (session.view.state.name !== 'running') return false;
    control.pause();
    await session.emit({ type: 'run.paused', by });
    return true;
  };
  const unpause = async (by: string) => {
    if (!control.isPaused) return;
    await session.emit({ type: 'run.resumed', by });
    control.resume();
  };
  const steer = async (taskId: string, text: string) => {
    const task = session.view.tasks.find((known) => known.task.id === taskId);
    if (!task || isEnded(task.state) || task.task.work.kind !== 'agent') return false;
    await session.emit({ type: 'message.sent', from: person, to: taskId, text });
    return true;
  };
  const agents = async () => (await deps.agents()).agents;
  const { worktrees } = deps;
  return {
    control,
    approvals,
    pause,
    unpause,
    steer,
    changePlan: (request) => changePlan(request, { session, atWork, worktrees, agents }),
  };
}

/** Rejects with what ended the work, else with what stood in the way of giving it back. */
async function untilGivenBack(work: Promise<void>, giveBack: () => Promise<void>): Promise<void> {
  const [ended] = await Promise.allSettled([work]);
  const [given] = await Promise.allSettled([giveBack()]);
  if (ended.status === 'rejected') throw ended.reason;
  if (given.status === 'rejected') throw given.reason;
}

type Hand = Pick<OpenRun, 'control' | 'approvals' | 'pause' | 'unpause' | 'steer' | 'changePlan'>;

async function carryOut(request: ControlRequest, run: Hand, session: RunSession): Promise<void> {
  switch (request.kind) {
    case 'cancel':
      run.control.stop({ kind: 'cancelled', by: request.by });
      return;
    case 'pause':
      await run.pause(request.by);
      return;
    case 'resume':
      return run.unpause(request.by);
    case 'steer':
      await run.steer(request.taskId, request.text);
      return;
    case 'replan':
    case 'propose':
      return changeFromAfar(request, run, session);
    case 'answer':
      run.approvals.answer(request.answer);
      return;
  }
}

/** Whoever asked in another window cannot be answered there: why nothing changed stands in the run. */
async function changeFromAfar(request: PlanRequest, run: Hand, session: RunSession): Promise<void> {
  const changed = await run.changePlan(request);
  if (changed.ok) return;
  const message = `What ${request.by} wanted to change was not changed. ${describeFailure(changed.failure)}`;
  await session.emit({ type: 'note', level: 'warning', message });
}
