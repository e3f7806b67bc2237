import { fail } from '../../base/result';
import type { Policy, PolicyDecision, PolicyRequest } from '../../core/ports';
import { decideCommand } from './commandRules';
import { decidePath } from './pathRules';
import type { PolicyRules } from './policyRules';

/** Decides by effect, names the rule that decided, and asks where nothing decides (laws L2 to L4). */
export function createPolicy(options: { rules: PolicyRules }): Policy {
  const rules = structuredClone(options.rules);
  return {
    decide: async (request) => decide(request, rules),
    grant: () => Promise.resolve(fail({ kind: 'usage', message: 'This policy remembers no permissions.' })),
  };
}

async function decide(request: PolicyRequest, rules: PolicyRules): Promise<PolicyDecision> {
  switch (request.kind) {
    case 'command':
      return decideCommand(request.command, rules);
    case 'read':
    case 'write':
      return decidePath(request.kind, request.root, request.path);
    case 'host':
    case 'mcp':
    case 'program':
      return { decision: 'ask', rule: 'unknown', reason: 'No rule allows or denies this.' };
  }
}
