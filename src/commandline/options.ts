import { InvalidArgumentError, Option, type Command } from 'commander';
import type { RunRequest } from '../core/coordination/engine';

/** Every command has these. */
export interface CommonOptions {
  readonly workspace?: string;
  readonly json?: boolean;
}

/** What starting or continuing a run can be told. */
export interface RunOptions extends CommonOptions {
  readonly model?: string;
  readonly workflow?: string;
  readonly plan?: string;
  readonly maxParallel?: number;
  readonly maxCost?: number;
  readonly maxMinutes?: number;
  readonly yes?: boolean;
  readonly autonomous?: boolean;
  /** False for `--no-deliver`. */
  readonly deliver?: boolean;
  /** False for `--no-research`. */
  readonly research?: boolean;
}

export function withCommonOptions(command: Command): Command {
  return command
    .option('--workspace <dir>', 'the folder to work on (default: this one)')
    .option('--json', 'one JSON value per line on standard output, nothing else');
}

export function withConsentOptions(command: Command): Command {
  return command
    .option('-y, --yes', 'approve the plan and deliver what is verified, without asking')
    .option('--no-deliver', 'leave the result on the run’s branch');
}

export function withBudgetOptions(command: Command): Command {
  return command
    .option('--autonomous', 'do not ask about commands that run in the sandbox without network')
    .option('--workflow <name>', 'run this workflow as it is (see `enterprise workflows`)')
    .addOption(new Option('--model <id>', 'provider/model, or offline').env('ENTERPRISE_MODEL'))
    .option('--max-parallel <n>', 'tasks at the same time', wholeNumber)
    .option('--max-cost <usd>', 'end the run before it costs more', positiveNumber)
    .option('--max-minutes <n>', 'end the run when it takes longer', positiveNumber)
    .option('--no-research', 'look nothing up before planning');
}

/** `--yes` approves the plan and delivers; `--no-deliver` never delivers, whatever else is given. */
export function consentOf({ yes, deliver }: RunOptions): Pick<RunRequest, 'approvePlan' | 'deliver'> {
  const landing = deliver === false ? 'never' : yes ? 'auto' : undefined;
  return { ...(yes ? { approvePlan: true } : {}), ...(landing ? { deliver: landing } : {}) };
}

export function budgetOf({
  maxParallel,
  maxCost,
  maxMinutes,
}: RunOptions): NonNullable<RunRequest['budget']> {
  return {
    ...(maxParallel === undefined ? {} : { maxParallel }),
    ...(maxCost === undefined ? {} : { maxCostUsd: maxCost }),
    ...(maxMinutes === undefined ? {} : { maxMinutes }),
  };
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number of 1 or more.');
  return value;
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}
