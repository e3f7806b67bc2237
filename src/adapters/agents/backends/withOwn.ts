import type { AttemptContext } from '../../../core/ports';

/** The same attempt with ways of its own to ask and to record. Built field by field, since a context may be an instance of a class. */
export function withOwn(
  context: AttemptContext,
  { ask, emit }: Pick<AttemptContext, 'ask' | 'emit'>,
): AttemptContext {
  const { runId, task, attempt, agent, model, worktree, briefing, limits, recorded, signal } = context;
  return {
    ...{ runId, task, attempt, agent, model, worktree, briefing, limits, recorded, signal, ask, emit },
    checkpoint: () => context.checkpoint(),
    recipients: () => context.recipients(),
    diagnose: (gates) => context.diagnose(gates),
  };
}
