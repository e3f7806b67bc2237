import type { Command } from 'commander';
import type { CommandContext } from '../context';
import { exitCodeOf, exitCodes } from '../exitCode';
import { withCommonOptions, type CommonOptions } from '../options';
import { next } from '../renderSummary';
import { complainOf, withEngine, withRun } from '../withEngine';

export function addDeliver(program: Command, context: CommandContext, done: (code: number) => void): void {
  const command = program
    .command('deliver')
    .description('land the verified result of a run in the workspace')
    .argument('<run>', 'its id, the beginning of it, or "last"');
  withCommonOptions(command).action(async (id: string, options: CommonOptions) => {
    done(
      await withEngine(context, options, (engine) =>
        withRun(context, engine, id, async ({ runId }) => {
          const landed = await engine.deliver(runId);
          if (!landed.ok) return complainOf(context, landed.failure);
          const { paths } = landed.value;
          const view = await engine.run(runId);
          const after = view && next(view);
          const lines = [
            `Delivered ${paths.length} files:`,
            ...paths.map((path) => `  ${path}`),
            ...(after === undefined ? [] : [`Next: ${after}`]),
          ];
          context.terminal.print(options.json ? JSON.stringify({ runId, paths }) : lines.join('\n'));
          return view ? exitCodeOf(view) : exitCodes.success;
        }),
      ),
    );
  });
}
