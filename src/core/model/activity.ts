import type { ApprovalAnswer } from './approval';
import type { StoredEvent } from './event';
import { describeFailure } from './failure';
import type { ClaimCheck } from './handoff';

/** A line of the activity log: something that happened, for a person. */
export interface Activity {
  readonly seq: number;
  readonly at: string;
  readonly taskId?: string;
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
  /** Of a line that is a message: the task, `person` or `all`, and what was written. */
  readonly message?: { readonly from: string; readonly to: string; readonly text: string };
}

/** The line for an event; undefined for those that are only bookkeeping. */
export function activityOf(event: StoredEvent): Activity | undefined {
  const text = activityText(event);
  if (text === undefined) return undefined;
  const taskId = taskOf(event);
  return {
    seq: event.seq,
    at: event.at,
    level: levelOf(event),
    text,
    ...(taskId === undefined ? {} : { taskId }),
    ...(event.type === 'message.sent'
      ? { message: { from: event.from ?? taskId ?? 'planning', to: event.to, text: event.text } }
      : {}),
  };
}

/** The task an event belongs to, where it belongs to one. */
export function taskOf(event: StoredEvent): string | undefined {
  if (event.type === 'approval.requested') return event.approval.taskId;
  return 'taskId' in event ? event.taskId : undefined;
}

function levelOf(event: StoredEvent): Activity['level'] {
  switch (event.type) {
    case 'note':
      return event.level;
    case 'gate.finished':
      return event.judgement.verdict === 'failed'
        ? 'error'
        : event.judgement.verdict === 'inconclusive'
          ? 'warning'
          : 'info';
    case 'task.failed':
    case 'run.failed':
    case 'delivery.refused':
    case 'undo.refused':
      return 'error';
    case 'attempt.failed':
    case 'model.failed':
    case 'task.skipped':
    case 'task.repairing':
      return 'warning';
    default:
      return 'info';
  }
}

/** `2 confirmed, 1 unproven`. */
function claimCounts(claims: readonly ClaimCheck[]): string {
  return (['confirmed', 'refuted', 'unproven'] as const)
    .map((verdict) => [claims.filter((claim) => claim.verdict === verdict).length, verdict] as const)
    .filter(([count]) => count > 0)
    .map(([count, verdict]) => `${count} ${verdict}`)
    .join(', ');
}

/** What a person reads of an event; undefined for those that are only bookkeeping. */
function activityText(event: StoredEvent): string | undefined {
  switch (event.type) {
    case 'phase.entered':
      return `Phase: ${event.phase}`;
    case 'research.finished':
      return researchLine(event.findings.length, event.problems);
    case 'plan.proposed':
      return `Plan ${event.revision} with ${event.plan.tasks.length} tasks`;
    case 'plan.revised':
      return `Plan ${event.revision}, changed by ${event.by}: ${event.impact.join(' ')}`;
    case 'task.restarted':
      return event.because;
    case 'plan.approved':
      return `Plan approved by ${event.by}`;
    case 'worktree.created':
      return `Worktree ready; dependencies ${event.dependencies}`;
    case 'attempt.started':
      return `${event.agent} starts attempt ${event.attempt}`;
    case 'attempt.progress':
      return event.activity;
    case 'attempt.finished':
      return event.summary;
    case 'tool.called':
      return event.summary;
    case 'conversation.condensed':
      return event.by === 'engine'
        ? 'Made room in its conversation without a summary'
        : 'Summarised the older part of its conversation';
    case 'claims.checked':
      return `Claims checked: ${claimCounts(event.claims)}`;
    case 'task.repairing':
      return `Repairing: ${event.because.join('; ')}`;
    case 'task.integrated':
      return 'Integrated onto the run’s branch';
    case 'gate.finished':
      return `Gate ${event.result.gate} on ${event.on}: ${event.judgement.verdict} (${event.judgement.reason})`;
    case 'approval.requested':
      return `Asks: ${event.approval.title}`;
    case 'approval.answered':
      return answerLine(event.answer);
    case 'message.sent':
      return `${event.from === undefined ? 'To' : 'A person to'} ${event.to}: ${event.text}`;
    case 'run.failed':
    case 'attempt.failed':
    case 'model.failed':
    case 'task.failed':
    case 'task.skipped':
    case 'delivery.refused':
    case 'undo.refused':
      return describeFailure(event.failure);
    case 'note':
      return event.message;
    default:
      return runText(event);
  }
}

function researchLine(findings: number, problems: readonly string[]): string {
  const found = `Looked up before planning: ${findings} ${findings === 1 ? 'finding' : 'findings'}`;
  return problems.length === 0 ? found : `${found}. Not everything worked: ${problems.join(' ')}`;
}

/** What happened to the run as a whole. */
function runText(event: StoredEvent): string | undefined {
  switch (event.type) {
    case 'delivery.completed':
      return `Delivered ${event.paths.length} files into the workspace`;
    case 'undo.completed':
      return `Took back ${event.paths.length} files`;
    case 'run.paused':
      return `Paused by ${event.by}`;
    case 'run.resumed':
      return `Resumed by ${event.by}`;
    case 'run.recovered':
      return `Taken over by ${event.owner}`;
    case 'run.cancelled':
      return `Cancelled by ${event.by}`;
    default:
      return undefined;
  }
}

function answerLine({ decision, by, scope }: ApprovalAnswer): string {
  if (by === 'nobody') return 'Denied: nobody is there to answer';
  if (by === 'expired') return 'Denied: nobody answered in time';
  const held = scope === 'run' ? ' for this run' : scope === 'always' ? ' for always' : '';
  return `${decision === 'allow' ? `Allowed${held}` : 'Denied'} by ${by}`;
}
