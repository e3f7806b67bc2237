import type { Policy, PolicyDecision, PolicyRequest } from '../../core/ports';
import { decideCommand } from './commandRules';
import { decidePath } from './pathRules';

/** Rules of the machine's owner. They never come from a repository (law L4) and are fixed for the life of a policy. */
export interface PolicyRules {
  /**
   * Beginnings of commands that run without asking, as words: `npm test` allows `npm test` and `npm test -- --watch`,
   * not `npm testing`. They hold only for one plain command (see `plainWords`).
   */
  readonly allow?: readonly string[];
  /** Beginnings of commands that never run. Checked first, in every part of the command line. */
  readonly deny?: readonly string[];
}

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
