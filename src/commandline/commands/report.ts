import type { Command } from 'commander';
import { buildReport } from '../../core/insight/buildReport';
import { reportFiles } from '../../core/insight/reportFiles';
import type { CommandContext } from '../context';
import { exitCodes } from '../exitCode';
import { withCommonOptions, type CommonOptions } from '../options';
import { withEngine, withRun } from '../withEngine';

export function addReport(program: Command, context: CommandContext, done: (code: number) => void): void {
  const command = program
    .command('report')
    .description('the report of a run as Markdown (with --json: report.json); made from the journal')
    .argument('<run>', 'its id, the beginning of it, or "last"');
  withCommonOptions(command).action(async (id: string, options: CommonOptions) => {
    done(
      await withEngine(context, options, (engine) =>
        withRun(context, engine, id, async (view) => {
          if (options.json) {
            context.terminal.print(JSON.stringify(buildReport(view)));
          } else {
            const files = reportFiles(view, await engine.events(view.runId));
            const shown = files.filter((file) => file.name === 'report.md' || file.name === 'qa-report.md');
            context.terminal.print(shown.map((file) => file.text.trimEnd()).join('\n\n'));
          }
          return exitCodes.success;
        }),
      ),
    );
  });
}
