import type { Approval, ApprovalAnswer } from '../model/approval';
import type { EventOf, StoredEvent } from '../model/event';
import { person } from '../model/message';
import type { ModelAnswer, ModelRequest } from '../ports';

/** What models and people said in a recorded run, to be said again where the run is replayed or forked. */
export interface Recording {
  /** The answer a model gave to the call of this caller; undefined where the recording has none. */
  answer(caller: NonNullable<ModelRequest['caller']>): ModelAnswer | undefined;
  /** What a person wrote to an attempt after it had that many answers of its model, and before the next. */
  mail(attempt: AttemptName, answers: number): readonly string[];
  /** What a person answered to a question of a task. Permissions are not in here: each is given once. */
  reply(taskId: string, question: Pick<Approval, 'kind' | 'detail'>): ApprovalAnswer | undefined;
}

export interface AttemptName {
  readonly taskId: string;
  readonly attempt: number;
}

/** Answers cost nothing when they are said again: what they cost is recorded in the run they were given in. */
const freeUsage = { inputTokens: 0, outputTokens: 0, costUsd: 0 };

/** @param untilSeq the first event that is not part of the recording any more */
export function recordingOf(events: readonly StoredEvent[], untilSeq = Number.POSITIVE_INFINITY): Recording {
  const answers = new Map<string, ModelAnswer>();
  const mails = new Map<string, string[]>();
  const counts = new Map<string, number>();
  const past = events.filter((event) => event.seq < untilSeq);
  for (const event of past) {
    if (event.type === 'model.answered') {
      answers.set(callKey(event), answerOf(event));
      if (event.purpose) continue;
      const of = attemptKey(event);
      counts.set(of, (counts.get(of) ?? 0) + 1);
    }
    if (event.type !== 'message.received' || event.from !== person) continue;
    const key = `${attemptKey(event)} ${counts.get(attemptKey(event)) ?? 0}`;
    mails.set(key, [...(mails.get(key) ?? []), event.text]);
  }
  const replies = repliesIn(past);
  return {
    answer: (caller) => answers.get(callKey(caller)),
    mail: (attempt, count) => mails.get(`${attemptKey(attempt)} ${count}`) ?? [],
    reply: (taskId, { kind, detail }) =>
      kind === 'question' ? replies.get(replyKey(taskId, detail)) : undefined,
  };
}

function answerOf({ text, toolCalls, content, finishReason }: EventOf<'model.answered'>): ModelAnswer {
  return { text, toolCalls, finishReason, usage: freeUsage, ...(content === undefined ? {} : { content }) };
}

function repliesIn(events: readonly StoredEvent[]): Map<string, ApprovalAnswer> {
  const asked = new Map<string, Approval>();
  const replies = new Map<string, ApprovalAnswer>();
  for (const event of events) {
    if (event.type === 'approval.requested') asked.set(event.approval.id, event.approval);
    if (event.type !== 'approval.answered') continue;
    const question = asked.get(event.answer.id);
    if (question?.kind === 'question' && question.taskId !== undefined)
      replies.set(replyKey(question.taskId, question.detail), event.answer);
  }
  return replies;
}

/** Planning has neither. */
interface Caller {
  readonly taskId?: string | undefined;
  readonly attempt?: number | undefined;
}

function replyKey(taskId: string, detail: string): string {
  return `${taskId}\n${detail}`;
}

function attemptKey({ taskId = '', attempt = 0 }: Caller): string {
  return `${taskId} ${attempt}`;
}

function callKey(call: Caller & { readonly step: number; readonly purpose?: string | undefined }): string {
  return `${attemptKey(call)} ${call.step} ${call.purpose ?? ''}`;
}
