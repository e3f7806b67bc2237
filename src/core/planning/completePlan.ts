import { fail, ok, type Result } from '../../base/result';
import type { Agent } from '../model/agent';
import type { Failure } from '../model/failure';
import type { GateAbsence } from '../model/gate';
import type { Estimate, Plan, PlanFile, Task, Work } from '../model/plan';
import { describeFailure } from '../model/failure';
import { acceptanceOf } from './acceptance';
import { activeFormOf } from './activeForm';
import { analyseTask } from './analyseTask';
import type { TrackRecord } from './outcomes';
import { selectAgent } from './selectAgent';
import { tasksCollide, writes } from './scope';
import { ancestorsOf } from './criticalPath';
import { orderCollisions } from './orderCollisions';
import { validatePlan } from './validatePlan';

type FileTask = PlanFile['tasks'][number];

export interface CompletionContext {
  readonly agents: readonly Agent[];
  /** Names of the gates that apply to the repository. */
  readonly gates: readonly string[];
  /** Gates that were looked for and do not apply: naming one is not an error, it is left out with a note. */
  readonly absentGates?: readonly GateAbsence[];
  readonly origin: Plan['origin'];
  /** The workflow's name or the file's path. */
  readonly source?: string;
  /** Domains of the whole request, from its analysis. */
  readonly domains?: readonly string[];
  /** How the agents did in earlier runs. */
  readonly record?: TrackRecord;
  /** Tasks each agent has been given already, by its name. */
  readonly load?: ReadonlyMap<string, number>;
  /** No model is configured: tasks with a prompt cannot be done. */
  readonly isOffline?: boolean;
  /** Replaces the rationale of the file. */
  readonly rationale?: string;
}

export interface CompletedPlan {
  readonly plan: Plan;
  /** What was decided or changed on the way, for the person. */
  readonly notes: readonly string[];
}

/**
 * Fills in what the author of a plan left open (titles, agents, gates, estimates, order where declared scopes collide)
 * and validates the result. The failure is `plan-invalid` with every problem, each naming its task.
 */
export function completePlan(file: PlanFile, context: CompletionContext): Result<CompletedPlan, Failure> {
  const problems: string[] = [];
  const notes: string[] = [];
  const gatesOf = gateChooser(context, notes);
  const planGates = gatesOf('The plan', file.gates ?? context.gates);
  const load = new Map<string, number>();
  const tasks = file.tasks.flatMap((task) => {
    const completed = completeTask(task, planGates, { ...context, load }, notes);
    if (!completed.ok) {
      problems.push(...completed.failure);
      return [];
    }
    const { agent } = completed.value;
    load.set(agent, (load.get(agent) ?? 0) + 1);
    return [completed.value];
  });
  if (problems.length > 0) return fail(invalid(problems, context));
  const ordered = orderCollisions(tasks);
  const plan = planOf(file, ordered.tasks, planGates, context);
  problems.push(...validatePlan(plan, { agents: context.agents, gateNames: context.gates }));
  if (problems.length > 0) return fail(invalid(problems, context));
  return ok({
    plan,
    notes: [...notes, ...ordered.notes, ...acceptanceNotes(plan.tasks), ...unscopedNotes(plan.tasks)],
  });
}

function planOf(
  file: PlanFile,
  tasks: readonly Task[],
  gates: readonly string[],
  context: CompletionContext,
): Plan {
  const source = context.source ?? file.name;
  return {
    tasks: [...tasks],
    rationale: context.rationale ?? file.rationale ?? file.description ?? defaultRationale(context),
    risks: file.risks ?? [],
    contingencies: file.contingencies?.length ? file.contingencies : usualContingencies(tasks),
    gates: [...gates],
    origin: context.origin,
    ...(source === undefined ? {} : { source }),
  };
}

