import type { Command } from 'commander';
import type { RunComparison, RunDifference } from '../../core/insight/compareRuns';
import { plural } from '../../core/insight/wording';
import type { CommandContext } from '../context';
import { exitCodes } from '../exitCode';
import { withCommonOptions, type CommonOptions } from '../options';
import type { Paint } from '../paint';
import { complainOf, withEngine, withRun } from '../withEngine';

/** Differences that are shown; `--json` has them all. */
const shown = 20;

export function addReplay(program: Command, context: CommandContext, done: (code: number) => void): void {
  const command = program
    .command('replay')
    .description('do a recorded run again without any model, and say what came out differently')
    .argument('<run>', 'its id, the beginning of it, or "last"');
  withCommonOptions(command).action(async (id: string, options: CommonOptions) => {
    done(
      await withEngine(context, options, (engine) =>
        withRun(context, engine, id, async ({ runId }) => {
          const stopping = new AbortController();
          const interruption = context.onInterrupt(() => stopping.abort());
          const replayed = await engine.replay(runId, stopping.signal);
          interruption.dispose();
          if (!replayed.ok) return complainOf(context, replayed.failure);
          const comparison = replayed.value;
          context.terminal.print(
            options.json
              ? JSON.stringify({ runId, ...comparison })
              : comparisonText(comparison, context.terminal.paint),
          );
          return comparison.sameResult ? exitCodes.success : exitCodes.red;
        }),
      ),
    );
  });
}

function comparisonText({ sameResult, compared, differences }: RunComparison, paint: Paint): string {
  const verdict = sameResult
    ? paint('green', 'The same result, to the byte.')
    : paint('red', 'Another result.');
  const { trees, answers, tools, gates } = compared;
  const counts = `Compared ${plural(trees, 'tree')}, ${plural(answers, 'answer')} of models, ${plural(tools, 'result')} of tools, ${plural(gates, 'gate')}.`;
  const rest = differences.length - shown;
  return [
    verdict,
    counts,
    ...(differences.length > 0 ? [`${plural(differences.length, 'difference')}:`] : []),
    ...differences.slice(0, shown).map(differenceText),
    ...(rest > 0 ? [`and ${rest} more (--json shows all)`] : []),
  ].join('\n');
}

function differenceText({ what, where, before, now }: RunDifference): string {
  return `  ${what} of ${where}\n    was  ${oneLine(before)}\n    is   ${oneLine(now)}`;
}

function oneLine(text: string): string {
  return text.replaceAll('\n', '⏎');
}
