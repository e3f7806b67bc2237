import type { Command } from 'commander';
import type { CommandContext } from '../context';
import { exitCodes } from '../exitCode';
import { withCommonOptions, type CommonOptions } from '../options';
import { complainOf, withEngine, withRun } from '../withEngine';

export function addCancel(program: Command, context: CommandContext, done: (code: number) => void): void {
  const command = program
    .command('cancel')
    .description('end a run; what its agents wrote is kept')
    .argument('<run>', 'its id, the beginning of it, or "last"');
  withCommonOptions(command).action(async (id: string, options: CommonOptions) => {
    done(
      await withEngine(context, options, (engine) =>
        withRun(context, engine, id, async ({ runId }) => {
          const cancelled = await engine.cancel(runId, 'person');
          if (!cancelled.ok) return complainOf(context, cancelled.failure);
          const state = (await engine.run(runId))?.state.name;
          // The owner in another process takes it up by itself.
          const text =
            state === 'cancelled'
              ? `Cancelled ${runId}.`
              : `Asked the process that works at ${runId} to cancel it.`;
          context.terminal.print(options.json ? JSON.stringify({ runId, state }) : text);
          return exitCodes.success;
        }),
      ),
    );
  });
}
