import { runProcess, runShell, type ProcessResult } from '../process/run';
import type { Sandbox, SandboxConfinement } from '../process/sandbox';
import { sandboxSymptom } from '../process/sandboxSymptoms';
import { treeEnvironment } from '../process/treeEnvironment';
import { withoutAnsi } from './parsers/ansi';

/** Runs a repository's own tools in one tree, scrubbed, bounded and in English. */
export interface ToolBench {
  /** The environment the tools get. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends every run when it is aborted. */
  readonly signal: AbortSignal;
  /** What looks as if the sandbox stood in the way of a run that did not succeed, for a person. */
  hindrances(): readonly string[];
  run(file: string, args: readonly string[], limits: ToolLimits): Promise<ToolRun>;
  shell(command: string, limits: ToolLimits): Promise<ToolRun>;
}

export interface ToolLimits {
  readonly timeoutMs: number;
  /** Of each stream; default 2,000,000. */
  readonly maxOutputChars?: number;
  /** Network inside the sandbox: only for command lines that are ours and run nothing of the tree. */
  readonly network?: boolean;
  /** Variables for this run alone. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ToolRun extends ProcessResult {
  /** Both streams, without colours, for reading. */
  readonly output: string;
  /** In words, when the run says nothing about the code: it did not start, hung, was stopped or crashed. */
  readonly broken?: string;
}

export interface BenchOptions {
  readonly runId: string;
  readonly extra: Readonly<Record<string, string>>;
  /** Where tools write their reports. */
  readonly scratch: string;
  /** The gate's command as a person knows it; rules about the network may be written for it. */
  readonly command: string;
  /** Absent: nothing is confined. */
  readonly sandbox?: Sandbox | undefined;
}

/** Nobody answers, no colours, nothing downloaded unasked. */
const plainly = { CI: '1', NO_COLOR: '1', FORCE_COLOR: '0', COREPACK_ENABLE_DOWNLOAD_PROMPT: '0' };

export function createToolBench(
  root: string,
  { runId, extra, scratch, command: known, sandbox }: BenchOptions,
  signal: AbortSignal,
): ToolBench {
  const hindrances = new Set<string>();
  const env = treeEnvironment(root, { runId, extra: { ...plainly, ...extra } });
  const confine = async (line: string, { network }: ToolLimits): Promise<SandboxConfinement | undefined> => {
    const granted = network === true || (await sandbox?.hasNetwork(known)) === true;
    const more = { readWrite: [scratch], ...(granted ? { network: true } : {}) };
    return sandbox?.confine({ line, root, ...more });
  };
  const finish = async (
    what: string,
    limits: ToolLimits,
    run: (confinement: SandboxConfinement | undefined) => Promise<ProcessResult>,
  ): Promise<ToolRun> => {
    const confinement = await confine(what, limits);
    const result = await run(confinement);
    const broken = brokenness(what, result);
    const output = withoutAnsi(
      [result.stdout, result.stderr].filter((text) => text.trim() !== '').join('\n'),
    );
    const hindrance =
      confinement && result.exitCode !== 0 ? sandboxSymptom(what, output, confinement) : undefined;
    if (hindrance !== undefined) hindrances.add(hindrance);
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
    hindrances: () => [...hindrances],
    run: (file, args, limits) =>
      finish([file.split(/[\\/]/).at(-1) ?? file, ...args].join(' '), limits, (confinement) =>
        runProcess({ ...limited(limits), file, args, confinement }),
      ),
    shell: (command, limits) =>
      finish(command, limits, (confinement) => runShell({ ...limited(limits), command, confinement })),
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
