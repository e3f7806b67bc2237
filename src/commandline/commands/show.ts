import type { Command } from 'commander';
import { buildReport } from '../../core/insight/buildReport';
import { durationText, minutesText } from '../../core/insight/wording';
import type { RunView } from '../../core/model/run';
import { taskStateLabel } from '../../core/model/taskState';
import { planFileText } from '../../core/planning/planFileText';
import type { CommandContext } from '../context';
import { exitCodes } from '../exitCode';
import { oneLine } from '../monitor/fitText';
import { percentOf } from '../monitor/progress';
import { withCommonOptions, type CommonOptions } from '../options';
import { renderSummary } from '../renderSummary';
import { textTable } from '../textTable';
import type { Terminal } from '../terminal';
import { withEngine, withRun } from '../withEngine';

export function addShow(program: Command, context: CommandContext, done: (code: number) => void): void {
  const command = program
    .command('show')
    .description('one run: its plan, where its tasks are, its gates and what came of it')
    .argument('<run>', 'its id, the beginning of it, or "last"');
  command.option('--plan', 'its plan alone, as a file that can be edited and run');
  withCommonOptions(command).action(async (id: string, options: CommonOptions & { plan?: boolean }) => {
    done(
      await withEngine(context, options, (engine) =>
        withRun(context, engine, id, async (view) => {
          if (options.plan) {
            if (view.plan) context.terminal.print(planFileText(view.plan).trimEnd());
            else context.terminal.complain('The run has no plan yet.');
            return view.plan ? exitCodes.success : exitCodes.usage;
          }
          if (options.json) {
            for (const event of await engine.events(view.runId))
              context.terminal.print(JSON.stringify(event));
            context.terminal.print(JSON.stringify({ type: 'summary', ...buildReport(view) }));
          } else {
            context.terminal.print(renderRun(view, context.terminal));
          }
          return exitCodes.success;
        }),
      ),
    );
  });
}

export function renderRun(view: RunView, terminal: Pick<Terminal, 'size' | 'paint'>): string {
  const { width } = terminal.size();
  const report = buildReport(view);
  const tasks = view.tasks.map((task, index) => [
    task.task.id,
    taskStateLabel(task.state),
    `${percentOf(task)}%`,
    task.task.agent,
    task.task.needs.join(' '),
    minutesText(task.task.estimateMinutes),
    durationOf(report.tasks[index]?.durationMs),
    task.task.title,
  ]);
  const parts = [
    `${terminal.paint('bold', oneLine(view.request))}\n${view.runId}, phase ${view.phase}, model ${oneLine(view.model)}, base ${view.baseCommit.slice(0, 12)}`,
    view.plan ? oneLine(view.plan.rationale) : '',
    tasks.length > 0
      ? textTable(['TASK', 'STATE', 'DONE', 'AGENT', 'AFTER', 'ESTIMATE', 'TOOK', 'TITLE'], tasks, width)
      : '',
    view.approvals
      .map((approval) => terminal.paint('yellow', `Waits for you: ${oneLine(approval.title)}`))
      .join('\n'),
    renderSummary(view, terminal.paint),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function durationOf(durationMs: number | null | undefined): string {
  return durationMs === null || durationMs === undefined ? '' : durationText(durationMs);
}
