import { ok } from '../../src/base/result';
import type { Grant, Policy, PolicyDecision, PolicyRequest } from '../../src/core/ports';

/** A policy that decides by a function, and remembers what it was asked. */
export function scriptedPolicy(
  decide: (request: PolicyRequest) => PolicyDecision['decision'],
): Policy & { asked: PolicyRequest[]; granted: Grant[] } {
  const asked: PolicyRequest[] = [];
  const granted: Grant[] = [];
  return {
    asked,
    granted,
    grant: (grant) => {
      granted.push(grant);
      return Promise.resolve(ok(undefined));
    },
    decide: async (request) => {
      asked.push(request);
      const isGranted =
        request.kind === 'command' && granted.some(({ value }) => request.command.startsWith(value));
      const decision = isGranted ? 'allow' : decide(request);
      const rule = `scripted ${decision}`;
      return decision === 'allow'
        ? { decision, rule }
        : { decision, rule, reason: `The script says ${decision}.` };
    },
  };
}
