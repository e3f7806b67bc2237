import type { Clock } from '../../base/clock';
import type { Approval, ApprovalAnswer } from '../model/approval';
import type { Approver } from '../ports';
import type { RunSession } from './runSession';

/** Makes ids and digests; given from outside because the core has no access to them. */
export interface Identity {
  /** A new id, unique on this machine, made of `[a-z0-9-]`. */
  newId(): string;
  /** This process, for people: program, pid and host. */
  readonly owner: string;
  /** SHA-256 in hex. */
  digest(text: string): string;
}

/** How long a question stays open. */
export const approvalHours = 24;

/**
 * Questions of one run to a person. An answer counts only with the digest of what was shown, once, and while the
 * question is open (L8). Whoever answers first decides: the entry's own approver, the panel, or another window. A question
 * nobody answers expires: that is a denial by `expired`.
 */
export class Approvals {
  private readonly open = new Map<string, { approval: Approval; settle: (answer: ApprovalAnswer) => void }>();

  constructor(
    private readonly session: RunSession,
    private readonly approver: Approver,
    private readonly identity: Identity,
    private readonly clock: Pick<Clock, 'sleep'>,
  ) {}

  async ask(question: Omit<Approval, 'id' | 'digest'>, signal: AbortSignal): Promise<ApprovalAnswer> {
    signal.throwIfAborted();
    const { kind, title, detail, rule } = question;
    const digest = this.identity.digest(JSON.stringify([kind, title, detail, rule ?? null]));
    const approval: Approval = { ...question, id: this.identity.newId(), digest };
    const closed = new AbortController();
    const answered = this.answerOf(approval, signal);
    await this.session.emit({ type: 'approval.requested', approval });
    try {
      const asked = this.approver
        .ask(this.session.runId, approval, AbortSignal.any([signal, closed.signal]))
        .then((answer) => {
          this.open.delete(approval.id);
          return answer;
        });
      const answer = await Promise.race([answered, asked, this.expired(approval, closed.signal)]);
      signal.throwIfAborted();
      const bound: ApprovalAnswer =
        answer.digest === digest
          ? answer
          : { id: approval.id, digest, decision: 'deny', by: 'digest-mismatch' };
      await this.session.emit({ type: 'approval.answered', answer: { ...bound, id: approval.id } });
      return bound;
    } finally {
      this.open.delete(approval.id);
      closed.abort();
    }
  }

  /** False when the question is not open or the digest is not the one that was shown. */
  answer(answer: ApprovalAnswer): boolean {
    const pending = this.open.get(answer.id);
    if (pending?.approval.digest !== answer.digest) return false;
    // Whoever answers next is told that it is decided.
    this.open.delete(answer.id);
    pending.settle(answer);
    return true;
  }

  /** Measured by the monotonic clock: a wrong or jumping date expires nothing (N9). */
  private async expired({ id, digest }: Approval, closed: AbortSignal): Promise<ApprovalAnswer> {
    try {
      await this.clock.sleep(approvalHours * 3_600_000, closed);
    } catch (error) {
      if (!closed.aborted) throw error;
      return new Promise(() => undefined);
    }
    this.open.delete(id);
    const text = `The question was open for ${approvalHours} hours without an answer.`;
    return { id, digest, decision: 'deny', by: 'expired', text };
  }

  private answerOf(approval: Approval, signal: AbortSignal): Promise<ApprovalAnswer> {
    const answered = new Promise<ApprovalAnswer>((resolve, reject) => {
      this.open.set(approval.id, { approval, settle: resolve });
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    // A rejection that arrives after the other side of the race won has nobody waiting for it.
    answered.catch(() => undefined);
    return answered;
  }
}
