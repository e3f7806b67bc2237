import type { ApprovalAnswer } from '../../../core/model/approval';
import type { NewEvent } from '../../../core/model/event';
import type { AttemptContext, Policy, PolicyDecision, PolicyRequest } from '../../../core/ports';
import { effectsOf } from './permissionEffects';
import type { PermissionOutcome } from './link';
import type { PermissionRequest, ToolCallUpdate } from './protocol';

export interface PermissionScene {
  readonly policy: Policy;
  /** The worktree. */
  readonly root: string;
  /** The model id, for people. */
  readonly model: string;
  readonly caller: { readonly taskId: string; readonly attempt: number };
  /** Asks a person; the answer comes as `deny` where nobody is there or the attempt ends first. */
  ask(question: Parameters<AttemptContext['ask']>[0]): Promise<ApprovalAnswer>;
  /** Resolves when the event is durable. */
  emit(event: NewEvent): Promise<void>;
}

/**
 * Answers an agent that asks for permission: by the policy, else by a person who sees exactly what it asked for. Only
 * this once is ever allowed, so that the agent asks again and the policy hears of the next time too.
 */
export async function answerPermission(
  { toolCall, options }: PermissionRequest,
  scene: PermissionScene,
): Promise<{ readonly outcome: PermissionOutcome; readonly isAllowed: boolean }> {
  const once = options.find((option) => option.kind === 'allow_once');
  const isAllowed = once !== undefined && (await isPermitted(toolCall, scene));
  if (isAllowed) return { outcome: { outcome: 'selected', optionId: once.optionId }, isAllowed };
  const no =
    options.find((option) => option.kind === 'reject_once') ??
    options.find((option) => option.kind === 'reject_always');
  const outcome: PermissionOutcome = no
    ? { outcome: 'selected', optionId: no.optionId }
    : { outcome: 'cancelled' };
  return { outcome, isAllowed: false };
}

type Verdict = Exclude<PolicyDecision, { decision: 'allow' }>;

async function isPermitted(call: ToolCallUpdate, scene: PermissionScene): Promise<boolean> {
  const { requests, isUnderstood } = effectsOf(call, scene.root);
  const decided: Verdict[] = isUnderstood ? [] : [unknownEffect];
  for (const request of requests) {
    const verdict = await scene.policy.decide(request);
    if (verdict.decision !== 'allow') decided.push(verdict);
  }
  const strictest = decided.find((verdict) => verdict.decision === 'deny') ?? decided[0];
  if (!strictest) return true;
  const shown = shownCall(call, requests, isUnderstood);
  await scene.emit({
    type: 'policy.decided',
    ...scene.caller,
    subject: shown.slice(0, maxSubjectChars),
    decision: strictest.decision,
    rule: strictest.rule,
    reason: strictest.reason,
  });
  if (strictest.decision === 'deny' || shown.length > maxShownChars) return false;
  return askPerson(shown, call, decided, scene);
}

async function askPerson(
  shown: string,
  call: ToolCallUpdate,
  decided: readonly Verdict[],
  scene: PermissionScene,
): Promise<boolean> {
  // More than one reason to ask cannot be settled by one rule.
  const [only] = decided;
  const grant = decided.length === 1 && only?.decision === 'ask' ? only.grant : undefined;
  const reasons = [...new Set(decided.map((verdict) => verdict.reason))].join(' ');
  const answer = await scene.ask({
    kind: 'tool',
    taskId: scene.caller.taskId,
    title: `${scene.model} asks to ${verbOf(call.kind)}. ${reasons}`,
    detail: shown,
    ...(grant ? { rule: grant.text } : {}),
  });
  if (answer.decision !== 'allow') return false;
  if (grant && answer.scope && answer.scope !== 'once') {
    const kept = await scene.policy.grant(grant, answer.scope);
    if (!kept.ok)
      await scene.emit({
        type: 'note',
        level: 'warning',
        message: `It was allowed this once, but not remembered: ${kept.failure.message}`,
        taskId: scene.caller.taskId,
      });
  }
  return true;
}

const unknownEffect: Verdict = {
  decision: 'ask',
  rule: 'unknown',
  reason: 'What it would do is not understood.',
};

/** What nobody can read through is not asked about. */
const maxShownChars = 100_000;
const maxSubjectChars = 4000;

/** The exact command line, where that is all; else everything the agent said of the call. */
function shownCall(call: ToolCallUpdate, requests: readonly PolicyRequest[], isUnderstood: boolean): string {
  const [only] = requests;
  if (isUnderstood && requests.length === 1 && only?.kind === 'command') return only.command;
  const { title, name, kind, rawInput, locations, content } = call;
  return JSON.stringify({ title, name, kind, input: rawInput, locations, content }, undefined, 2);
}

function verbOf(kind: string | null | undefined): string {
  switch (kind) {
    case 'read':
    case 'search':
    case 'edit':
    case 'delete':
    case 'move':
    case 'fetch':
      return kind;
    case 'execute':
      return 'run a command';
    default:
      return 'use a tool';
  }
}
