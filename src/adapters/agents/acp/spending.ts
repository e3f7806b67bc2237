import type { Clock } from '../../../base/clock';
import type { Result } from '../../../base/result';
import type { StoredEvent, Usage } from '../../../core/model/event';
import type { Failure } from '../../../core/model/failure';
import type { AttemptContext } from '../../../core/ports';
import { reachedLimit } from '../backends/limits';
import type { AgentEvents } from './agentEvents';
import { Paced } from './paced';
import type { Prompted, SessionUpdate } from './protocol';
import { Spend } from './spend';

/** A prompt as it stands in the journal. */
interface RecordedPrompt {
  readonly callId: string;
  readonly step: number;
  readonly startedMs: number;
}

/** An agent that calls tools without end is stopped here. */
const maxCalls = 5000;

/**
 * Records what an agent spends, as calls of a model: a prompt is one call, and cost that is reported while it works is
 * recorded at once (N8), so that the budget of the run sees it and a crash does not lose it.
 */
export class Spending {
  private readonly spend = new Spend();
  private readonly costs = new Paced(1000, () => this.recordCost());
  private readonly before: { tokens: number; usd: number };
  private prompt: RecordedPrompt | undefined;
  private isWarned = false;

  constructor(
    private readonly model: string,
    private readonly events: AgentEvents,
    private readonly options: { readonly clock: Clock; readonly newId: () => string },
    private readonly context: AttemptContext,
  ) {
    this.before = spentBefore(context.recorded);
  }

  async begin(step: number, text: string): Promise<RecordedPrompt> {
    this.spend.beginTurn(text);
    return (this.prompt = await this.call(step));
  }

  said(text: string): void {
    this.spend.said(text);
  }

  update(update: Extract<SessionUpdate, { sessionUpdate: 'usage_update' }>): void {
    this.spend.update(update);
    this.costs.touch();
  }

  /** The limit that is reached, if any. */
  reached(calls: number): Failure | undefined {
    const { limits } = this.context;
    const usd = this.spend.costUsd;
    const state = {
      steps: calls,
      tokens: this.before.tokens + this.spend.tokens,
      costUsd: usd === null ? null : this.before.usd + usd,
    };
    return reachedLimit(state, { ...limits, steps: limits.steps ?? maxCalls }, 0);
  }

  /** The end of a prompt; of one that was cut off, what it had cost by then. */
  async end(
    { callId, step, startedMs }: RecordedPrompt,
    answered: Result<Prompted, Failure> | undefined,
    text: string,
  ): Promise<void> {
    this.costs.flush();
    this.prompt = undefined;
    const { model } = this;
    const isWhole = answered?.ok === true;
    if (!isWhole && this.spend.tokens === 0 && (this.spend.costUsd ?? 0) === 0) {
      // Nothing is known to have been spent: what is recorded is that it failed. An abort of ours is no failure of its.
      if (answered)
        await this.events.record({
          type: 'model.failed',
          ...this.caller(),
          callId,
          model,
          failure: answered.failure,
        });
      return;
    }
    await this.events.record({
      type: 'model.answered',
      ...this.caller(),
      callId,
      model,
      step,
      text,
      toolCalls: [],
      finishReason: isWhole ? answered.value.stopReason : 'interrupted',
      usage: this.spend.takeTurn(isWhole ? (answered.value.usage ?? undefined) : undefined),
      durationMs: this.options.clock.monotonicMs() - startedMs,
    });
    await this.warnOfUnknownCost();
  }

  private async call(step: number): Promise<RecordedPrompt> {
    const callId = this.options.newId();
    await this.events.record({ type: 'model.called', ...this.caller(), callId, model: this.model, step });
    return { callId, step, startedMs: this.options.clock.monotonicMs() };
  }

  /** A report of its own, so that the prompt's call stays open until the prompt is answered. */
  private recordCost(): void {
    const usage: Usage | undefined = this.prompt && this.spend.takeCost();
    if (!this.prompt || !usage) return;
    const { step } = this.prompt;
    const call = { ...this.caller(), callId: this.options.newId(), model: this.model, step };
    const answer = { text: '', toolCalls: [], finishReason: 'cost-report', usage, durationMs: 0 };
    // Refused events are told to whoever made `events`.
    for (const event of [
      { type: 'model.called' as const, ...call },
      { type: 'model.answered' as const, ...call, ...answer },
    ])
      this.events.record(event).catch(() => undefined);
  }

  /** Said once in an attempt that has a limit on cost. */
  private async warnOfUnknownCost(): Promise<void> {
    if (this.context.limits.costUsd === undefined || this.spend.costUsd !== null || this.isWarned) return;
    this.isWarned = true;
    const message = `${this.model} does not say what it costs, so the limit on cost cannot be kept; the other limits are.`;
    await this.events.record({ type: 'note', level: 'warning', message, taskId: this.context.task.id });
  }

  private caller(): { taskId: string; attempt: number } {
    return { taskId: this.context.task.id, attempt: this.context.attempt };
  }
}

/** What this attempt spent before a crash counts towards its limits. */
function spentBefore(recorded: readonly StoredEvent[]): { tokens: number; usd: number } {
  const total = { tokens: 0, usd: 0 };
  for (const event of recorded) {
    if (event.type !== 'model.answered') continue;
    total.tokens += event.usage.inputTokens + event.usage.outputTokens;
    total.usd += event.usage.costUsd ?? 0;
  }
  return total;
}
