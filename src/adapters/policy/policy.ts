import type { Policy, PolicyDecision, PolicyRequest } from '../../core/ports';
import { decideCommand } from './commandRules';
import { decidePath } from './pathRules';
import type { PolicyRules } from './policyRules';

/** Decides by effect, names the rule that decided, and asks where nothing decides (laws L2 to L4). */
export function createPolicy(options: { rules: PolicyRules }): Policy {
  const rules = structuredClone(options.rules);
  return {
    decide: async (request) => decide(request, rules),
  };
}

async function decide(request: PolicyRequest, rules: PolicyRules): Promise<PolicyDecision> {
  return request.kind === 'command'
    ? decideCommand(request.command, rules)
    : decidePath(request.kind, request.root, request.path);
}
