import type { Permit, Policy } from '../ports';
import type { AskPerson } from './research';
import type { RunSession } from './runSession';

/** `Permit` for what a run does before it has tasks. What is not simply allowed stands in the journal with its rule. */
export function planningPermit(policy: Policy, session: RunSession, ask: AskPerson): Permit {
  return async (request, question) => {
    const decided = await policy.decide(request);
    if (decided.decision === 'allow') return undefined;
    const { decision, rule, reason } = decided;
    await session.emit({ type: 'policy.decided', subject: question.detail, decision, rule, reason });
    if (decision === 'deny') return `denied by the rule "${rule}": ${reason}`;
    const { grant } = decided;
    const answer = await ask({ kind: 'tool', ...question, ...(grant ? { rule: grant.text } : {}) });
    if (answer.decision !== 'allow') {
      const who = answer.by === 'nobody' ? 'nobody is there to allow it' : `${answer.by} said no`;
      return `it needs a person's permission (${reason}), and ${who}`;
    }
    if (grant && (answer.scope === 'run' || answer.scope === 'always')) {
      const kept = await policy.grant(grant, answer.scope);
      if (!kept.ok) await session.emit({ type: 'note', level: 'warning', message: kept.failure.message });
    }
    return undefined;
  };
}
