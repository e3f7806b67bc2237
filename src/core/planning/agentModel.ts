import type { Agent } from '../model/agent';

/**
 * The model id an agent works with. Only an id of the form `provider/model` replaces the run's model: agent files of other
 * tools name aliases (`sonnet`, `GPT-5 (copilot)`) whose meaning here nobody has decided.
 */
export function resolveAgentModel(agent: Pick<Agent, 'model'>, runModel: string): string {
  return /^[a-z][a-z0-9-]*\/\S+$/.test(agent.model) ? agent.model : runModel;
}
