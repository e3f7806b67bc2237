import { loadBashParser } from '../../src/adapters/policy/bashParser';
import { createPolicy } from '../../src/adapters/policy/policy';
import type { PolicyRules } from '../../src/adapters/policy/policyRules';
import type { Policy } from '../../src/core/ports';
import { runtimeFiles } from '../../src/runtimeFiles';

/** The policy as a run has it, with the parser of shell commands. */
export function realPolicy(rules: PolicyRules = {}): Policy {
  return createPolicy({ rules, loadParser: () => loadBashParser(runtimeFiles().shellGrammar) });
}
