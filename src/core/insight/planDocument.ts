import type { StoredEvent } from '../model/event';
import type { Plan, Task } from '../model/plan';
import type { RunView } from '../model/run';
import { code, inline, list, page, quote, section, table } from './markdown';
import { minutesText } from './wording';

/** `coordination-plan.md`: who was to do what, in which order, why, and how the plan changed. */
export function planDocument(view: RunView, events: readonly StoredEvent[]): string {
  const { plan } = view;
  if (!plan) return page('Coordination plan', quote(view.request), 'No plan was made.');
  return page(
    'Coordination plan',
    quote(view.request),
    inline(plan.rationale),
    section('Order', order(plan), mermaid(plan)),
    ...plan.tasks.map(taskSection),
    section('Gates of the combined tree', list(plan.gates.map(code))),
    section(
      'Risks',
      table(
        ['Risk', 'Answer'],
        plan.risks.map(({ risk, mitigation }) => [inline(risk), inline(mitigation)]),
      ),
    ),
    section('If something goes wrong', list(plan.contingencies.map(inline))),
    section('How the plan changed', revisions(events)),
  );
}

function order(plan: Plan): string | undefined {
  const rows = plan.tasks.map((task) => [
    code(task.id),
    inline(task.agent),
    task.needs.map(code).join(', '),
    task.priority,
    minutesText(task.estimateMinutes),
  ]);
  return table(['Task', 'Agent', 'After', 'Priority', 'Estimate'], rows);
}

/** Ids are slugs, so nothing in them needs escaping. */
function mermaid(plan: Plan): string | undefined {
  const edges = plan.tasks.flatMap((task) => task.needs.map((need) => `  ${need} --> ${task.id}`));
  return edges.length === 0 ? undefined : ['```mermaid', 'graph LR', ...edges, '```'].join('\n');
}

function taskSection(task: Task): string | undefined {
  return section(
    `Task ${task.id}: ${inline(task.title)}`,
    workText(task),
    list([
      ...(task.agentReasons.length > 0
        ? [`${inline(task.agent)} because: ${inline(task.agentReasons.join('; '))}`]
        : []),
      ...(task.scope.length > 0 ? [`may change ${task.scope.map(code).join(', ')}`] : []),
      ...task.acceptance.map((criterion) => `accepted when: ${inline(criterion)}`),
      ...(task.gates.length > 0 ? [`passes ${task.gates.map(code).join(', ')}`] : []),
    ]),
  );
}

function workText({ work }: Task): string {
  switch (work.kind) {
    case 'agent':
      return quote(work.prompt);
    case 'command':
      return `Runs ${code(work.run)}${work.accepts === undefined ? '.' : `; exit code ${work.accepts.join(' or ')} is no failure.`}`;
    case 'check':
      return `Runs the gates ${work.gates.map(code).join(', ')} over the base tree.`;
    case 'analysis':
      return work.of === 'code' ? 'Analyses the code base.' : 'Analyses the documentation.';
  }
}

function revisions(events: readonly StoredEvent[]): string | undefined {
  const lines = events.flatMap((event) => {
    if (event.type === 'plan.proposed')
      return [`${event.at}: revision ${event.revision} with ${event.plan.tasks.length} tasks`];
    if (event.type === 'plan.revised')
      return [
        `${event.at}: revision ${event.revision}, changed by ${inline(event.by)}: ${inline(event.impact.join(' '))}`,
      ];
    if (event.type === 'plan.approved')
      return [`${event.at}: revision ${event.revision} approved by ${inline(event.by)}`];
    return [];
  });
  return list(lines);
}
