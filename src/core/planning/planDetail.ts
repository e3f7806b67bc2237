import type { Analysis, Task } from '../model/plan';
import type { RunView } from '../model/run';
import { preparationLines } from './preparationText';
import { researchSources } from './researchText';

/** The plan as a person approves it: every command that will run stands in it word for word. */
export function planDetail({
  plan,
  gateSpecs,
  analysis,
  research,
  preparation,
}: Pick<RunView, 'plan' | 'gateSpecs' | 'analysis' | 'research' | 'preparation'>): string {
  const tasks = (plan?.tasks ?? []).map(taskText);
  const gates = gateSpecs.map((gate) => `- ${gate.name}: ${gate.command}`);
  const checks = gates.length > 0 ? gates : ['- none applies'];
  const sources = researchSources(research?.findings ?? []).map((source) => `- ${source}`);
  const looked = sources.length > 0 ? ['', 'Looked up before planning:', ...sources] : [];
  return [
    plan?.rationale ?? '',
    ...(analysis ? ['', forecastText(analysis)] : []),
    '',
    'Tasks:',
    ...tasks,
    '',
    'Gates:',
    ...checks,
    ...(preparation ? preparationLines(preparation) : []),
    ...looked,
  ].join('\n');
}

function forecastText({ complexity, estimateMinutes: { low, high }, basis }: Analysis): string {
  const why = basis === undefined ? '' : ` (${basis})`;
  return `A ${complexity} request, about ${low === high ? low : `${low} to ${high}`} minutes${why}.`;
}

/** Everything of a task that decides what happens: what is approved here is bound to exactly these words. */
function taskText(task: Task): string {
  const { needs, scope, freezes = [], acceptance, gates, priority, limits } = task;
  const after = needs.length > 0 ? ` after ${needs.join(', ')}` : '';
  const bounds = Object.entries(limits).map(([limit, value]) => `${limit} ${value}`);
  return [
    `- ${task.id}: ${task.title} (${task.agent}${after})${workText(task)}`,
    ...(scope.length > 0 ? [`    may change: ${scope.join(', ')}`] : []),
    ...(freezes.length > 0 ? [`    settles for the others: ${freezes.join(', ')}`] : []),
    ...(acceptance.length > 0 ? [`    accepted when: ${acceptance.join('; ')}`] : []),
    ...(gates.length > 0 ? [`    checked by: ${gates.join(', ')}`] : []),
    ...(priority === 'normal' ? [] : [`    priority: ${priority}`]),
    ...(bounds.length > 0 ? [`    limits: ${bounds.join(', ')}`] : []),
  ].join('\n');
}

function workText({ work }: Task): string {
  if (work.kind === 'agent') return `\n    ${work.prompt.trim()}`;
  if (work.kind !== 'command') return '';
  const accepts = work.accepts?.length ? `\n    exit code ${work.accepts.join(' or ')} is no failure` : '';
  return `\n    $ ${work.run}${accepts}`;
}
