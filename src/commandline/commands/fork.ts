import type { Command } from 'commander';
import type { CommandContext } from '../context';
import { followRun } from '../followRun';
import { consentOf, withCommonOptions, withConsentOptions, type RunOptions } from '../options';
import { complainOf, withEngine, withRun } from '../withEngine';

interface ForkOptions extends RunOptions {
  readonly from: string;
  readonly tell?: string;
}

export function addFork(program: Command, context: CommandContext, done: (code: number) => void): void {
  const command = program
    .command('fork')
    .description('begin another run that shares the beginning of this one and goes on differently')
    .argument('<run>', 'its id, the beginning of it, or "last"')
    .requiredOption('--from <point>', 'a task (docs), a step of it (docs:3), or the number of an event')
    .option('--tell <text>', 'what the agent of that task is told first')
    .option('--model <id>', 'the model it goes on with');
  withCommonOptions(withConsentOptions(command)).action(async (id: string, options: ForkOptions) => {
    const { from, tell, model } = options;
    const request = {
      from,
      ...(tell === undefined ? {} : { tell }),
      ...(model === undefined ? {} : { model }),
      ...consentOf(options),
    };
    done(
      await withEngine(context, options, (engine) =>
        withRun(context, engine, id, async ({ runId }) => {
          const forked = await engine.fork(runId, request);
          if (!forked.ok) return complainOf(context, forked.failure);
          return followRun(context, engine, forked.value.runId, {
            json: options.json === true,
            afterSeq: 0,
            isPlanOnly: false,
          });
        }),
      ),
    );
  });
}
