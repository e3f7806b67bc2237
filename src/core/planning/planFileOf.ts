import type { Plan, PlanFile, Task } from '../model/plan';

/** A plan in the form of a plan file, to be edited and run with `run --plan`. What was chosen for its author stays chosen. */
export function planFileOf(plan: Plan): PlanFile {
  const { gates, rationale, risks, contingencies } = plan;
  return { gates, rationale, risks, contingencies, tasks: plan.tasks.map(fileTask) };
}

function fileTask(task: Task): PlanFile['tasks'][number] {
  const { id, title, activeForm, agent, needs, scope, acceptance, gates, priority, estimateMinutes, limits } =
    task;
  return {
    id,
    title,
    activeForm,
    ...workOf(task),
    agent,
    needs,
    scope,
    ...(task.freezes === undefined ? {} : { freezes: task.freezes }),
    acceptance,
    gates,
    priority,
    estimateMinutes,
    limits,
  };
}

function workOf({
  work,
}: Task): Pick<PlanFile['tasks'][number], 'run' | 'accepts' | 'prompt' | 'check' | 'analysis'> {
  switch (work.kind) {
    case 'agent':
      return { prompt: work.prompt };
    case 'command':
      return { run: work.run, ...(work.accepts === undefined ? {} : { accepts: work.accepts }) };
    case 'check':
      return { check: work.gates };
    case 'analysis':
      return { analysis: work.of };
  }
}
