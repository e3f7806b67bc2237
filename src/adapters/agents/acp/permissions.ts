import { refusalOf, type PermissionScene } from '../../../core/coordination/permission';
import type { PolicyDecision, PolicyRequest } from '../../../core/ports';
import { effectsOf } from './permissionEffects';
import type { PermissionOutcome } from './link';
import type { PermissionRequest, ToolCallUpdate } from './protocol';

export interface CallScene extends PermissionScene {
  /** The worktree. */
  readonly root: string;
  /** The model id, for people. */
  readonly model: string;
}

/**
 * Answers an agent that asks for permission: by the policy, else by a person who sees exactly what it asked for. Only
 * this once is ever allowed, so that the agent asks again and the policy hears of the next time too.
 */
export async function answerPermission(
  { toolCall, options }: PermissionRequest,
  scene: CallScene,
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

async function isPermitted(call: ToolCallUpdate, scene: CallScene): Promise<boolean> {
  const { requests, isUnderstood } = effectsOf(call, scene.root);
  const decided: Verdict[] = isUnderstood ? [] : [unknownEffect];
  for (const request of requests) {
    const verdict = await scene.policy.decide(request);
    if (verdict.decision !== 'allow') decided.push(verdict);
  }
  const strictest = decided.find((verdict) => verdict.decision === 'deny') ?? decided[0];
  if (!strictest) return true;
  const shown = shownCall(call, requests, isUnderstood);
  const subject = shown.slice(0, maxSubjectChars);
  const reasons = [...new Set(decided.map((verdict) => verdict.reason))].join(' ');
  const title = `${scene.model} asks to ${verbOf(call.kind)}. ${reasons}`;
  const refusal = await refusalOf(
    onTheWhole(strictest, decided, shown),
    { title, detail: shown, subject },
    scene,
  );
  return refusal === undefined;
}

/** More than one reason to ask cannot be settled by one rule, and what nobody can read through is not asked about. */
function onTheWhole(strictest: Verdict, decided: readonly Verdict[], shown: string): Verdict {
  const { rule, reason } = strictest;
  if (shown.length > maxShownChars)
    return { decision: 'deny', rule: 'too long to be shown', reason: 'It is longer than a person can read.' };
  return strictest.decision === 'ask' && decided.length > 1 ? { decision: 'ask', rule, reason } : strictest;
}

const unknownEffect: Verdict = {
  decision: 'ask',
  rule: 'unknown',
  reason: 'What it would do is not understood.',
};

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
