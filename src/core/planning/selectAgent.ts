import { fail, ok, type Result } from '../../base/result';
import type { Agent } from '../model/agent';
import type { Failure } from '../model/failure';
import type { Work } from '../model/plan';
import { closestNames, compare } from './closestNames';
import { fitOf } from './agentFit';
import { experienceText, experienceWith, type TrackRecord } from './outcomes';
import { needsOf } from './taskNeeds';

/** What is known of a task when its agent is chosen. */
export interface AgentlessTask {
  readonly id: string;
  readonly title: string;
  readonly work: Work;
}

export interface SelectionHints {
  /** The agent the plan's author named. */
  readonly agent?: string;
  /** Domains found by the analysis of the whole request. */
  readonly domains?: readonly string[];
  /** How the agents did in earlier runs. */
  readonly record?: TrackRecord;
  /** Tasks of the same plan each agent has been given already, by its name. */
  readonly load?: ReadonlyMap<string, number>;
}

export interface AgentChoice {
  readonly agent: Agent;
  /** Why this one, for a person; at least one. */
  readonly reasons: readonly string[];
}

/**
 * Chooses who does a task. An agent named by the author is honoured if it exists and has the right backend. Otherwise each
 * agent with the right backend is measured (`fitOf`) and the best one taken, ties by name: the same task, agents and past
 * give the same choice. An agent that asked for it is only taken where it is named.
 */
export function selectAgent(
  task: AgentlessTask,
  agents: readonly Agent[],
  hints: SelectionHints = {},
): Result<AgentChoice, Failure> {
  if (hints.agent !== undefined) return named(task, hints.agent, agents, hints);
  const backend = task.work.kind === 'agent' ? 'model' : 'command';
  const needs = needsOf(task, hints.domains);
  const facts = (agent: Agent) => ({
    ...(hints.record === undefined ? {} : { record: hints.record }),
    load: hints.load?.get(agent.name) ?? 0,
  });
  const [best] = agents
    .filter((agent) => agent.backend === backend && agent.onlyByName !== true)
    .map((agent) => ({ agent, ...fitOf(agent, needs, facts(agent)) }))
    .sort((a, b) => b.score - a.score || compare(a.agent.name, b.agent.name));
  if (!best) {
    const message = `No agent can do task \`${task.id}\`: there is none with the backend \`${backend}\`.`;
    return fail({ kind: 'agent-missing', agent: backend, message });
  }
  return ok({
    agent: best.agent,
    reasons: best.reasons.length > 0 ? best.reasons : ['nobody fits better: chosen as the first by name'],
  });
}

function named(
  task: AgentlessTask,
  name: string,
  agents: readonly Agent[],
  { record, domains }: SelectionHints,
): Result<AgentChoice, Failure> {
  const agent =
    agents.find((one) => one.name === name) ??
    agents.find((one) => one.name.toLowerCase() === name.toLowerCase());
  const fitting = task.work.kind === 'agent' ? 'model' : 'command';
  if (!agent) {
    const close = closestNames(
      name,
      agents.map((one) => one.name),
    );
    const message = `Task \`${task.id}\` names the agent \`${name}\`, which does not exist.`;
    const remedy =
      close.length > 0
        ? `Did you mean ${close.map((one) => `\`${one}\``).join(' or ')}?`
        : 'See `enterprise agents` for those there are.';
    return fail({ kind: 'agent-missing', agent: name, message, remedy });
  }
  if (agent.backend !== fitting) {
    const message = `Task \`${task.id}\` names the agent \`${agent.name}\`, which ${abilityOf(agent)}, but the task is ${natureOf(task.work)}.`;
    return fail({
      kind: 'plan-invalid',
      message,
      problems: [message],
      remedy: 'Leave `agent` out to have one chosen.',
    });
  }
  const known = experienceWith(needsOf(task, domains), agent.name, record);
  return ok({ agent, reasons: ['named in the plan', ...(known ? [experienceText(known)] : [])] });
}

function abilityOf(agent: Agent): string {
  return agent.backend === 'model' ? 'works with a language model' : 'only runs programs';
}

function natureOf(work: Work): string {
  switch (work.kind) {
    case 'agent':
      return 'a prompt for a language model';
    case 'command':
      return 'a command line';
    case 'check':
      return 'a check by gates';
    case 'analysis':
      return 'an analysis by the engine';
  }
}
