import type { Command } from 'commander';
import type { CommandContext } from '../context';
import { exitCodes } from '../exitCode';
import { withCommonOptions, type CommonOptions } from '../options';
import { complainOf, withEngine, withRun } from '../withEngine';

export function addUndo(program: Command, context: CommandContext, done: (code: number) => void): void {
  const command = program
    .command('undo')
    .description('take back what a run delivered')
    .argument('<run>', 'its id, the beginning of it, or "last"');
  withCommonOptions(command).action(async (id: string, options: CommonOptions) => {
    done(
      await withEngine(context, options, (engine) =>
        withRun(context, engine, id, async ({ runId }) => {
          const undone = await engine.undo(runId);
          if (!undone.ok) return complainOf(context, undone.failure);
          const { paths } = undone.value;
          const lines = [`Took back ${paths.length} files:`, ...paths.map((path) => `  ${path}`)];
          context.terminal.print(options.json ? JSON.stringify({ runId, paths }) : lines.join('\n'));
          return exitCodes.success;
        }),
      ),
    );
  });
}
