import type { Command } from 'commander';
import type { CommandContext } from '../context';
import { followRun } from '../followRun';
import { consentOf, withCommonOptions, withConsentOptions, type RunOptions } from '../options';
import { complainOf, withEngine, withRun } from '../withEngine';

export function addResume(program: Command, context: CommandContext, done: (code: number) => void): void {
  const command = program
    .command('resume')
    .description('continue a run that was paused, interrupted, or waits for you')
    .argument('<run>', 'its id, the beginning of it, or "last"');
  withCommonOptions(withConsentOptions(command)).action(async (id: string, options: RunOptions) => {
    done(
      await withEngine(context, options, (engine) =>
        withRun(context, engine, id, async ({ runId, lastSeq }) => {
          const resumed = await engine.resume(runId, consentOf(options));
          if (!resumed.ok) return complainOf(context, resumed.failure);
          return followRun(context, engine, runId, {
            json: options.json === true,
            afterSeq: lastSeq,
            isPlanOnly: false,
          });
        }),
      ),
    );
  });
}
