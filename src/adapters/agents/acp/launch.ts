import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '../../../base/result';
import type { ExternalAgent } from '../../../core/model/externalAgent';
import type { Failure } from '../../../core/model/failure';
import type { PolicyRequest } from '../../../core/ports';
import { findProgram, searchPath } from './findProgram';
import { builtInAgents, type KnownAgent } from './knownAgents';

/** Everything that decides what will run for a model id `acp/<name>` or `acp/<name>/<model>`. */
export interface Launch {
  /** The whole model id. */
  readonly model: string;
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  readonly args: readonly string[];
  /** The folders programs are looked for in, none of them inside a repository. */
  readonly path: string;
  /** The variables it is given by name, with their values; those that are not set are left out. */
  readonly passed: Readonly<Record<string, string>>;
  /** Absolute: what it may write in the sandbox besides the worktree. */
  readonly ownPaths: readonly string[];
  /** What the agent is asked to use; absent: what it is set to. */
  readonly chosenModel?: string;
  readonly mode?: string;
}

export interface LaunchOptions {
  /** The machine's own agents; they go before the built-in ones. */
  readonly configured: Readonly<Record<string, ExternalAgent>>;
  /** Folders others can write (the workspace, the worktrees): no program is taken from them. */
  readonly untrusted: readonly string[];
  /** An empty folder of the engine: npx looks for packages and settings there, and not in the worktree. */
  readonly npxFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The person's home: what `~` stands for. */
  readonly home: string;
}

/** Finds the program of a model id. What is not known or not installed is a failure that says what to do. */
export async function findLaunch(model: string, options: LaunchOptions): Promise<Result<Launch, Failure>> {
  const [, name = '', ...rest] = model.split('/');
  const agent = agentOf(name, options.configured);
  if (!agent) return fail(unknownAgent(model, name, options.configured));
  const path = searchPath(options.environment);
  const file = await findProgram(agent.command, path, options.untrusted);
  if (file === undefined) return fail(notInstalled(model, agent));
  const chosen = rest.length > 0 ? rest.join('/') : agent.model;
  return ok({
    model,
    name,
    file,
    args: argumentsOf(agent, options.npxFolder),
    path,
    passed: passedOf(agent, options.environment),
    ownPaths: (agent.paths ?? []).map((path) => path.replace(/^~(?=[\\/])/, options.home)),
    ...(chosen === undefined ? {} : { chosenModel: chosen }),
    ...(agent.mode === undefined ? {} : { mode: agent.mode }),
  });
}

export function agentOf(
  name: string,
  configured: Readonly<Record<string, ExternalAgent>>,
): KnownAgent | undefined {
  if (Object.hasOwn(configured, name)) return configured[name];
  return Object.hasOwn(builtInAgents, name) ? builtInAgents[name] : undefined;
}

/** What is asked of the policy, and of a person, before the program starts. The digest is over argv and variable names. */
export function startRequest(launch: Launch): PolicyRequest & { kind: 'program' } {
  const argv = [launch.file, ...launch.args];
  const variables = Object.keys(launch.passed).sort();
  return {
    kind: 'program',
    name: launch.model,
    commandLine: argv.map(quoted).join(' '),
    digest: createHash('sha256').update(JSON.stringify({ argv, variables })).digest('hex'),
  };
}

/** A word as a shell would need it to be written, so that one line shows where each argument ends. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * npx runs a package of the folder it is started in, and reads that folder's `.npmrc`, before it asks the registry: the
 * repository would choose the program. `--prefix` gives it another folder.
 */
function argumentsOf({ command, args = [] }: ExternalAgent, npxFolder: string): readonly string[] {
  const isNpx = /(^|[\\/])npx(\.cmd)?$/.test(command);
  return isNpx && !args.includes('--prefix') ? ['--prefix', npxFolder, '--yes', ...args] : args;
}

function passedOf({ env = [] }: ExternalAgent, environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    env.flatMap((name) => {
      const value = environment[name];
      return value === undefined || value === '' ? [] : [[name, value] as const];
    }),
  );
}

function unknownAgent(model: string, name: string, configured: LaunchOptions['configured']): Failure {
  const names = [...new Set([...Object.keys(configured), ...Object.keys(builtInAgents)])];
  return {
    kind: 'usage',
    message:
      name === '' ? `The model id "${model}" names no agent.` : `There is no external agent "${name}".`,
    remedy: `Use ${names.map((known) => `acp/${known}`).join(', ')}, or name yours under "acp" in this machine's configuration.`,
  };
}

function notInstalled(model: string, agent: KnownAgent): Failure {
  return {
    kind: 'model-unavailable',
    model,
    retryable: false,
    message: `${model} cannot be started: the program ${agent.command} was not found on the PATH.`,
    remedy:
      agent.install ?? 'Install it, or correct its command under "acp" in the configuration of this machine.',
  };
}
