import { fail, ok, type Result } from '../../base/result';
import type { Analysis, PlanFile } from '../model/plan';
import type { ModelAnswer } from '../ports';
import { jsonIn } from './jsonIn';
import { normalisePlanAnswer } from './normalisePlanAnswer';
import { planAnswerSchema, type PlanAnswer } from './planAnswerSchema';
import { submitPlanToolName } from './planPrompt';

export interface ReadPlan {
  readonly file: PlanFile;
  /** The model's own analysis, where it gave one; who judged is for the caller to say. */
  readonly analysis?: Omit<Analysis, 'by'>;
}

/**
 * Reads a model's plan: the call of `submit_plan`, else JSON in its text. Small deviations of form are mended; what
 * changes the meaning (no work, unknown dependencies, doubled ids, a command line) is a problem for `repairPrompt`.
 */
export function readPlanAnswer(answer: Pick<ModelAnswer, 'text' | 'toolCalls'>): Result<ReadPlan, string[]> {
  const found = planIn(answer);
  if (!found.ok) return fail([found.failure]);
  const checked = planAnswerSchema.safeParse(normalisePlanAnswer(found.value));
  if (!checked.success)
    return fail(checked.error.issues.map((issue) => `${placeOf(found.value, issue.path)}${issue.message}`));
  const problems = meaningProblems(checked.data);
  return problems.length > 0 ? fail(problems) : ok(readPlan(checked.data));
}

function readPlan({ analysis, rationale, contingencies, tasks }: PlanAnswer): ReadPlan {
  const file: PlanFile = {
    rationale,
    ...(contingencies === undefined ? {} : { contingencies }),
    ...(analysis === undefined ? {} : { risks: analysis.risks }),
    tasks,
  };
  return analysis === undefined ? { file } : { file, analysis };
}

function planIn(answer: Pick<ModelAnswer, 'text' | 'toolCalls'>): Result<unknown, string> {
  const calls = answer.toolCalls.filter((call) => call.name === submitPlanToolName);
  const input = calls.at(-1)?.input;
  if (typeof input === 'string') {
    const parsed = jsonIn(input);
    return parsed === undefined
      ? fail(`The arguments of ${submitPlanToolName} are not valid JSON.`)
      : ok(parsed);
  }
  if (input !== undefined && input !== null) return ok(input);
  const parsed = jsonIn(answer.text);
  if (parsed !== undefined) return ok(parsed);
  return fail(`There is no plan in the answer: call ${submitPlanToolName}.`);
}

/** More than this is never the split of one request; nobody could read it before approving it either. */
const mostTasks = 100;

function meaningProblems({ tasks }: PlanAnswer): string[] {
  const ids = tasks.map((task) => task.id);
  if (tasks.length > mostTasks)
    return [
      `The plan has ${tasks.length} tasks, which is more than ${mostTasks}: join those that one agent can do together.`,
    ];
  return tasks.flatMap((task, index) => [
    ...(ids.indexOf(task.id) < index ? [`The id \`${task.id}\` is used by more than one task.`] : []),
    ...(task.prompt === undefined && task.check === undefined
      ? [`Task \`${task.id}\` does nothing: give it a \`prompt\` (or a \`check\`).`]
      : []),
    ...(task.prompt !== undefined && task.check !== undefined
      ? [`Task \`${task.id}\` has both \`prompt\` and \`check\`; use one.`]
      : []),
    ...(task.prompt?.trim() === '' ? [`Task \`${task.id}\` has an empty prompt.`] : []),
    ...(task.needs ?? [])
      .filter((need) => !ids.includes(need))
      .map((need) => `Task \`${task.id}\` needs \`${need}\`, which is not in the plan.`),
    ...((task.needs ?? []).includes(task.id) ? [`Task \`${task.id}\` needs itself.`] : []),
  ]);
}

/** `Task 2 (\`api\`), scope: ` for an issue inside a task. */
function placeOf(answer: unknown, path: readonly PropertyKey[]): string {
  const [first, second, ...rest] = path;
  if (first !== 'tasks' || typeof second !== 'number') return path.length > 0 ? `${path.join('.')}: ` : '';
  const tasks = (answer as { tasks?: unknown }).tasks;
  const task: unknown = Array.isArray(tasks) ? tasks[second] : undefined;
  const id = typeof task === 'object' && task !== null && 'id' in task ? ` (\`${String(task.id)}\`)` : '';
  return `Task ${second + 1}${id}${rest.length > 0 ? `, ${rest.join('.')}` : ''}: `;
}
