import type { Failure } from '../../../core/model/failure';
import type { Limits } from '../../../core/model/plan';
import type { Conversation } from './conversationState';

/** An attempt without a limit on steps is ended here: an endless loop of tools that always brings something new. */
export const defaultSteps = 200;

/** The limit that is reached, if any; asked before every call of the model. */
export function reachedLimit(
  state: Pick<Conversation, 'steps' | 'tokens' | 'costUsd'>,
  limits: Limits,
  elapsedMs: number,
): Failure | undefined {
  const steps = limits.steps ?? defaultSteps;
  if (state.steps >= steps) return exceeded(`${steps} steps`, `made ${state.steps} steps`);
  if (limits.tokens !== undefined && state.tokens >= limits.tokens) {
    return exceeded(`${limits.tokens} tokens`, `used ${state.tokens} tokens`);
  }
  if (limits.costUsd !== undefined && state.costUsd !== null && state.costUsd >= limits.costUsd) {
    return exceeded(`${limits.costUsd} US dollars`, `cost ${state.costUsd.toFixed(4)} US dollars`);
  }
  if (limits.minutes !== undefined && elapsedMs >= limits.minutes * 60_000) return outOfTime(limits.minutes);
  return undefined;
}

export function outOfTime(minutes: number): Failure {
  return exceeded(`${minutes} minutes`, `took ${minutes} minutes`);
}

function exceeded(limit: string, did: string): Failure {
  return {
    kind: 'budget-exceeded',
    limit,
    message: `The attempt ${did}; its limit is ${limit}.`,
    remedy: 'Raise the limit of the task, or divide it into smaller ones. What the agent did so far is kept.',
  };
}
