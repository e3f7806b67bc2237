import type { Agent } from '../model/agent';
import type { Limits } from '../model/plan';

/** The limits of an attempt: those of its task, and no more steps than its agent's definition allows. */
export function limitsFor(limits: Limits, agent: Pick<Agent, 'maxSteps'>): Limits {
  if (agent.maxSteps === undefined) return limits;
  return { ...limits, steps: Math.min(agent.maxSteps, limits.steps ?? agent.maxSteps) };
}
