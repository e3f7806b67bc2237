import type { Result } from '../../base/result';
import { fail, ok } from '../../base/result';
import type { ClaimCheck } from '../model/handoff';
import type { Task } from '../model/plan';
import type { CommittedTree, Worktree } from '../ports';
import { transcriptEvidence } from './claimEvidence';
import { claimsOf, type Claim } from './claims';
import type { GateOutcome } from './gateBook';
import type { Shortcoming } from './shortcoming';
import type { TaskRunDeps } from './taskRunDeps';

/**
 * Checks what an agent says it proved: by the gates the host ran over its tree, by its own transcript, and where that
 * shows nothing by running the gate of that name. A claim that turns out false fails the task as a red gate would; one
 * that nothing shows is struck. The verdicts are an event.
 */
export async function checkClaims(
  task: Task,
  attempt: number,
  worktree: Worktree,
  committed: CommittedTree,
  deps: TaskRunDeps,
  signal: AbortSignal,
): Promise<Result<void, Shortcoming>> {
  if (task.work.kind !== 'agent') return ok(undefined);
  const { session } = deps;
  const events = session.eventsOf(task.id).filter((event) => 'attempt' in event && event.attempt === attempt);
  const known = events.find((event) => event.type === 'claims.checked');
  if (known?.type === 'claims.checked') return judged(known.claims);
  const finished = events.findLast((event) => event.type === 'attempt.finished');
  if (finished?.type !== 'attempt.finished') return ok(undefined);
  const claims = claimsOf(finished.summary, finished.claims ?? []);
  if (claims.length === 0) return ok(undefined);
  const found = claims.map((claim) => ({ claim, shown: transcriptEvidence(claim, events) }));
  const detected = new Set(session.view.gateSpecs.map((spec) => spec.name));
  const wanted = found.filter(({ claim, shown }) => shown?.verdict !== 'confirmed' || isGated(claim, task));
  const gates = [...new Set(wanted.flatMap(({ claim: { subject } }) => subject ?? []))].filter((gate) =>
    detected.has(gate),
  );
  const { tree } = committed;
  // A claim speaks for the whole tree, not for what was changed.
  const whole = { on: task.id, tree, path: worktree.path, changed: undefined };
  const outcomes = await deps.gates.check(gates, whole, signal);
  if (gates.length > 0 && committed.changed.length > 0) {
    const restored = await deps.worktrees.restore(worktree, committed);
    if (!restored.ok) return fail({ failure: restored.failure, repairable: false, findings: [] });
  }
  const checks = found.map(({ claim, shown }) =>
    verdictOf(
      claim,
      outcomes.find(({ gate }) => gate === claim.subject),
      shown,
    ),
  );
  session.record({ type: 'claims.checked', taskId: task.id, attempt, claims: checks });
  return judged(checks, outcomes);
}

function isGated({ subject }: Claim, task: Task): boolean {
  return subject !== undefined && task.gates.includes(subject);
}

/** The host's own run decides over what the agent ran, except where it could not decide. */
function verdictOf(
  { text: claim, command }: Claim,
  outcome: GateOutcome | undefined,
  shown: ReturnType<typeof transcriptEvidence>,
): ClaimCheck {
  const { judgement, result, gate = '' } = outcome ?? {};
  if (judgement?.verdict === 'failed')
    return { claim, verdict: 'refuted', evidence: `The gate ${gate} failed: ${judgement.reason}` };
  if (judgement?.verdict === 'passed' && result?.verdict === 'failed')
    return {
      claim,
      verdict: 'unproven',
      evidence: `The gate ${gate} finds what it found before the run: ${judgement.reason}`,
    };
  // A gate that passes speaks for its own command only.
  if (judgement?.verdict === 'passed' && (command === undefined || shown?.verdict !== 'refuted'))
    return { claim, verdict: 'confirmed', evidence: `The gate ${gate} passed on the task's tree` };
  if (shown) return { claim, verdict: shown.verdict, evidence: shown.text };
  return { claim, verdict: 'unproven', evidence: unproven };
}

const unproven = 'No run in the transcript shows it after the last change, and no gate could decide it';

function judged(
  checks: readonly ClaimCheck[],
  outcomes: readonly GateOutcome[] = [],
): Result<void, Shortcoming> {
  const refuted = checks.filter(({ verdict }) => verdict === 'refuted');
  if (refuted.length === 0) return ok(undefined);
  const lines = refuted.map(({ claim, evidence }) => `it said "${claim}". ${evidence.replace(/\.$/, '')}`);
  const message = `What the agent said is not so: ${lines.join('; ')}.`;
  const remedy = 'Its work is kept; see the claims of the task in qa-report.md.';
  const findings = outcomes.flatMap(({ judgement }) => judgement.newFindings);
  return fail({
    failure: { kind: 'gate-failed', gate: 'claims', newFindings: refuted.length, message, remedy },
    repairable: true,
    findings,
  });
}