function defaultRationale({ origin, source }: CompletionContext): string {
  if (origin === 'model') return 'Planned by the model, which gave no rationale.';
  return `Run as ${source ? `\`${source}\`` : 'the plan'} says.`;
}

/** What the engine does by itself when a task fails, where the author named nothing: who is skipped with it. */
function usualContingencies(tasks: readonly Task[]): string[] {
  const before = ancestorsOf(tasks);
  const lines: string[] = [];
  for (const { id } of tasks) {
    const lost = tasks.filter((other) => before.get(other.id)?.has(id)).map((other) => `\`${other.id}\``);
    const shown =
      lost.length > 5 ? `${lost.slice(0, 5).join(', ')} and ${lost.length - 5} more` : lost.join(', ');
    if (lost.length > 0)
      lines.push(`If \`${id}\` does not succeed, ${shown} cannot be done; the rest goes on.`);
    if (lines.length === 5) break;
  }
  return lines;
}

type GateChooser = (who: string, wanted: readonly string[]) => string[];

/** Leaves out gates known to be absent here, each with a note; what remains unknown is for the validation to refuse. */
function gateChooser(context: CompletionContext, notes: string[]): GateChooser {
  const reasons = new Map((context.absentGates ?? []).map((absence) => [absence.name, absence.reason]));
  return (who, wanted) =>
    [...new Set(wanted)].filter((gate) => {
      const reason = context.gates.includes(gate) ? undefined : reasons.get(gate);
      if (reason !== undefined)
        notes.push(`${who} names the gate \`${gate}\`, which is left out: ${reason}.`);
      return reason === undefined;
    });
}

/** One task of a plan file, completed but not checked against the others. @param notes gains what was decided on the way */
export function completeTask(
  task: FileTask,
  planGates: readonly string[],
  context: CompletionContext,
  notes: string[],
): Result<Task, string[]> {
  const gatesOf = gateChooser(context, notes);
  const who = `Task \`${task.id}\``;
  const work = workOf(task, gatesOf, context);
  if (!work.ok) return fail([work.failure]);
  const title = task.title ?? titleOf(work.value);
  const chosen = selectAgent({ id: task.id, title, work: work.value }, context.agents, {
    ...(task.agent === undefined ? {} : { agent: task.agent }),
    ...(context.domains === undefined ? {} : { domains: context.domains }),
    ...(context.record === undefined ? {} : { record: context.record }),
    ...(context.load === undefined ? {} : { load: context.load }),
  });
  if (!chosen.ok) return fail([describeFailure(chosen.failure)]);
  const isWriting = writes({ work: work.value });
  return ok({
    id: task.id,
    title,
    activeForm: task.activeForm ?? activeFormOf(title),
    work: work.value,
    agent: chosen.value.agent.name,
    agentReasons: [...chosen.value.reasons],
    needs: [...new Set(task.needs ?? [])],
    scope: task.scope ?? [],
    ...(task.freezes?.length ? { freezes: task.freezes } : {}),
    acceptance: task.acceptance ?? [],
    gates: isWriting ? (task.gates ? gatesOf(who, task.gates) : [...planGates]) : [],
    priority: task.priority ?? 'normal',
    estimateMinutes: task.estimateMinutes ?? estimateOf(work.value),
    limits: task.limits ?? {},
  });
}

/** Exactly one of `run`, `prompt`, `check` and `analysis` says what a task does. */
function workOf(task: FileTask, gatesOf: GateChooser, context: CompletionContext): Result<Work, string> {
  const who = `Task \`${task.id}\``;
  const kinds = (['run', 'prompt', 'check', 'analysis'] as const).filter((kind) => task[kind] !== undefined);
  if (kinds.length > 1)
    return fail(
      `${who} has ${kinds.map((kind) => `\`${kind}\``).join(' and ')}; a task has exactly one of them.`,
    );
  if (task.run !== undefined) {
    return task.run.trim() === ''
      ? fail(`${who} has an empty command.`)
      : ok({
          kind: 'command',
          run: task.run,
          ...(task.accepts === undefined ? {} : { accepts: task.accepts }),
        });
  }
  if (task.prompt !== undefined) return promptOf(who, task.prompt, context);
  if (task.analysis !== undefined) return ok({ kind: 'analysis', of: task.analysis });
  if (task.check !== undefined) {
    const gates = gatesOf(who, task.check);
    return gates.length > 0
      ? ok({ kind: 'check', gates })
      : fail(`${who} has nothing to check: ${absences(task.check, context)}.`);
  }
  const hint =
    task.agent === undefined ? '' : ` The agent \`${task.agent}\` has to be told what to do by a \`prompt\`.`;
  return fail(`${who} does nothing: it needs one of \`run\`, \`prompt\`, \`check\` or \`analysis\`.${hint}`);
}

