import type { Policy } from '../../core/ports';

/** What decides whether a command may run unasked. */
export interface AutonomousSurroundings {
  /** Whether commands are confined; found out by trying. */
  isSandboxed(): Promise<boolean>;
  /** Whether this command line would reach the network. */
  hasNetwork(commandLine: string): Promise<boolean>;
}

/**
 * The same policy for a person who wants to be asked less: a command of which no rule is known runs where it can reach
 * nothing but its worktree (law L5). Denials stay denials; paths, hosts, programs and servers are asked about as before,
 * and so is a command that a rule about protected paths stopped.
 */
export function autonomousPolicy(policy: Policy, surroundings: AutonomousSurroundings): Policy {
  return {
    decide: async (request) => {
      const decision = await policy.decide(request);
      if (decision.decision !== 'ask' || request.kind !== 'command') return decision;
      if (decision.touchesProtected === true) return decision;
      if (!(await surroundings.isSandboxed()) || (await surroundings.hasNetwork(request.command)))
        return decision;
      return { decision: 'allow', rule: 'autonomous, in the sandbox without network' };
    },
    grant: (grant, scope) => policy.grant(grant, scope),
  };
}
