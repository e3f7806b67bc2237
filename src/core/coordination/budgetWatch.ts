import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import type { Budget, StoredEvent } from '../model/event';
import type { Failure } from '../model/failure';
import type { RunControl } from './runControl';
import type { RunSession } from './runSession';

/** Stops a run as soon as its calls of models reach a hard limit, from its planning on. */
export class BudgetWatch implements Disposable {
  private readonly subscription: Disposable;
  /** The part of the spend whose price is known: a limit on it is kept also where the whole is unknown. */
  private knownUsd = 0;
  private isWarned: boolean;

  constructor(
    private readonly session: RunSession,
    private readonly control: RunControl,
  ) {
    this.isWarned = session.events.some((event) => event.type === 'note' && event.message === unknownPrice);
    this.count(session.events);
    this.subscription = session.onChange((events) => {
      this.count(events);
      this.look();
    });
    this.look();
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private count(events: readonly StoredEvent[]): void {
    for (const event of events)
      if (event.type === 'model.answered') this.knownUsd += event.usage.costUsd ?? 0;
  }

  private look(): void {
    const { budget, usage } = this.session.view;
    const tokens = usage.inputTokens + usage.outputTokens;
    if (budget.maxTokens !== undefined && tokens >= budget.maxTokens) {
      this.stop(exceeded('maxTokens', `${budget.maxTokens} tokens`));
    }
    if (budget.maxCostUsd === undefined) return;
    if (this.knownUsd >= budget.maxCostUsd)
      this.stop(exceeded('maxCostUsd', `${budget.maxCostUsd} US dollars`));
    if (usage.costUsd !== null || this.isWarned) return;
    this.isWarned = true;
    this.session.record({ type: 'note', level: 'warning', message: unknownPrice });
  }

  private stop(failure: Failure): void {
    this.control.stop({ kind: 'budget', failure });
  }
}

/** Minutes count while this process works at the tasks, not while a person thinks about the plan or the delivery. */
export function watchMinutes({ maxMinutes }: Budget, control: RunControl, clock: Clock): Disposable {
  const ended = new AbortController();
  if (maxMinutes !== undefined) {
    const stop = () =>
      control.stop({ kind: 'budget', failure: exceeded('maxMinutes', `${maxMinutes} minutes of wall time`) });
    // The sleep rejects when it is ended first, which is the usual case.
    clock.sleep(maxMinutes * 60_000, ended.signal).then(stop, () => undefined);
  }
  return { dispose: () => ended.abort() };
}

const unknownPrice =
  'The price of a model of this run is not known: its calls do not count towards the limit on cost, which is kept only for the others.';

function exceeded(limit: string, amount: string): Failure {
  const message = `The run reached its limit of ${amount} and was stopped.`;
  return {
    kind: 'budget-exceeded',
    limit,
    message,
    remedy: 'Its work is kept. Raise the limit and start it again.',
  };
}
