import type { Usage } from '../../../core/model/event';
import type { PromptUsage, SessionUpdate } from './protocol';

type UsageUpdate = Extract<SessionUpdate, { sessionUpdate: 'usage_update' }>;

/**
 * What a session costs, out of what the agent reports while it works (cost of the whole session so far, size of the
 * context) and at the end of a turn (tokens of the turn). What it does not report: tokens are estimated, cost is unknown.
 */
export class Spend {
  private sessionUsd: number | undefined;
  private recordedUsd = 0;
  private context = 0;
  private saidChars = 0;
  private askedChars = 0;
  private isOtherCurrency = false;
  /** Tokens of the turns that are recorded. */
  private turnTokens = 0;

  beginTurn(prompt: string): void {
    this.askedChars = prompt.length;
    this.saidChars = 0;
    this.context = 0;
  }

  said(text: string): void {
    this.saidChars += text.length;
  }

  update({ used, cost }: UsageUpdate): void {
    this.context = Math.max(this.context, Math.round(used));
    if (!cost) return;
    if (cost.currency.toUpperCase() !== 'USD') this.isOtherCurrency = true;
    // A session's cost only grows; a lower report is not believed, so that spend is never recorded too low.
    else this.sessionUsd = Math.max(this.sessionUsd ?? 0, cost.amount);
  }

  /** Cost that was reported and is not recorded yet; its tokens are counted at the end of the turn. */
  takeCost(): Usage | undefined {
    const costUsd = this.takeUsd();
    return costUsd === null || costUsd === 0 ? undefined : { inputTokens: 0, outputTokens: 0, costUsd };
  }

  /** The rest of a turn when it has ended, by the agent's own count or estimated. */
  takeTurn(counted: PromptUsage | undefined): Usage {
    const usage = { ...(counted ? countedTokens(counted) : this.estimatedTokens()), costUsd: this.takeUsd() };
    this.turnTokens += usage.inputTokens + usage.outputTokens;
    this.beginTurn('');
    return usage;
  }

  /** Of the session so far; the turn under way counts with the context it has reached. */
  get tokens(): number {
    return this.turnTokens + this.context;
  }

  /** Of the session so far; null where nothing is known of it. */
  get costUsd(): number | null {
    return this.isOtherCurrency ? null : (this.sessionUsd ?? null);
  }

  private takeUsd(): number | null {
    if (this.sessionUsd === undefined || this.isOtherCurrency) return null;
    const delta = this.sessionUsd - this.recordedUsd;
    this.recordedUsd = this.sessionUsd;
    return delta;
  }

  /** The context is a lower bound of what went in. Text has about four characters to a token. */
  private estimatedTokens(): Pick<Usage, 'inputTokens' | 'outputTokens'> {
    return {
      inputTokens: Math.max(this.context, Math.ceil(this.askedChars / 4)),
      outputTokens: Math.ceil(this.saidChars / 4),
    };
  }
}

/** The protocol counts each kind of token apart; ours are totals. */
function countedTokens(counted: PromptUsage): Omit<Usage, 'costUsd'> {
  const { inputTokens, outputTokens, thoughtTokens, cachedReadTokens, cachedWriteTokens } = counted;
  const cached = cachedReadTokens ?? 0;
  return {
    inputTokens: inputTokens + cached + (cachedWriteTokens ?? 0),
    outputTokens: outputTokens + (thoughtTokens ?? 0),
    ...(cached > 0 ? { cachedInputTokens: cached } : {}),
  };
}
