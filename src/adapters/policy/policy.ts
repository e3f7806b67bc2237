import { fail, ok, type Result } from '../../base/result';
import type { Failure } from '../../core/model/failure';
import type { Grant, Policy, PolicyDecision, PolicyRequest } from '../../core/ports';
import type { ParseShell } from './bashParser';
import { decideCommand, decideUnparsed } from './commandRules';
import { decideHost, decideMcp, decideProgram } from './hostRules';
import { decidePath } from './pathRules';
import type { PolicyRules } from './policyRules';

export interface PolicyOptions {
  readonly rules: PolicyRules;
  /** Loads the parser of shell commands, at the first command; without one every command asks. */
  readonly loadParser?: () => Promise<ParseShell>;
  /** Keeps a permission for later runs, in the machine's own configuration. */
  readonly save?: (grant: Grant) => Promise<Result<void, Failure>>;
}

/**
 * The policy of one run. Decides by effect, names the rule that decided, and asks where nothing decides (laws L2 to L4).
 * Its rules change only by `grant`, which is a person's answer.
 */
export function createPolicy(options: PolicyOptions): Policy {
  let rules = structuredClone(options.rules);
  let loading: Promise<ParseShell> | undefined;
  const parser = () => (loading ??= options.loadParser?.());
  return {
    decide: async (request) => decide(request, rules, parser),
    grant: async (grant, scope) => {
      rules = withGrant(rules, grant);
      if (scope === 'run') return ok(undefined);
      return options.save?.(grant) ?? fail(notKept(grant));
    },
  };
}

/** The rules with one more allowance. */
export function withGrant(rules: PolicyRules, { kind, value }: Grant): PolicyRules {
  const added = (known: readonly string[] = []) => (known.includes(value) ? known : [...known, value]);
  switch (kind) {
    case 'command':
      return { ...rules, allow: added(rules.allow) };
    case 'host':
      return { ...rules, hosts: { ...rules.hosts, allow: added(rules.hosts?.allow) } };
    case 'mcp':
      return { ...rules, mcp: { ...rules.mcp, allow: added(rules.mcp?.allow) } };
    case 'program':
      return { ...rules, programs: { allow: added(rules.programs?.allow) } };
  }
}

async function decide(
  request: PolicyRequest,
  rules: PolicyRules,
  parser: () => Promise<ParseShell> | undefined,
): Promise<PolicyDecision> {
  switch (request.kind) {
    case 'command':
      return command(request.command, request.root, rules, parser);
    case 'read':
    case 'write':
      return decidePath(request.kind, request.root, request.path);
    case 'host':
      return decideHost(request.host, rules);
    case 'mcp':
      return decideMcp(request.server, request.tool, rules);
    case 'program':
      return decideProgram(request, rules);
  }
}

async function command(
  text: string,
  root: string,
  rules: PolicyRules,
  parser: () => Promise<ParseShell> | undefined,
): Promise<PolicyDecision> {
  const loading = parser();
  if (!loading) return decideUnparsed('there is no parser.');
  let parse: ParseShell;
  try {
    parse = await loading;
  } catch (error) {
    return decideUnparsed(error instanceof Error ? error.message : String(error));
  }
  return decideCommand(text, { root, rules, parse });
}

function notKept({ text }: Grant): Failure {
  const message = `The permission for ${text} holds for this run, but there is nowhere to keep it.`;
  return { kind: 'usage', message };
}
