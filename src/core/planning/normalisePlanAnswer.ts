/**
 * Mends the form of a model's plan without touching its meaning: other common names of the same keys, one value where a
 * list belongs, nulls, ids that are no slugs, numbers for intervals. Keys that mean nothing here are dropped, except `run`,
 * which must be seen to be refused.
 */
export function normalisePlanAnswer(answer: unknown): unknown {
  const plan = unwrapped(answer);
  const tasks = listOf(plan['tasks']).map((task) => (isRecord(task) ? taskOf(task) : task));
  const analysis = analysisOf(plan['analysis']);
  return compact({
    analysis,
    rationale:
      text(first(plan, ['rationale', 'reasoning', 'summary', 'description'])) ??
      'Planned by the model, which gave no rationale.',
    contingencies: strings(plan['contingencies']),
    tasks: withSlugs(tasks),
  });
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list of tasks alone, or a plan inside `plan` or `input`, is taken for the plan. */
function unwrapped(answer: unknown): Fields {
  if (Array.isArray(answer)) return { tasks: answer };
  if (!isRecord(answer)) return {};
  if (answer['tasks'] !== undefined) return answer;
  const inner = first(answer, ['plan', 'input', 'arguments', 'parameters']);
  return inner === undefined ? answer : unwrapped(inner);
}

function taskOf(task: Fields): Fields {
  return compact({
    id: text(first(task, ['id', 'slug', 'key'])) ?? text(first(task, ['title', 'name'])),
    title: text(first(task, ['title', 'name'])) ?? text(task['id']),
    prompt: text(first(task, ['prompt', 'instructions', 'description'])),
    check: strings(task['check']),
    run: task['run'],
    agent: text(task['agent']),
    needs: strings(first(task, ['needs', 'dependsOn', 'depends_on', 'dependencies'])),
    scope: strings(first(task, ['scope', 'paths', 'files'])),
    freezes: strings(first(task, ['freezes', 'frozen', 'frozenInterfaces'])),
    acceptance: strings(first(task, ['acceptance', 'acceptanceCriteria', 'acceptance_criteria', 'criteria'])),
    gates: strings(task['gates']),
    priority: priorityOf(task['priority']),
    estimateMinutes: intervalOf(first(task, ['estimateMinutes', 'estimate', 'estimate_minutes'])),
  });
}

function analysisOf(value: unknown): Fields | undefined {
  if (!isRecord(value)) return undefined;
  const complexity = text(value['complexity'])?.toLowerCase();
  const estimateMinutes = intervalOf(first(value, ['estimateMinutes', 'estimate', 'estimate_minutes']));
  // Half an analysis is worth less than the one by rules, which is there anyway.
  if (complexity === undefined || estimateMinutes === undefined) return undefined;
  return {
    complexity,
    priority: priorityOf(value['priority']) ?? 'normal',
    domains: strings(value['domains']) ?? [],
    estimateMinutes,
    risks: listOf(value['risks']).map(riskOf),
    research: strings(value['research']) ?? [],
  };
}

function riskOf(risk: unknown): unknown {
  if (!isRecord(risk)) return { risk: text(risk) ?? '', mitigation: 'None named.' };
  return {
    risk: text(first(risk, ['risk', 'description'])) ?? '',
    mitigation: text(risk['mitigation']) ?? 'None named.',
  };
}

const otherPriorities: Readonly<Record<string, string>> = {
  medium: 'normal',
  moderate: 'normal',
  urgent: 'critical',
  highest: 'critical',
  lowest: 'low',
};

function priorityOf(value: unknown): string | undefined {
  const word = text(value)?.toLowerCase();
  return word === undefined ? undefined : (otherPriorities[word] ?? word);
}

function intervalOf(value: unknown): unknown {
  if (typeof value === 'number')
    return { low: Math.round(value * 0.7 * 10) / 10, high: Math.round(value * 1.5 * 10) / 10 };
  if (Array.isArray(value) && value.length === 2)
    return intervalOf({ low: value[0] as unknown, high: value[1] as unknown });
  if (!isRecord(value)) return undefined;
  const low = first(value, ['low', 'min']);
  const high = first(value, ['high', 'max']);
  if (typeof low !== 'number' || typeof high !== 'number') return undefined;
  return { low: Math.min(low, high), high: Math.max(low, high) };
}

/** Makes slugs of ids and follows them in `needs`; two ids that become the same one are left for the reader to refuse. */
function withSlugs(tasks: readonly unknown[]): unknown[] {
  return tasks.map((task) => {
    if (!isRecord(task)) return task;
    const needs = task['needs'];
    const id = task['id'];
    return {
      ...task,
      ...(typeof id === 'string' ? { id: slugOf(id) } : {}),
      ...(Array.isArray(needs) ? { needs: needs.map((need) => slugOf(String(need))) } : {}),
    };
  });
}

function slugOf(id: string): string {
  return id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
}

function first(fields: Fields, keys: readonly string[]): unknown {
  const key = keys.find((one) => fields[one] !== undefined && fields[one] !== null);
  return key === undefined ? undefined : fields[key];
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

function strings(value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (value === '') return [];
  return listOf(value).map((item) => text(item) ?? item);
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function compact(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}
