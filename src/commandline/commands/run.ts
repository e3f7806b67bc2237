import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Command } from 'commander';
import type { RunRequest } from '../../core/coordination/engine';
import type { CommandContext } from '../context';
import { exitCodes } from '../exitCode';
import { followRun } from '../followRun';
import {
  budgetOf,
  consentOf,
  withBudgetOptions,
  withCommonOptions,
  withConsentOptions,
  type RunOptions,
} from '../options';
import { complainOf, withEngine } from '../withEngine';

export function addRun(program: Command, context: CommandContext, done: (code: number) => void): void {
  const command = program
    .command('run')
    .description('plan the task, do it in parallel worktrees, prove it with gates, deliver it')
    .argument('[task]', 'what is to be done, in your words')
    .option('--plan <file>', 'run this plan (YAML or JSON) as it is');
  withCommonOptions(withConsentOptions(withBudgetOptions(command))).action(
    async (task: string | undefined, options: RunOptions) => {
      done(await startRun(context, task, options, {}));
    },
  );
}

/** Shared with `plan`, which stops once the plan is proposed. */
export async function startRun(
  context: CommandContext,
  task: string | undefined,
  options: RunOptions,
  more: Pick<RunRequest, 'planOnly'>,
): Promise<number> {
  const request = task?.trim() || requestOf(options);
  if (request === undefined) {
    context.terminal.complain(
      'Say what is to be done: enterprise run "<task>" (or --plan FILE, or --workflow NAME).',
    );
    return exitCodes.usage;
  }
  return withEngine(context, options, async (engine) => {
    const started = await engine.start({
      request,
      ...(options.workflow === undefined ? {} : { workflow: options.workflow }),
      ...(options.plan === undefined
        ? {}
        : { planPath: planPathOf(context.folder, engine.workspace, options.plan) }),
      ...(options.model === undefined ? {} : { model: options.model }),
      ...(options.research === false ? { research: false } : {}),
      budget: budgetOf(options),
      ...consentOf(options),
      ...more,
    });
    if (!started.ok) return complainOf(context, started.failure);
    const { runId } = started.value;
    return followRun(context, engine, runId, {
      json: options.json === true,
      afterSeq: 0,
      isPlanOnly: more.planOnly === true,
    });
  });
}

function requestOf({ plan, workflow }: RunOptions): string | undefined {
  if (plan !== undefined) return `Carry out the plan ${plan}`;
  return workflow === undefined ? undefined : `Carry out the workflow ${workflow}`;
}

/** A person names a file from where they stand; one that is not there may be meant from the workspace. */
function planPathOf(folder: string, workspace: string, path: string): string {
  const here = resolve(folder, path);
  return existsSync(here) ? relative(workspace, here) : path;
}
