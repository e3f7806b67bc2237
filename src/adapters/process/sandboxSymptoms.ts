import type { SandboxConfinement } from './sandbox';

/** What programs print when the sandbox stands in their way, and what can be done about it. */

interface Symptom {
  readonly signs: RegExp;
  /** Only where the command had no network. */
  readonly network?: true;
  /** Only where this was its loopback. */
  readonly loopback?: SandboxConfinement['loopback'];
  readonly text: string;
}

type Means = Pick<SandboxConfinement, 'network' | 'loopback'>;

const refused = /\bECONNREFUSED\b|connection refused|failed to connect to (?:localhost|127\.0\.0\.1|::1)/i;

const symptoms: readonly Symptom[] = [
  {
    signs: refused,
    loopback: 'own',
    text: 'it had a localhost of its own, where only what it started itself answers; if it needs a service of this machine, name the beginning of the command in `sandbox.network` of this machine’s configuration',
  },
  {
    signs: refused,
    loopback: 'session',
    text: 'localhost is that of this session, where only its own background commands answer; if it needs a service of this machine, name the beginning of the command in `sandbox.network` of this machine’s configuration',
  },
  {
    signs: refused,
    loopback: 'machine',
    text: 'it had the network of the machine, where servers started by other commands of the sandbox do not answer',
  },
  {
    signs:
      /\b(?:ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ERR_NAME_NOT_RESOLVED|ERR_INTERNET_DISCONNECTED|ENOTCACHED|ERR_PNPM_NO_OFFLINE_TARBALL|ERR_PNPM_NO_OFFLINE_META)\b|could not resolve host|temporary failure in name resolution|name or service not known|network is unreachable/i,
    network: true,
    text: 'it ran without network; if it needs one, name the beginning of the command in `sandbox.network` of this machine’s configuration',
  },
  {
    signs: /\bEROFS\b|read-only file system/i,
    text: 'it tried to write outside its worktree; if it must, name the path in `sandbox.readWrite` of this machine’s configuration',
  },
  {
    signs: /no usable sandbox|clone\(\) .*operation not permitted|failed to move to new namespace/i,
    text: 'it wanted a sandbox of its own, which cannot be made inside this one (browsers: start them with `--no-sandbox`)',
  },
  {
    signs: /cannot connect to the docker daemon|docker\.sock/i,
    text: 'it wanted Docker, which would lead out of the sandbox and is not there',
  },
];

/** Programs that fetch, whose own words about it are many: an old lockfile, a version that is not there. */
const fetching =
  /\b(?:npm|pnpm|yarn|bun|pip3?|uv|cargo|go|gem|bundle|composer|apt|apt-get|apk|dnf|brew|git)\s+(?:-\S+\s+)*(?:ci|install|i|add|update|upgrade|fetch|get|download|audit|clone|pull|push|outdated|view|publish)\b|\b(?:curl|wget|ssh|scp|rsync)\s/;

/**
 * A sentence for a person, when the output of a failed command looks as if the sandbox was in its way; else undefined.
 * @param command its command line
 */
export function sandboxSymptom(command: string, output: string, means: Means): string | undefined {
  const found = symptoms.find(
    ({ signs, network, loopback }) =>
      (signs.test(output) || (network && fetching.test(command))) &&
      !(network && means.network) &&
      (loopback ?? means.loopback) === means.loopback,
  );
  return found && `In the sandbox ${found.text}.`;
}
