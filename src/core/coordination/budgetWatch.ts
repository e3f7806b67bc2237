import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import type { RunView } from '../model/run';
import type { Failure } from '../model/failure';
import type { RunControl } from './runControl';
import type { RunSession } from './runSession';

/** Stops a run as soon as it reaches a hard limit. Minutes count while this process works at the run. */
export class BudgetWatch implements Disposable {
  private readonly ended = new AbortController();
  private readonly subscription: Disposable;

  constructor(session: RunSession, control: RunControl, clock: Clock) {
    const { maxMinutes } = session.view.budget;
    if (maxMinutes !== undefined) {
      const stop = () => control.stop({ kind: 'budget', failure: exceeded('maxMinutes', `${maxMinutes} minutes of wall time`) });
      // The sleep rejects when the watch ends first, which is the usual case.
      clock.sleep(maxMinutes * 60_000, this.ended.signal).then(stop, () => undefined);
    }
    this.subscription = session.onChange(() => {
      const failure = overspent(session.view);
      if (failure) control.stop({ kind: 'budget', failure });
    });
  }

  dispose(): void {
    this.ended.abort();
    this.subscription.dispose();
  }
}

/** The limit a run has reached, if it has. A cost that is unknown cannot be compared, and is shown as unknown. */
export function overspent({ budget, usage }: RunView): Failure | undefined {
  const tokens = usage.inputTokens + usage.outputTokens;
  if (budget.maxTokens !== undefined && tokens >= budget.maxTokens) return exceeded('maxTokens', `${budget.maxTokens} tokens`);
  const { costUsd } = usage;
  if (budget.maxCostUsd !== undefined && costUsd !== null && costUsd >= budget.maxCostUsd) {
    return exceeded('maxCostUsd', `${budget.maxCostUsd} US dollars`);
  }
  return undefined;
}

function exceeded(limit: string, amount: string): Failure {
  const message = `The run reached its limit of ${amount} and was stopped.`;
  return { kind: 'budget-exceeded', limit, message, remedy: 'Its work is kept. Raise the limit and start it again.' };
}
