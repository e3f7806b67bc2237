import { resolve } from 'node:path';
import type { Engine } from '../core/coordination/engine';
import { describeFailure, type Failure } from '../core/model/failure';
import type { RunView } from '../core/model/run';
import { closestNames } from '../core/planning/closestNames';
import type { CommandContext } from './context';
import { exitCodeOfFailure, exitCodes } from './exitCode';
import type { RunOptions } from './options';
import { terminalApprover } from './terminalApprover';
import type { Terminal } from './terminal';

/** Opens the engine of the workspace, does the work with it, closes it. Resolves to the exit code. */
export async function withEngine(
  context: CommandContext,
  options: Pick<RunOptions, 'workspace' | 'json' | 'model' | 'autonomous'>,
  work: (engine: Engine) => Promise<number>,
): Promise<number> {
  // With --json standard output belongs to a program: nobody is asked there.
  const terminal: Terminal = options.json ? { ...context.terminal, isInteractive: false } : context.terminal;
  const opened = await context.openEngine({
    workspace: resolve(context.folder, options.workspace ?? '.'),
    approver: terminalApprover(terminal),
    ...(options.model === undefined ? {} : { model: options.model }),
    ...(options.autonomous === undefined ? {} : { autonomous: options.autonomous }),
  });
  if (!opened.ok) return complainOf(context, opened.failure);
  try {
    return await work(opened.value);
  } finally {
    await opened.value.dispose();
  }
}

/** Finds a run by its id, the beginning of it, or `last`; a mistyped id is answered with those that look like it. */
export async function withRun(
  context: CommandContext,
  engine: Engine,
  id: string,
  work: (view: RunView) => Promise<number>,
): Promise<number> {
  const exact = await engine.run(id);
  if (exact) return work(exact);
  const runs = await engine.runs();
  const matches = id === 'last' ? runs.slice(0, 1) : runs.filter((run) => run.runId.startsWith(id));
  const [match, another] = matches;
  if (match && !another) return work(match);
  context.terminal.complain(unknownRun(id, matches.length > 1 ? matches : runs, matches.length > 1));
  return exitCodes.usage;
}

function unknownRun(id: string, runs: readonly RunView[], isAmbiguous: boolean): string {
  if (runs.length === 0)
    return `There is no run "${id}": this repository has none yet.\nStart one: enterprise run "<task>"`;
  const ids = runs.map((run) => run.runId);
  if (isAmbiguous)
    return `"${id}" is the beginning of several runs:\n${ids.map((other) => `  ${other}`).join('\n')}`;
  const [closest] = closestNames(id, ids, 1);
  const hint =
    closest === undefined
      ? 'See them all: enterprise list'
      : `Did you mean ${closest}? All of them: enterprise list`;
  return `There is no run "${id}".\n${hint}`;
}

export function complainOf({ terminal }: CommandContext, failure: Failure): number {
  terminal.complain(terminal.paint('red', describeFailure(failure)));
  return exitCodeOfFailure(failure);
}
