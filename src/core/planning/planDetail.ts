import type { Analysis, Task } from '../model/plan';
import type { RunView } from '../model/run';
import { researchSources } from './researchText';

/** The plan as a person approves it: every command that will run stands in it word for word. */
export function planDetail({
  plan,
  gateSpecs,
  analysis,
}: Pick<RunView, 'plan' | 'gateSpecs' | 'analysis'>): string {
  const tasks = (plan?.tasks ?? []).map(taskText);
  const gates = gateSpecs.map((gate) => `- ${gate.name}: ${gate.command}`);
  const checks = gates.length > 0 ? gates : ['- none applies'];
  return [
    plan?.rationale ?? '',
    ...(analysis ? ['', forecastText(analysis)] : []),
    '',
    'Tasks:',
    ...tasks,
    '',
    'Gates:',
    ...checks,
  ].join('\n');
}

function forecastText({ complexity, estimateMinutes: { low, high }, basis }: Analysis): string {
  const why = basis === undefined ? '' : ` (${basis})`;
  return `A ${complexity} request, about ${low === high ? low : `${low} to ${high}`} minutes${why}.`;
}

function taskText(task: Task): string {
  const needs = task.needs.length > 0 ? ` after ${task.needs.join(', ')}` : '';
  const scope = task.scope.length > 0 ? `\n    may change: ${task.scope.join(', ')}` : '';
  const freezes = task.freezes?.length ? `\n    settles for the others: ${task.freezes.join(', ')}` : '';
  return `- ${task.id}: ${task.title} (${task.agent}${needs})${workText(task)}${scope}${freezes}`;
}

function workText({ work }: Task): string {
  if (work.kind === 'agent') return `\n    ${work.prompt.trim()}`;
  if (work.kind !== 'command') return '';
  const accepts = work.accepts?.length ? `\n    exit code ${work.accepts.join(' or ')} is no failure` : '';
  return `\n    $ ${work.run}${accepts}`;
}
