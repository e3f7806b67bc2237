import type { NewEvent, StoredEvent } from '../model/event';

/**
 * What is not known of a run whose process ended under it: calls of models that had begun. A service may have answered
 * and charged them; they are made again, so the spend shown may be too low (N5, N8).
 */
export function interruptedCalls(events: readonly StoredEvent[]): NewEvent[] {
  const since = events.findLastIndex((event) => event.type === 'run.recovered') + 1;
  const open = new Map<string, string>();
  for (const event of events.slice(since)) {
    if (event.type === 'model.called') open.set(event.callId, event.model);
    else if (event.type === 'model.answered' || event.type === 'model.failed') open.delete(event.callId);
  }
  if (open.size === 0) return [];
  const calls = open.size === 1 ? 'One call' : `${open.size} calls`;
  const models = [...new Set(open.values())].join(', ');
  const message = `${calls} of ${models} had begun when the process before ended. The outcome is unknown: if the service charged for it, the spend shown is too low.`;
  return [{ type: 'note', level: 'warning', message }];
}
