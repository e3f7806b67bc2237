import { Command, CommanderError } from 'commander';
import { describeFailure, failureOf } from '../core/model/failure';
import { addAgents } from './commands/agents';
import { addCancel } from './commands/cancel';
import { addDeliver } from './commands/deliver';
import { addDoctor } from './commands/doctor';
import { addFork } from './commands/fork';
import { addGates } from './commands/gates';
import { addList } from './commands/list';
import { addPlan } from './commands/plan';
import { addReplay } from './commands/replay';
import { addReplan } from './commands/replan';
import { addReport } from './commands/report';
import { addRescue } from './commands/rescue';
import { addResume } from './commands/resume';
import { addRun } from './commands/run';
import { addShow } from './commands/show';
import { addUndo } from './commands/undo';
import { addWorkflows } from './commands/workflows';
import type { CommandContext } from './context';
import { exitCodeOfFailure, exitCodes } from './exitCode';

const commands = [
  addRun,
  addPlan,
  addList,
  addShow,
  addReplan,
  addReport,
  addResume,
  addCancel,
  addDeliver,
  addUndo,
  addReplay,
  addFork,
  addRescue,
  addAgents,
  addWorkflows,
  addGates,
  addDoctor,
];

/** Carries out `enterprise …`. @param args without the program's name. Resolves to the exit code; never rejects. */
export async function commandLine(args: readonly string[], context: CommandContext): Promise<number> {
  let code: number = exitCodes.success;
  const program = new Command('enterprise');
  program
    .description(
      'Type a task: it is planned as a graph, done by agents in parallel, proven by gates and delivered.',
    )
    .version(context.version)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.terminal.print(text.trimEnd()),
      writeErr: (text) => context.terminal.complain(text.trimEnd()),
    });
  for (const add of commands) add(program, context, (result) => (code = result));
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
    const failure = failureOf(error, 'The command');
    context.terminal.complain(describeFailure(failure));
    if (context.environment.ENTERPRISE_DEBUG && failure.kind === 'unexpected')
      context.terminal.complain(failure.cause);
    return exitCodeOfFailure(failure);
  }
}
