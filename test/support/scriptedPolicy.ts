import { ok } from '../../src/base/result';
import type { Policy, PolicyDecision, PolicyRequest } from '../../src/core/ports';

/** A policy that decides by a function, and remembers what it was asked. */
export function scriptedPolicy(
  decide: (request: PolicyRequest) => PolicyDecision['decision'],
): Policy & { asked: PolicyRequest[] } {
  const asked: PolicyRequest[] = [];
  return {
    asked,
    grant: () => Promise.resolve(ok(undefined)),
    decide: async (request) => {
      asked.push(request);
      const decision = decide(request);
      const rule = `scripted ${decision}`;
      return decision === 'allow'
        ? { decision, rule }
        : { decision, rule, reason: `The script says ${decision}.` };
    },
  };
}
