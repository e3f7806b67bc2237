import { stat } from 'node:fs/promises';
import { simpleGit, type SimpleGitOptions } from 'simple-git';
import type { Failure } from '../../core/model/failure';
import { fail, ok, type Result } from '../../base/result';
import { childEnvironment } from '../process/childEnvironment';
import type { GitProgram } from './gitProgram';
import { configEnvironment, fixedConfig, globalFlags, storeConfig, type ConfigEntry } from './hardening';

/** The one place where the engine starts git, through simple-git, hardened. */

export interface GitCall {
  readonly cwd: string;
  /** The subcommand and its arguments. */
  readonly argv: readonly string[];
  /** `store`: only the engine's own store is configured; `person`: their configuration is read, what it names is not run. */
  readonly config: 'store' | 'person';
  readonly gitDir?: string;
  readonly workTree?: string;
  readonly indexFile?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly overrides?: readonly ConfigEntry[];
  readonly input?: string | Uint8Array;
  /** Exit codes that are answers and not failures. Default: only 0. */
  readonly accept?: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

export interface GitOutput {
  readonly exitCode: number;
  readonly bytes: Buffer;
  /** `bytes` as UTF-8. */
  readonly text: string;
  readonly stderr: string;
}

export type Git = (call: GitCall) => Promise<Result<GitOutput, Failure>>;

/** Silence of this length means that git hangs (a dead network drive); it is ended. */
const silenceMs = 600_000;

export function createGit(program: GitProgram): Git {
  return async (call) => {
    if (call.signal?.aborted) return cancelled(call);
    const usable = await stat(call.cwd).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!usable) return failed(call, null, `the folder ${call.cwd} does not exist`);
    return execute(program, call);
  };
}

async function execute(program: GitProgram, call: GitCall): Promise<Result<GitOutput, Failure>> {
  let answer: { exitCode: number; stdOut: Buffer[]; stdErr: Buffer[] } | undefined;
  let stopped: string | undefined;
  const environment = environmentOf(call);
  const git = simpleGit({
    ...optionsOf(program, call, environment),
    // simple-git takes what is on stderr for the verdict; the exit code is.
    errors: (error, result) => {
      answer = result;
      if (error instanceof Error && 'plugin' in error) stopped = error.message;
      return undefined;
    },
  });
  // simple-git waits 50 ms for late output of a silent command; at the end of the stream there is none to come.
  git.outputHandler((_command, stdout) => {
    stdout.once('end', () => stdout.emit('data', Buffer.alloc(0)));
  });
  await git.env(environment).raw([...globalFlags, ...call.argv]);
  if (call.signal?.aborted) return cancelled(call);
  if (!answer) throw new Error(`simple-git gave no result for ${call.argv.join(' ')}`);
  const stderr = Buffer.concat(answer.stdErr).toString('utf8').trim();
  const exitCode = answer.exitCode;
  if (stopped !== undefined) return failed(call, exitCode, stopped);
  if (!(call.accept ?? [0]).includes(exitCode))
    return failed(call, exitCode, stderr || `exit code ${exitCode}`);
  const bytes = Buffer.concat(answer.stdOut);
  return ok({ exitCode, bytes, stderr, text: bytes.toString('utf8') });
}

function optionsOf(
  program: GitProgram,
  call: GitCall,
  environment: NodeJS.ProcessEnv,
): Partial<SimpleGitOptions> {
  return {
    baseDir: call.cwd,
    binary: program.file,
    config: [...fixedConfig, ...(call.config === 'store' ? storeConfig : [])],
    allowEnvironment: Object.keys(environment).filter((name) => name.startsWith('GIT_')),
    completion: { onClose: true, onExit: false },
    timeout: { block: silenceMs },
    unsafe: unsafeByUs,
    ...(call.signal ? { abort: call.signal } : {}),
    ...(call.input === undefined ? {} : { input: () => Buffer.from(call.input ?? '') }),
  };
}

/** simple-git's guards are against arguments from outside; these settings are ours, and each switches something off. */
const unsafeByUs: NonNullable<SimpleGitOptions['unsafe']> = {
  allowUnsafeCustomBinary: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeHooksPath: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeFilter: true,
  allowUnsafeMergeDriver: true,
};

function environmentOf(call: GitCall): NodeJS.ProcessEnv {
  const inherited = Object.entries(childEnvironment()).filter(
    ([name]) => !/^(EDITOR|VISUAL|PAGER|PREFIX)$/i.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    ...(call.config === 'store'
      ? { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_ATTR_NOSYSTEM: '1' }
      : {}),
    ...(call.gitDir === undefined ? {} : { GIT_DIR: call.gitDir }),
    ...(call.workTree === undefined ? {} : { GIT_WORK_TREE: call.workTree }),
    ...(call.indexFile === undefined ? {} : { GIT_INDEX_FILE: call.indexFile }),
    ...(call.overrides?.length ? configEnvironment(call.overrides) : {}),
    ...call.environment,
  };
}

function cancelled(call: GitCall): Result<GitOutput, Failure> {
  return fail({ kind: 'cancelled', message: `git ${call.argv[0] ?? ''} was cancelled.` });
}

function failed(call: GitCall, exitCode: number | null, why: string): Result<GitOutput, Failure> {
  const message = `git ${call.argv[0] ?? ''} in ${call.workTree ?? call.gitDir ?? call.cwd} failed: ${why.slice(0, 2000)}`;
  return fail({ kind: 'git-failed', message, argv: [...call.argv], exitCode });
}
