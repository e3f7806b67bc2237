import { runProcess, runShell, type ProcessResult } from '../process/run';
import { treeEnvironment } from '../process/treeEnvironment';
import { withoutAnsi } from './parsers/ansi';

/** Runs a repository's own tools in one tree, scrubbed, bounded and in English. */
export interface ToolBench {
  /** The environment the tools get. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends every run when it is aborted. */
  readonly signal: AbortSignal;
  run(file: string, args: readonly string[], limits: ToolLimits): Promise<ToolRun>;
  shell(command: string, limits: ToolLimits): Promise<ToolRun>;
}

export interface ToolLimits {
  readonly timeoutMs: number;
  /** Of each stream; default 2,000,000. */
  readonly maxOutputChars?: number;
  /** Variables for this run alone. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ToolRun extends ProcessResult {
  /** Both streams, without colours, for reading. */
  readonly output: string;
  /** In words, when the run says nothing about the code: it did not start, hung, was stopped or crashed. */
  readonly broken?: string;
}

/** Nobody answers, no colours, nothing downloaded unasked. */
const plainly = { CI: '1', NO_COLOR: '1', FORCE_COLOR: '0', COREPACK_ENABLE_DOWNLOAD_PROMPT: '0' };

export function createToolBench(
  root: string,
  { runId, extra }: { readonly runId: string; readonly extra: Readonly<Record<string, string>> },
  signal: AbortSignal,
): ToolBench {
  const env = treeEnvironment(root, { runId, extra: { ...plainly, ...extra } });
  const finish = async (what: string, running: Promise<ProcessResult>): Promise<ToolRun> => {
    const result = await running;
    const broken = brokenness(what, result);
    const output = withoutAnsi(
      [result.stdout, result.stderr].filter((text) => text.trim() !== '').join('\n'),
    );
    return { ...result, output, ...(broken !== undefined && { broken }) };
  };
  const limited = (limits: ToolLimits) => ({
    cwd: root,
    env: limits.env === undefined ? env : { ...env, ...limits.env },
    signal,
    timeoutMs: limits.timeoutMs,
    maxOutputChars: limits.maxOutputChars ?? 2_000_000,
  });
  return {
    env,
    signal,
    run: (file, args, limits) =>
      finish(file.split(/[\\/]/).at(-1) ?? file, runProcess({ ...limited(limits), file, args })),
    shell: (command, limits) => finish(command, runShell({ ...limited(limits), command })),
  };
}

function brokenness(what: string, result: ProcessResult): string | undefined {
  if (result.startError !== undefined) return result.startError.replace(/\.$/, '');
  if (result.aborted) return `\`${what}\` was stopped`;
  if (result.timedOut) return `\`${what}\` did not end within ${duration(result.durationMs)} and was stopped`;
  if (result.signal !== null) return `\`${what}\` was ended by ${result.signal}`;
  const missing = missingProgram(result.stderr) ?? missingProgram(result.stdout);
  if (missing !== undefined && result.exitCode !== 0) return `the program \`${missing}\` is not installed`;
  if (result.exitCode === 126 || result.exitCode === 127)
    return `\`${what}\` could not be started (exit code ${result.exitCode})`;
  return undefined;
}

function missingProgram(output: string): string | undefined {
  const line =
    /^(?:\/bin\/)?(?:sh|bash|dash|zsh): (?:line )?(?:\d+: )?(?:exec: )?([\w@./-]+): (?:command )?not found$/m;
  return (
    line.exec(output)?.[1] ??
    /^'([^']+)' is not recognized as an internal or external command/m.exec(output)?.[1]
  );
}

function duration(ms: number): string {
  return ms < 90_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}
