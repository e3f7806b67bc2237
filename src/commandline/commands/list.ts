import type { Command } from 'commander';
import type { CommandContext } from '../context';
import { exitCodes } from '../exitCode';
import { percentOfRun } from '../monitor/progress';
import { withCommonOptions, type CommonOptions } from '../options';
import { textTable } from '../textTable';
import { withEngine } from '../withEngine';

export function addList(program: Command, context: CommandContext, done: (code: number) => void): void {
  const command = program.command('list').description('the runs of this repository, newest first');
  withCommonOptions(command).action(async (options: CommonOptions) => {
    done(
      await withEngine(context, options, async (engine) => {
        const { terminal } = context;
        const runs = await engine.runs();
        if (options.json) {
          for (const { runId, state, phase, request, startedAt, finishedAt } of runs) {
            terminal.print(
              JSON.stringify({
                runId,
                state: state.name,
                phase,
                request,
                startedAt,
                finishedAt: finishedAt ?? null,
              }),
            );
          }
        } else if (runs.length === 0) {
          terminal.print('No runs yet. Start one: enterprise run "<task>"');
        } else {
          const rows = runs.map((view) => [
            view.runId,
            view.state.name === 'delivered' && view.state.undone
              ? 'undone'
              : view.state.name.replace('_', ' '),
            view.startedAt.slice(0, 16).replace('T', ' '),
            `${percentOfRun(view)}%`,
            view.request,
          ]);
          terminal.print(
            textTable(['RUN', 'STATE', 'STARTED (UTC)', 'DONE', 'TASK'], rows, terminal.size().width),
          );
        }
        return exitCodes.success;
      }),
    );
  });
}
