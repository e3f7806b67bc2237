import type { Command } from 'commander';
import type { CommandContext } from '../context';
import { withBudgetOptions, withCommonOptions, type RunOptions } from '../options';
import { startRun } from './run';

export function addPlan(program: Command, context: CommandContext, done: (code: number) => void): void {
  const command = program
    .command('plan')
    .description('analyse the task and propose a plan, without carrying it out')
    .argument('[task]', 'what is to be done, in your words')
    .option('--plan <file>', 'check this plan (YAML or JSON)');
  withCommonOptions(withBudgetOptions(command)).action(
    async (task: string | undefined, options: RunOptions) => {
      done(await startRun(context, task, options, { planOnly: true }));
    },
  );
}
