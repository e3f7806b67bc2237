import type { PolicyDecision } from '../../core/ports';
import type { PolicyRules } from './policyRules';
import { fitsGlob } from './ruleMatch';

/** Decides a connection by the name as the network will take it: any case, any way to write a number. */
export function decideHost(host: string, rules: PolicyRules): PolicyDecision {
  const name = hostName(host);
  if (name === undefined)
    return {
      decision: 'deny',
      rule: 'not a host',
      reason: `${JSON.stringify(host.slice(0, 100))} is not a host.`,
    };
  const verdict = byGlobs(name, rules.hosts ?? {}, 'host');
  if (verdict) return verdict;
  return {
    decision: 'ask',
    rule: 'unknown',
    reason: `No rule allows or denies connections to ${name}.`,
    grant: { kind: 'host', value: name, text: `connections to ${name}` },
  };
}

/** Decides a tool of an MCP server. */
export function decideMcp(server: string, tool: string, rules: PolicyRules): PolicyDecision {
  const name = `${server}/${tool}`;
  const verdict = byGlobs(name, rules.mcp ?? {}, 'mcp');
  if (verdict) return verdict;
  const isPlain = /^[\w.-]+\/[\w.-]+$/.test(name);
  const grant = {
    kind: 'mcp' as const,
    value: name,
    text: `the tool "${tool}" of the MCP server "${server}"`,
  };
  return {
    decision: 'ask',
    rule: 'unknown',
    reason: `No rule allows or denies the tool ${name}.`,
    ...(isPlain ? { grant } : {}),
  };
}

/** Decides whether a program may be started: by the digest of all that decides what will run. */
export function decideProgram(
  program: { name: string; commandLine: string; digest: string },
  rules: PolicyRules,
): PolicyDecision {
  const { name, commandLine, digest } = program;
  if (rules.programs?.allow?.includes(digest) === true)
    return { decision: 'allow', rule: `program ${digest}` };
  return {
    decision: 'ask',
    rule: 'unknown',
    reason: `Nobody has allowed ${name} to be started as: ${commandLine}`,
    grant: {
      kind: 'program',
      value: digest,
      text: `starting ${name} as long as what it runs stays the same`,
    },
  };
}

function byGlobs(
  name: string,
  { allow = [], deny = [] }: { readonly allow?: readonly string[]; readonly deny?: readonly string[] },
  kind: string,
): PolicyDecision | undefined {
  const fits = (glob: string) => fitsGlob(glob.toLowerCase(), name.toLowerCase());
  const denied = deny.find(fits);
  if (denied !== undefined)
    return { decision: 'deny', rule: `deny ${kind} ${denied}`, reason: `${name} is denied by the settings.` };
  const allowed = allow.find(fits);
  return allowed === undefined ? undefined : { decision: 'allow', rule: `allow ${kind} ${allowed}` };
}

function hostName(host: string): string | undefined {
  const plain = host.trim().replace(/\.$/, '');
  if (plain === '' || /[\s/\\@?#*\0]/.test(plain)) return undefined;
  const isBare6 = plain.includes(':') && !plain.startsWith('[');
  const url = `http://${isBare6 ? `[${plain}]` : plain}/`;
  if (!URL.canParse(url)) return undefined;
  const { hostname, port } = new URL(url);
  return port === '' ? hostname.replace(/\.$/, '') : undefined;
}
