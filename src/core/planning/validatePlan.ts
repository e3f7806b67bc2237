import type { Agent } from '../model/agent';
import type { Plan, Task } from '../model/plan';
import { closestNames } from './closestNames';
import { ancestorsOf, topologicalOrder } from './criticalPath';
import { freezeProblems } from './frozen';
import { tasksCollide } from './scope';

export interface PlanSurroundings {
  readonly agents: readonly Agent[];
  /** Gates that apply to the repository. */
  readonly gateNames: readonly string[];
}

/** Everything that keeps a plan from being run, in words for its author, each naming the task. An empty list: it is valid. */
export function validatePlan(plan: Pick<Plan, 'tasks' | 'gates'>, surroundings: PlanSurroundings): string[] {
  const known = new Set(plan.tasks.map((task) => task.id));
  const duplicates = duplicatesIn(plan.tasks);
  const problems = [
    ...duplicates,
    ...plan.tasks.flatMap((task) => [
      ...dependencyProblems(task, known),
      ...contractProblems(task),
      ...agentProblems(task, surroundings.agents),
      ...gateProblems(`Task \`${task.id}\``, gatesNamedBy(task), surroundings.gateNames),
    ]),
    ...gateProblems('The plan', plan.gates, surroundings.gateNames),
  ];
  // Order means nothing while an id can mean two tasks.
  if (duplicates.length > 0) return problems;
  const cycle = cycleIn(plan.tasks);
  if (cycle) return [...problems, `The dependencies form a circle: ${cycle.join(' needs ')}.`];
  return [
    ...problems,
    ...freezeProblems(plan.tasks),
    ...unorderedCollisions(plan.tasks).map(
      ([a, b]) => `Tasks \`${a}\` and \`${b}\` may change the same paths, and neither needs the other.`,
    ),
  ];
}

/** A circle of dependencies as ids, the first repeated at the end; undefined when there is none. Self-dependency excluded. */
export function cycleIn(tasks: readonly Pick<Task, 'id' | 'needs'>[]): string[] | undefined {
  const free = new Set(topologicalOrder(tasks.map((task) => withoutItself(task))).map((task) => task.id));
  const stuck = new Map(tasks.filter((task) => !free.has(task.id)).map((task) => [task.id, task]));
  const path: string[] = [];
  let next = [...stuck.keys()][0];
  // Each stuck task needs another stuck one, so walking along them comes back to where it has been.
  while (next !== undefined && !path.includes(next)) {
    path.push(next);
    next = stuck.get(next)?.needs.find((need) => need !== path.at(-1) && stuck.has(need));
  }
  return next === undefined ? undefined : [...path.slice(path.indexOf(next)), next];
}

/**
 * Pairs of tasks that have promised to write common paths without an order between them, in the order of the plan.
 * The tasks must be free of circles.
 */
export function unorderedCollisions(tasks: readonly Task[]): [string, string][] {
  const before = ancestorsOf(tasks);
  const isOrdered = (a: string, b: string) =>
    before.get(a)?.has(b) === true || before.get(b)?.has(a) === true;
  return tasks.flatMap((a, index) =>
    tasks
      .slice(index + 1)
      .filter((b) => !isOrdered(a.id, b.id) && tasksCollide(a, b))
      .map((b): [string, string] => [a.id, b.id]),
  );
}

function duplicatesIn(tasks: readonly Task[]): string[] {
  const ids = tasks.map((task) => task.id);
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))].map(
    (id) => `The id \`${id}\` is used by more than one task.`,
  );
}

function dependencyProblems(task: Task, known: ReadonlySet<string>): string[] {
  return [...new Set(task.needs)].flatMap((need) => {
    if (need === task.id) return [`Task \`${task.id}\` needs itself.`];
    if (known.has(need)) return [];
    const [close] = closestNames(
      need,
      [...known].filter((id) => id !== task.id),
    );
    return [
      `Task \`${task.id}\` needs \`${need}\`, which is not in the plan.${close ? ` Did you mean \`${close}\`?` : ''}`,
    ];
  });
}

function contractProblems(task: Task): string[] {
  const problems: string[] = [];
  if (task.work.kind === 'agent' && task.work.prompt.trim() === '')
    problems.push(`Task \`${task.id}\` has an empty prompt.`);
  if (task.work.kind === 'command' && task.work.run.trim() === '')
    problems.push(`Task \`${task.id}\` has an empty command.`);
  const { low, high } = task.estimateMinutes;
  if (low > high) problems.push(`Task \`${task.id}\` has an estimate from ${low} to ${high} minutes.`);
  for (const glob of [...task.scope, ...(task.freezes ?? [])]) {
    if (/^!?\//.test(glob) || glob.split('/').includes('..') || /^[a-z]:/i.test(glob)) {
      problems.push(
        `Task \`${task.id}\` has the scope \`${glob}\`; scopes are relative to the root of the repository and stay inside it.`,
      );
    }
  }
  return problems;
}

function agentProblems(task: Task, agents: readonly Agent[]): string[] {
  const agent = agents.find((one) => one.name === task.agent);
  if (!agent) {
    const close = closestNames(
      task.agent,
      agents.map((one) => one.name),
    );
    const hint = close.length > 0 ? ` Did you mean ${close.map((name) => `\`${name}\``).join(' or ')}?` : '';
    return [`Task \`${task.id}\` is given to the agent \`${task.agent}\`, which does not exist.${hint}`];
  }
  const backend = task.work.kind === 'agent' ? 'model' : 'command';
  if (agent.backend === backend) return mayWrite(agent) ? [] : readerProblems(task, agent);
  return [
    `Task \`${task.id}\` is given to the agent \`${agent.name}\`, whose backend is \`${agent.backend}\`; it takes one with \`${backend}\`.`,
  ];
}

const writingTools = ['edit', 'write', 'apply_patch', 'bash'];

function mayWrite({ tools }: Agent): boolean {
  return tools === undefined || tools.some((tool) => writingTools.includes(tool));
}

/** A task that promises paths to change takes an agent that can change something. */
function readerProblems(task: Task, agent: Agent): string[] {
  if (task.work.kind !== 'agent' || (task.scope.length === 0 && !task.freezes?.length)) return [];
  return [
    `Task \`${task.id}\` is to change ${task.scope.join(', ')}, and its agent \`${agent.name}\` may only read (${agent.tools?.join(', ') || 'no tools'}).`,
  ];
}

function gatesNamedBy(task: Task): string[] {
  return [...new Set([...task.gates, ...(task.work.kind === 'check' ? task.work.gates : [])])];
}

function gateProblems(who: string, gates: readonly string[], known: readonly string[]): string[] {
  return gates
    .filter((gate) => !known.includes(gate))
    .map(
      (gate) =>
        `${who} names the gate \`${gate}\`, which does not apply here. There are: ${known.join(', ') || 'none'}.`,
    );
}

function withoutItself(task: Pick<Task, 'id' | 'needs'>): Pick<Task, 'id' | 'needs'> {
  return { id: task.id, needs: task.needs.filter((need) => need !== task.id) };
}
