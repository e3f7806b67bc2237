import type { Failure } from '../../../core/model/failure';
import type { Launch } from './launch';
import type { GarbageError } from './messages';
import type { LinkProblem } from './link';
import type { ProgramEnd } from './agentProcess';

/** The protocol's own code for "log in first" (agentclientprotocol.com, error codes). */
const authRequired = -32000;

/** Why an external agent did not do what it was asked. `while` says at what: `during its work`. */
export function failureOfLink(
  launch: Launch,
  problem: LinkProblem,
  at: { readonly during: string; readonly end: ProgramEnd | undefined; readonly errorTail: string },
  logins: readonly string[] = [],
): Failure {
  if (problem.kind === 'refused') return refused(launch, problem, at.during, logins);
  if (isGarbage(problem.reason))
    return misbehaved(launch, `does not speak the protocol ${at.during}. ${problem.reason.message}`);
  return exited(launch, at);
}

/** By its name: the link is a bundle with a class of its own. */
function isGarbage(reason: unknown): reason is GarbageError {
  return reason instanceof Error && reason.name === 'GarbageError';
}

export function misbehaved({ model }: Launch, what: string): Failure {
  return {
    kind: 'model-misbehaved',
    model,
    message: `${model} ${what}`,
    remedy: 'Update the agent, or use another one for this task.',
  };
}

function refused(
  launch: Launch,
  { code, message, data }: LinkProblem & { kind: 'refused' },
  during: string,
  logins: readonly string[],
): Failure {
  const { model, file } = launch;
  const detail = detailOf(data);
  const needsLogin = code === authRequired;
  return {
    kind: 'model-unavailable',
    model,
    retryable: false,
    message: `${model} answered with an error ${during}: ${message}${detail} (${code}).`,
    remedy: needsLogin
      ? `Log in to it in a terminal first${logins.length > 0 ? ` (${logins.join('; ')})` : ''}, or set the variable of its key.`
      : `See that ${file} works by itself in a terminal.`,
  };
}

function detailOf(data: unknown): string {
  if (data === undefined || data === null) return '';
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return `: ${text.slice(0, 500)}`;
}

function exited(
  { name, model, file }: Launch,
  { during, end, errorTail }: { during: string; end: ProgramEnd | undefined; errorTail: string },
): Failure {
  const how =
    end?.startError !== undefined
      ? `could not be started: ${end.startError}`
      : end?.signal
        ? `was ended by ${end.signal} ${during}`
        : end
          ? `ended with exit code ${end.exitCode ?? 'unknown'} ${during}`
          : `closed its output ${during}`;
  return {
    kind: 'agent-exited',
    agent: name,
    exitCode: end?.exitCode ?? null,
    signal: end?.signal ?? null,
    outputTail: errorTail,
    message: `${model} ${how}.`,
    remedy: `See the end of its output, and that ${file} works by itself in a terminal.`,
  };
}
