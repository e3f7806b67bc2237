import type { Approval, ApprovalAnswer } from '../model/approval';
import type { NewEvent } from '../model/event';
import type { Policy, PolicyDecision } from '../ports';

/** Who wants something, and whom it can ask. */
export interface PermissionScene {
  readonly policy: Policy;
  /** Whose wish it is; absent for the planning of a run. */
  readonly caller?: { readonly taskId: string; readonly attempt: number };
  ask(question: Omit<Approval, 'id' | 'digest'>): Promise<ApprovalAnswer>;
  /** Resolves when the event is durable. */
  emit(event: NewEvent): Promise<void>;
}

/** What a person is shown, and what the journal says it was about: in bytes, since the answer holds for nothing else. */
export interface PermissionQuestion {
  readonly title: string;
  readonly detail: string;
  /** Default: the detail. */
  readonly subject?: string;
}

export interface Refusal {
  readonly rule: string;
  readonly reason: string;
  /** How it was refused: `denied by the rule "deny curl"`, `nobody is there to allow it`, `person said no: use fetch`. */
  readonly said: string;
  /** True when a rule denied it, so that nobody was asked. */
  readonly isRule: boolean;
}

/**
 * What comes of a decision of the policy: undefined when it may happen. What is denied or asked is in the journal, with
 * its rule, before anything comes of it; a person's answer may be remembered as the rule that was shown.
 */
export async function refusalOf(
  decided: PolicyDecision,
  question: PermissionQuestion,
  scene: PermissionScene,
): Promise<Refusal | undefined> {
  if (decided.decision === 'allow') return undefined;
  const { decision, rule, reason } = decided;
  const { title, detail, subject = detail } = question;
  await scene.emit({ type: 'policy.decided', ...scene.caller, subject, decision, rule, reason });
  if (decision === 'deny') return { rule, reason, said: `denied by the rule "${rule}"`, isRule: true };
  const { grant } = decided;
  const answer = await scene.ask({
    kind: 'tool',
    ...(scene.caller ? { taskId: scene.caller.taskId } : {}),
    title,
    detail,
    ...(grant ? { rule: grant.text } : {}),
  });
  if (answer.decision !== 'allow') return { rule, reason, said: refusedBy(answer), isRule: false };
  if (!grant || !answer.scope || answer.scope === 'once') return undefined;
  const kept = await scene.policy.grant(grant, answer.scope);
  if (!kept.ok) {
    const message = `Allowed this once, but "${grant.text}" could not be kept: ${kept.failure.message}`;
    const taskId = scene.caller ? { taskId: scene.caller.taskId } : {};
    await scene.emit({ type: 'note', level: 'warning', message, ...taskId });
  }
  return undefined;
}

function refusedBy({ by, text }: ApprovalAnswer): string {
  if (by === 'nobody') return 'nobody is there to allow it';
  if (by === 'expired') return 'nobody answered in time';
  return text?.trim() ? `${by} said no: ${text.trim()}` : `${by} said no`;
}
