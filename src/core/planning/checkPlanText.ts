import { checkText, parseYamlText, type ParsedText, type TextProblem } from '../../base/positionedText';
import { planFileSchema, type PlanFile } from '../model/plan';
import { completePlan, type CompletionContext } from './completePlan';

export interface CheckedPlanText {
  /** Undefined when it cannot be run. */
  readonly file: PlanFile | undefined;
  readonly problems: readonly TextProblem[];
}

/** A plan as a person types it (YAML, `design.md` §7): every problem at its place, the same that would refuse it later. */
export function checkPlanText(text: string, context: CompletionContext): CheckedPlanText {
  const parsed = parseYamlText(text);
  const checked = checkText(parsed, planFileSchema);
  if (!checked.ok) return { file: undefined, problems: checked.problems };
  const completed = completePlan(checked.value, context);
  if (completed.ok) return { file: checked.value, problems: [] };
  const { failure } = completed;
  const messages = failure.kind === 'plan-invalid' ? failure.problems : [failure.message];
  return {
    file: undefined,
    problems: messages.map((message) => ({
      ...parsed.placeOf(pathOf(message, checked.value, parsed)),
      message,
    })),
  };
}

/** What the words of a problem are about, in the order in which they are looked for. */
const fields: readonly (readonly [RegExp, string])[] = [
  [/freezes/, 'freezes'],
  [/\bscopes?\b|may change/, 'scope'],
  [/\bneeds\b/, 'needs'],
  [/\bagent\b/, 'agent'],
  [/\bgates?\b/, 'gates'],
  [/estimate/, 'estimateMinutes'],
  [/empty prompt|has a prompt/, 'prompt'],
  [/empty command/, 'run'],
  [/nothing to check/, 'check'],
  [/used by more than one/, 'id'],
];

/** The field a problem names, of the task it names; the last of several with one id. */
function pathOf(message: string, { tasks }: PlanFile, parsed: ParsedText): (string | number)[] {
  const named = [...message.matchAll(/`([^`]+)`|circle: (\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
  const id = named.find((name) => tasks.some((task) => task.id === name));
  if (id === undefined) return /\bgates?\b/.test(message) ? ['gates'] : ['tasks'];
  const index = tasks.findLastIndex((task) => task.id === id);
  const field = fields.find(([words]) => words.test(message))?.[1];
  const whole = ['tasks', index];
  if (field === undefined) return [...whole, 'id'];
  const value = (parsed.value as { tasks?: Record<string, unknown>[] }).tasks?.[index]?.[field];
  return value === undefined ? [...whole, 'id'] : [...whole, field];
}
