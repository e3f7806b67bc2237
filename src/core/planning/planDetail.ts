import type { Task } from '../model/plan';
import type { RunView } from '../model/run';
import { researchSources } from './researchText';

/** The plan as a person approves it: every command that will run stands in it word for word. */
export function planDetail({
  plan,
  gateSpecs,
  research,
}: Pick<RunView, 'plan' | 'gateSpecs' | 'research'>): string {
  const tasks = (plan?.tasks ?? []).map(taskText);
  const gates = gateSpecs.map((gate) => `- ${gate.name}: ${gate.command}`);
  const checks = gates.length > 0 ? gates : ['- none applies'];
  const sources = researchSources(research?.findings ?? []).map((source) => `- ${source}`);
  const looked = sources.length > 0 ? ['', 'Looked up before planning:', ...sources] : [];
  return [plan?.rationale ?? '', '', 'Tasks:', ...tasks, '', 'Gates:', ...checks, ...looked].join('\n');
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
