import { isAbsolute, relative, sep } from 'node:path';
import type { Agent, LoadedAgents } from '../core/model/agent';

/** What is known of an agent: where it comes from, which model it means here, what it may do, what of its file has no effect. */
export function explainAgent(agent: Agent, { models, skills }: LoadedAgents, root: string): string {
  const { source, capabilities, withoutTools, maxSteps, effort, handoffs, unused, argumentHint } = agent;
  const model = models?.[agent.name];
  const wanted = (agent.skills ?? []).map((name) =>
    skills?.some((skill) => skill.name.toLowerCase() === name.toLowerCase()) ? name : `${name} (not there)`,
  );
  const lines: [string, string | undefined][] = [
    ['file', source.path === undefined ? 'built in' : placeOf(source.path, root)],
    ['model', agent.backend === 'command' ? 'none: it runs programs' : modelText(agent, model)],
    ['effort', effort],
    ['tools', toolsText(agent)],
    ['never', withoutTools?.join(', ')],
    ['capabilities', capabilities.join(', ') || 'none are named: it is only chosen by name'],
    ['skills', wanted.length > 0 ? wanted.join(', ') : undefined],
    ['steps', maxSteps === undefined ? undefined : `at most ${maxSteps} in an attempt`],
    ['chosen', agent.onlyByName === true ? 'only where a plan names it' : undefined],
    ['to be told', argumentHint],
    ['would go on', handoffs?.map(({ label, agent: to }) => `${to} (${label})`).join(', ')],
    ...(unused ?? []).map(({ field, reason }): [string, string] => ['no effect', `${field}: ${reason}`]),
  ];
  const shown = lines.flatMap(([what, text]) => (text === undefined ? [] : [`  ${what.padEnd(13)} ${text}`]));
  return [`${agent.name}: ${agent.description.replace(/\s+/g, ' ')}`, ...shown].join('\n');
}

function modelText(agent: Agent, model: { id: string; reason: string } | undefined): string {
  return model === undefined
    ? [agent.model, ...(agent.fallbackModels ?? [])].join(', ')
    : `${model.id}: ${model.reason}`;
}

function toolsText({ backend, tools }: Agent): string | undefined {
  if (backend === 'command') return undefined;
  return tools === undefined ? 'all, those of MCP servers too' : tools.join(', ');
}

/** From the root of the repository where it stands in it. */
export function placeOf(path: string, root: string): string {
  const way = relative(root, path);
  return way.startsWith(`..${sep}`) || way === '..' || isAbsolute(way) ? path : way;
}
