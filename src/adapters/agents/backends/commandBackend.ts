import { constants } from 'node:os';
import { stripVTControlCharacters } from 'node:util';
import type { Clock } from '../../../base/clock';
import { fail, ok, type Result } from '../../../base/result';
import type { Failure } from '../../../core/model/failure';
import type { Work } from '../../../core/model/plan';
import type { AgentBackend, AttemptContext, AttemptOutcome } from '../../../core/ports';
import { runProcess, runShell, type ProcessResult } from '../../process/run';
import type { Sandbox } from '../../process/sandbox';
import { treeEnvironment } from '../../process/treeEnvironment';
import { analysisProgress, readAnalysis, type AnalysisCommand } from './analysisProtocol';
import { failureOfProcess } from './commandFailure';
import { OutputTail } from './outputTail';
import { Progress } from './progress';

export interface CommandBackendOptions {
  readonly clock: Clock;
  /** The program that analyses a code base; see `analysisProtocol.ts` for what it prints. */
  readonly analysisCommand: AnalysisCommand;
  /** What command lines run in. Absent: nothing confines them. */
  readonly sandbox?: Sandbox | undefined;
}

/** An analysis prints its documents as one JSON value, which must not be cut. */
const maxAnalysisChars = 100_000_000;

/** Attempts without a model: a shell command line in the worktree, or the analysis of the code base. */
export function createCommandBackend(options: CommandBackendOptions): AgentBackend {
  return {
    run: async (context) => {
      const { work } = context.task;
      switch (work.kind) {
        case 'command':
          return runCommand(context, work, options);
        case 'analysis':
          return runAnalysis(context, work.of, options);
        default:
          return fail({
            kind: 'usage',
            message: `${context.agent.name} runs programs; it cannot do the task ${context.task.id}, whose work is "${work.kind}".`,
            remedy: 'Give the task to an agent with a model, or configure a model.',
          });
      }
    },
  };
}

type Outcome = Promise<Result<AttemptOutcome, Failure>>;

async function runCommand(
  context: AttemptContext,
  { run: command, accepts = [] }: Extract<Work, { kind: 'command' }>,
  { clock, sandbox }: CommandBackendOptions,
): Outcome {
  const confinement = await sandbox?.confine({ line: command, root: context.worktree.path });
  const progress = new Progress(context, clock);
  const tail = new OutputTail();
  const result = await runShell({
    command,
    ...surroundings(context),
    confinement,
    maxOutputChars: 1000,
    onOutput: (chunk) => {
      tail.append(stripVTControlCharacters(chunk));
      progress.report({ activity: tail.lastLine() });
    },
  });
  await progress.settled();
  const isWhole = !result.aborted && !result.timedOut;
  const code = shellCode(result);
  if (isWhole && code !== null && accepts.includes(code)) {
    const summary = `\`${command.trim()}\` ended after ${seconds(result)} with exit code ${code}, which the plan accepts.`;
    return ok({ summary });
  }
  const failure = failureOfProcess(context, command, result, tail.text(), confinement);
  // What it printed last may be about anything: what it did shows in the files it changed.
  return failure
    ? fail(failure)
    : ok({ summary: `\`${command.trim()}\` succeeded after ${seconds(result)}.` });
}

async function runAnalysis(
  context: AttemptContext,
  of: 'code' | 'documentation',
  options: CommandBackendOptions,
): Outcome {
  const { file, args, env } = options.analysisCommand(of);
  const progress = new Progress(context, options.clock);
  const tail = new OutputTail();
  const result = await runProcess({
    file,
    args,
    ...surroundings(context, env),
    maxOutputChars: maxAnalysisChars,
    onOutput: (chunk, stream) => {
      if (stream === 'stdout') return;
      for (const line of tail.append(chunk)) {
        const said = analysisProgress(line);
        if (said) progress.report(said);
      }
    },
  });
  await progress.settled();
  const failure = failureOfProcess(context, `the analysis of the ${of}`, result, tail.text());
  if (failure) return fail(failure);
  const outcome = result.truncated ? undefined : readAnalysis(result.stdout);
  return outcome ? ok(outcome) : fail(unreadable(context, result));
}

function surroundings(context: AttemptContext, extra: Readonly<Record<string, string>> = {}) {
  const { minutes } = context.limits;
  return {
    cwd: context.worktree.path,
    env: treeEnvironment(context.worktree.path, { runId: context.runId, extra }),
    signal: context.signal,
    ...(minutes === undefined ? {} : { timeoutMs: minutes * 60_000 }),
  };
}

function unreadable(context: AttemptContext, result: ProcessResult): Failure {
  return {
    kind: 'agent-exited',
    agent: context.agent.name,
    exitCode: result.exitCode,
    signal: null,
    outputTail: result.stdout.slice(-2000),
    message: 'The analysis ended, but what it printed is not a result.',
    remedy: 'This is a defect of the engine. Please report it with the log.',
  };
}

/** As a shell reports it: 128 and the number of the signal for a program that a signal ended. */
function shellCode({ exitCode, signal }: ProcessResult): number | null {
  return exitCode ?? (signal === null ? null : 128 + constants.signals[signal]);
}

function seconds(result: ProcessResult): string {
  return `${(result.durationMs / 1000).toFixed(1)} s`;
}
