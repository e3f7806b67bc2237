import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import * as z from 'zod';
import { checkText, parseYamlText } from '../../base/positionedText';
import { fail, ok, type Result } from '../../base/result';
import type { PlanOutcome } from '../../core/coordination/changePlan';
import type { Engine } from '../../core/coordination/engine';
import type { Failure } from '../../core/model/failure';
import {
  planFileSchema,
  planFileTaskSchema,
  prioritySchema,
  type PlanFile,
  type Priority,
} from '../../core/model/plan';
import { planChangeSchema, type PlanChange } from '../../core/model/planChange';
import type { RunView } from '../../core/model/run';
import { planFileText } from '../../core/planning/planFileText';
import type { CommandContext } from '../context';
import { editPlan } from '../editPlan';
import { exitCodes } from '../exitCode';
import { withCommonOptions, type CommonOptions } from '../options';
import { complainOf, withEngine, withRun } from '../withEngine';

interface ReplanOptions extends CommonOptions {
  readonly changes?: string;
  readonly add?: readonly string[];
  readonly cancel?: readonly string[];
  readonly agent?: readonly Pair[];
  readonly priority?: readonly Pair[];
  readonly needs?: readonly Pair[];
  readonly scope?: readonly Pair[];
  readonly plan?: string;
  readonly edit?: boolean;
  readonly dryRun?: boolean;
}

/** `task=value` as a person writes it. */
interface Pair {
  readonly taskId: string;
  readonly value: string;
}

export function addReplan(program: Command, context: CommandContext, done: (code: number) => void): void {
  const command = program
    .command('replan')
    .description('change the plan of a run that is under way, or waits for your approval')
    .argument('<run>', 'its id, the beginning of it, or "last"')
    .option('--add <file...>', 'add the task in this file (as a task of a plan file, YAML or JSON)')
    .option('--cancel <task...>', 'do not do this task; what it wrote is kept')
    .option('--agent <task=agent>', 'give the task to this agent', pairs)
    .option('--priority <task=priority>', 'low, normal, high or critical', pairs)
    .option('--needs <task=ids>', 'what the task waits for, with commas; nothing for no task', pairs)
    .option('--scope <task=globs>', 'what the task may change, with commas; nothing for anything', pairs)
    .option('--changes <file>', 'a list of changes (YAML or JSON): kind, taskId and what the kind takes')
    .option('--plan <file>', 'hand in a whole plan in place of the one that waits (see `show --plan`)')
    .option('--edit', 'edit the plan that waits for your approval in your EDITOR, as such a file')
    .option('--dry-run', 'only say what it would come to');
  withCommonOptions(command).action(async (id: string, options: ReplanOptions) => {
    done(
      await withEngine(context, options, (engine) =>
        withRun(context, engine, id, async (view) => {
          const changed = await change(engine, view, options, context);
          if (!changed.ok) return complainOf(context, changed.failure);
          const { runId } = view;
          const dryRun = options.dryRun === true;
          context.terminal.print(
            options.json
              ? JSON.stringify({ runId, dryRun, ...changed.value })
              : told(runId, dryRun, changed.value.impact),
          );
          return exitCodes.success;
        }),
      ),
    );
  });
}

async function change(
  engine: Engine,
  view: RunView,
  options: ReplanOptions,
  { folder, environment }: CommandContext,
): Promise<Result<PlanOutcome, Failure>> {
  const dry = { dryRun: options.dryRun === true };
  if (options.plan === undefined && !options.edit) {
    const changes = await changesOf(options, folder);
    return changes.ok ? engine.replan(view.runId, changes.value, 'person', dry) : changes;
  }
  const file = await (options.plan === undefined
    ? editedPlan(view, environment)
    : readYaml(resolve(folder, options.plan), planFileSchema));
  return file.ok ? engine.proposePlan(view.runId, file.value, 'person', dry) : file;
}

async function editedPlan(
  { plan, runId, revision }: RunView,
  environment: CommandContext['environment'],
): Promise<Result<PlanFile, Failure>> {
  if (!plan) return fail(wrong('The run has no plan yet.', 'Wait until it is planned.'));
  const head = [`The plan of run ${runId}, revision ${revision}. Save and close to hand it in.`];
  const edited = await editPlan(planFileText(plan, head), environment);
  if (!edited.ok) return edited;
  if (edited.value === undefined)
    return fail(wrong('Nothing was changed in it.', 'The plan stays as it was.'));
  return parsed(edited.value, 'The plan', planFileSchema);
}

function told(runId: string, isDry: boolean, impact: readonly string[]): string {
  const lines = impact.map((line) => `  ${line}`);
  const head = isDry ? `This would change the plan of ${runId}:` : `The plan of ${runId} is changed:`;
  return [head, ...lines].join('\n');
}

function pairs(text: string, earlier: readonly Pair[] = []): Pair[] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It is written as task=value.');
  return [...earlier, { taskId: text.slice(0, at).trim(), value: text.slice(at + 1).trim() }];
}

async function changesOf(options: ReplanOptions, folder: string): Promise<Result<PlanChange[], Failure>> {
  const changes: PlanChange[] = [];
  for (const file of options.add ?? []) {
    const task = await readYaml(resolve(folder, file), planFileTaskSchema);
    if (!task.ok) return task;
    changes.push({ kind: 'add', task: task.value });
  }
  if (options.changes !== undefined) {
    const listed = await readYaml(resolve(folder, options.changes), z.array(planChangeSchema).min(1));
    if (!listed.ok) return listed;
    changes.push(...listed.value);
  }
  for (const { taskId, value } of options.priority ?? []) {
    const priority = priorityOf(value);
    if (priority === undefined)
      return fail(wrong(`"${value}" is no priority.`, `One of ${prioritySchema.options.join(', ')}.`));
    changes.push({ kind: 'prioritise', taskId, priority });
  }
  changes.push(
    ...(options.agent ?? []).map(({ taskId, value }) => ({
      kind: 'reassign' as const,
      taskId,
      agent: value,
    })),
    ...(options.needs ?? []).map(({ taskId, value }) => ({
      kind: 'reorder' as const,
      taskId,
      needs: listOf(value),
    })),
    ...(options.scope ?? []).map(({ taskId, value }) => ({
      kind: 'rescope' as const,
      taskId,
      scope: listOf(value),
    })),
    ...(options.cancel ?? []).map((taskId) => ({ kind: 'cancel' as const, taskId })),
  );
  if (changes.length > 0) return ok(changes);
  return fail(wrong('No change is named.', 'See `enterprise replan --help`.'));
}

function priorityOf(text: string): Priority | undefined {
  return prioritySchema.options.find((priority) => priority === text);
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

async function readYaml<T>(path: string, schema: z.ZodType<T>): Promise<Result<T, Failure>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail(
      wrong(`The file ${path} cannot be read: ${reason}.`, 'Name a YAML or JSON file that exists.'),
    );
  }
  return parsed(text, `The file ${path}`, schema);
}

function parsed<T>(text: string, what: string, schema: z.ZodType<T>): Result<T, Failure> {
  const checked = checkText(parseYamlText(text), schema);
  if (checked.ok) return ok(checked.value);
  const problems = checked.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
  return fail(wrong(`${what} cannot be used: ${problems.join('; ')}.`, 'Correct it and try again.'));
}

function wrong(message: string, remedy: string): Failure {
  return { kind: 'usage', message, remedy };
}