function promptOf(who: string, prompt: string, context: CompletionContext): Result<Work, string> {
  if (prompt.trim() === '') return fail(`${who} has an empty prompt.`);
  if (context.isOffline === true)
    return fail(`${who} has a prompt, which takes a language model, and none is configured.`);
  return ok({ kind: 'agent', prompt });
}

function absences(gates: readonly string[], context: CompletionContext): string {
  return gates
    .map(
      (gate) =>
        `\`${gate}\` does not apply (${context.absentGates?.find((absence) => absence.name === gate)?.reason ?? 'not detected'})`,
    )
    .join(', ');
}

function titleOf(work: Work): string {
  switch (work.kind) {
    case 'agent':
      return clipped(work.prompt.trim().split('\n')[0]?.trim() ?? work.prompt);
    case 'command':
      return `Run ${clipped(work.run.trim().split('\n')[0] ?? work.run)}`;
    case 'check':
      return `Check ${work.gates.join(', ')}`;
    case 'analysis':
      return work.of === 'code' ? 'Analyse the code base' : 'Analyse the documentation';
  }
}

function clipped(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79).trimEnd()}…`;
}

/** Minutes by the kind of work: experience with repositories of ordinary size, replaced by history once there is some. */
function estimateOf(work: Work): Estimate {
  switch (work.kind) {
    case 'agent':
      return analyseTask({ request: work.prompt }).estimateMinutes;
    case 'command':
      return { low: 0.2, high: 3 };
    case 'check':
      return { low: 0.2, high: 5 };
    case 'analysis':
      return { low: 0.1, high: 1 };
  }
}

function acceptanceNotes(tasks: readonly Task[]): string[] {
  return tasks.flatMap((task) =>
    acceptanceOf(task)
      .filter((criterion) => criterion.gates.length === 0)
      .map(
        (criterion) => `Task \`${task.id}\`: no gate decides "${criterion.text}"; it is for you to confirm.`,
      ),
  );
}

/** Tasks without a scope run side by side; the person is told once, since a conflict would only show at the end. */
function unscopedNotes(tasks: readonly Task[]): string[] {
  const before = ancestorsOf(tasks);
  const writing = tasks.filter((task) => writes(task));
  const isLoose = (task: Task) =>
    task.scope.length === 0 &&
    writing.some(
      (other) =>
        other !== task &&
        !before.get(task.id)?.has(other.id) &&
        !before.get(other.id)?.has(task.id) &&
        !tasksCollide(task, other),
    );
  const loose = writing.filter(isLoose).map((task) => `\`${task.id}\``);
  if (loose.length === 0) return [];
  return [
    `${loose.join(', ')} may change any path while other tasks run. If they change the same lines, that shows when they are integrated.`,
  ];
}

function invalid(problems: readonly string[], context: CompletionContext): Failure {
  const where = context.source === undefined ? 'The plan' : `The plan \`${context.source}\``;
  return {
    kind: 'plan-invalid',
    message: `${where} cannot be run: ${problems.join(' ')}`,
    problems: [...problems],
    remedy:
      context.isOffline === true
        ? 'Correct it, or configure a model where a task needs one.'
        : 'Correct it and try again.',
  };
}
