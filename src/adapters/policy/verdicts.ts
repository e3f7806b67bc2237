import type { PolicyDecision } from '../../core/ports';

export function ask(reason: string, rule = 'unknown'): PolicyDecision {
  return { decision: 'ask', rule, reason };
}

export function allow(rule: string): PolicyDecision {
  return { decision: 'allow', rule };
}

/** Of all parts: a denied one denies, an unknown one asks, and only where all are allowed it is allowed. */
export function strictest(verdicts: readonly PolicyDecision[]): PolicyDecision {
  const worst =
    verdicts.find((verdict) => verdict.decision === 'deny') ??
    verdicts.find((verdict) => verdict.decision === 'ask' && verdict.touchesProtected === true) ??
    verdicts.find((verdict) => verdict.decision === 'ask');
  if (worst) return worst;
  const rules = [...new Set(verdicts.map((verdict) => verdict.rule))];
  return allow(rules.length > 0 ? rules.join(', ') : 'nothing to run');
}
