import { fail, ok, type Result } from '../../base/result';
import type { ForkRequest } from './engine';
import type { EventOf, NewEvent, StoredEvent } from '../model/event';
import type { Failure } from '../model/failure';
import { person } from '../model/message';

/** A run as it was at one moment, as the beginning of another one. */
export interface ForkPoint {
  /** The first event that is not shared. */
  readonly seq: number;
  /** What the other run's journal begins with: the approved plan, and the tasks that were integrated or done by then. */
  readonly events: readonly NewEvent[];
  readonly base: { readonly commit: string; readonly kind: 'head' | 'snapshot' };
  /** The tip of the run's branch then. */
  readonly tip: string;
  /** The task the point was named by. */
  readonly taskId?: string;
}

const usage = { inputTokens: 0, outputTokens: 0, costUsd: 0 };

/**
 * Where a run is to go on differently. Tasks that were at work then begin anew; their models' recorded answers up to the
 * point are said again, so that their worktrees come to be as they were.
 * @param from a task's id, `task:step` with the step that is taken differently, or an event's number
 */
export function forkPoint(events: readonly StoredEvent[], from: string): Result<ForkPoint, Failure> {
  const [created] = events;
  if (created?.type !== 'run.created') return fail(noPoint(from, 'the run has no events'));
  const named = pointIn(events, from);
  if (!named.ok) return named;
  const { seq } = named.value;
  const past = events.filter((event) => event.seq < seq);
  if (!past.some((event) => event.type === 'plan.approved'))
    return fail(noPoint(from, 'the plan was not approved yet then; start the run again instead'));
  const kept = keptTasks(past);
  const read = new Set(past.flatMap((event) => (event.type === 'message.received' ? [event.sentSeq] : [])));
  const shared = past.filter((event) => isShared(event, kept, read));
  const integrated = shared.findLast((event) => event.type === 'task.integrated');
  return ok({
    seq,
    events: renumbered([forked(created, seq), ...shared.slice(1)]),
    base: { commit: created.baseCommit, kind: created.baseKind },
    tip: integrated?.type === 'task.integrated' ? integrated.commit : created.baseCommit,
    ...(named.value.taskId === undefined ? {} : { taskId: named.value.taskId }),
  });
}

/** What the other run's journal begins with, and what it is to do differently. */
export function forkEvents(
  point: ForkPoint,
  { model, tell, deliver }: Pick<ForkRequest, 'model' | 'tell' | 'deliver'>,
): Result<NewEvent[], Failure> {
  const events = point.events.map((event) =>
    event.type === 'run.created'
      ? { ...event, deliver: deliver !== 'never', ...(model === undefined ? {} : { model }) }
      : event,
  );
  if (tell === undefined) return ok(events);
  const { taskId } = point;
  if (taskId !== undefined)
    return ok([...events, { type: 'message.sent', from: person, to: taskId, text: tell }]);
  return fail({
    kind: 'usage',
    message: 'Nobody can be told anything at the number of an event.',
    remedy: 'Fork from a task (`docs`) or a step of it (`docs:3`) to tell its agent something.',
  });
}

/** The point after the approval of the plan: a replay begins there. */
export function startOfWork(events: readonly StoredEvent[]): string {
  const approved = events.findLast((event) => event.type === 'plan.approved');
  return String((approved?.seq ?? 0) + 1);
}

type Point = Pick<ForkPoint, 'seq' | 'taskId'>;

function pointIn(events: readonly StoredEvent[], from: string): Result<Point, Failure> {
  const last = events.at(-1)?.seq ?? 0;
  if (/^\d+$/.test(from)) {
    const seq = Number(from);
    return seq >= 1 && seq <= last + 1
      ? ok({ seq })
      : fail(noPoint(from, `the run's events are numbered 1 to ${last}`));
  }
  const [taskId = '', step] = from.split(':');
  const own = events.filter((event) => 'taskId' in event && event.taskId === taskId);
  const begin = own.find((event) => event.type === 'task.preparing');
  if (!begin) return fail(noPoint(from, `no task ${taskId} was begun in this run`));
  if (step === undefined) return ok({ seq: begin.seq, taskId });
  const taken = own.find((event) => event.type === 'model.called' && event.step === Number(step));
  return taken ? ok({ seq: taken.seq, taskId }) : fail(noPoint(from, `${taskId} took no step ${step}`));
}

/** Tasks whose result stands: it is on the run's branch, or they ended without one. */
function keptTasks(past: readonly StoredEvent[]): ReadonlySet<string> {
  const kept = past.flatMap((event) =>
    event.type === 'task.integrated' || event.type === 'task.done' ? [event.taskId] : [],
  );
  return new Set(kept);
}

function isShared(event: StoredEvent, kept: ReadonlySet<string>, read: ReadonlySet<number>): boolean {
  switch (event.type) {
    case 'run.created':
    case 'run.analysed':
    case 'research.finished':
    case 'gates.detected':
    case 'preparation.detected':
    case 'agents.loaded':
    case 'plan.proposed':
    case 'plan.approved':
    case 'plan.revised':
      return true;
    case 'phase.entered':
      return event.phase !== 'validation' && event.phase !== 'delivery';
    case 'gate.finished':
      return event.on === 'base' || kept.has(event.on);
    case 'model.called':
    case 'model.answered':
      return event.taskId === undefined || kept.has(event.taskId);
    // What somebody else sent or asked is said again where it still matters.
    case 'policy.decided':
    case 'approval.requested':
    case 'approval.answered':
    case 'note':
      return false;
    case 'message.sent':
      return event.from === person ? !read.has(event.seq) : kept.has(event.taskId ?? '');
    default:
      return 'taskId' in event && event.taskId !== undefined && kept.has(event.taskId);
  }
}

function forked(created: EventOf<'run.created'>, seq: number): StoredEvent {
  return { ...created, forkedFrom: { runId: created.runId, seq: seq - 1 } };
}

/** Events as a new journal takes them: without their old numbers, which a message that was read refers to. */
function renumbered(events: readonly StoredEvent[]): NewEvent[] {
  const now = new Map(events.map((event, at) => [event.seq, at + 1]));
  return events.flatMap((event): NewEvent[] => {
    const { runId: _runId, seq: _seq, at: _at, ...fresh } = event;
    if (fresh.type === 'model.answered') return [{ ...fresh, usage }];
    if (fresh.type !== 'message.received') return [fresh];
    const sentSeq = now.get(fresh.sentSeq);
    // Its sender starts over and will send it again.
    return sentSeq === undefined ? [] : [{ ...fresh, sentSeq }];
  });
}

function noPoint(from: string, why: string): Failure {
  return {
    kind: 'usage',
    message: `The run cannot be forked from "${from}": ${why}.`,
    remedy:
      'Name a task (`docs`), a step of it (`docs:3`), or the number of an event (`enterprise show --json`).',
  };
}
