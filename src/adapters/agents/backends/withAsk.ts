import type { AttemptContext } from '../../../core/ports';

/** The same attempt, with another way to ask a person. Built field by field, since a context may be an instance of a class. */
export function withAsk(context: AttemptContext, ask: AttemptContext['ask']): AttemptContext {
  const { runId, task, attempt, agent, model, worktree, briefing, limits, recorded, signal } = context;
  return {
    ...{ runId, task, attempt, agent, model, worktree, briefing, limits, recorded, signal, ask },
    emit: (event) => context.emit(event),
    checkpoint: () => context.checkpoint(),
    recipients: () => context.recipients(),
    diagnose: (gates) => context.diagnose(gates),
  };
}
