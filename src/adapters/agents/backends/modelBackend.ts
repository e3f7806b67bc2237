import { fail, ok, type Result } from '../../../base/result';
import { recordedCall, type CallDeps } from '../../../core/coordination/recordedCall';
import type { ApprovalAnswer } from '../../../core/model/approval';
import type { NewEvent } from '../../../core/model/event';
import type { Failure } from '../../../core/model/failure';
import type {
  AgentBackend,
  AttemptContext,
  AttemptOutcome,
  ModelRequest,
  OutsideTools,
  ToolCall,
  ToolSession,
  Toolbox,
} from '../../../core/ports';
import { boundedSummary, callsAsSummary, keptWhenCondensed, summaryRequest } from './condensing';
import { assumedWindowTokens } from './contextWindows';
import { newConversation, nextConversation, windowOf, type ConversationRules } from './conversation';
import type { Conversation, PendingCall } from './conversationState';
import { Deadline } from './deadline';
import { withOwn } from './withOwn';
import { outOfTime, reachedLimit } from './limits';
import { whyMalformed } from './malformed';
import { overflowOf } from '../../../core/coordination/contextOverflow';
import { systemPrompt } from './systemPrompt';
import { fitted, tokensWhen, type Window } from './window';

export interface ModelBackendOptions extends CallDeps {
  readonly toolbox: Toolbox;
  /** The context window of a model in tokens (`windowTokensOf`). Default: the same for every model. */
  readonly windowTokens?: (model: string) => number;
}

/** Malformed tool calls a model may make in a row before the attempt is given up. */
const maxMalformed = 3;

/** Our own agent loop over a language model: call it, carry out its tool calls, until it finishes. */
export function createModelBackend(options: ModelBackendOptions): AgentBackend {
  return {
    run: async (context) => {
      const outside = await options.toolbox.prepare?.(context);
      try {
        return await worked(new ModelAttempt(options, context, outside));
      } finally {
        await outside?.close();
      }
    },
  };
}

async function worked(attempt: ModelAttempt): Promise<Outcome> {
  try {
    return await attempt.run();
  } finally {
    await attempt.close();
  }
}

type Outcome = Result<AttemptOutcome, Failure>;

class ModelAttempt {
  private state: Conversation;
  private readonly rules: ConversationRules;
  private readonly deadline: Deadline;
  private readonly session: ToolSession;
  private readonly system: string;
  private warned = false;
  private lost: { readonly error: unknown } | undefined;

  constructor(
    private readonly options: ModelBackendOptions,
    private readonly context: AttemptContext,
    outside: OutsideTools | undefined,
  ) {
    // What tools record is part of the conversation too: the list of steps.
    const own = { ask: this.askPerson.bind(this), emit: this.emit.bind(this) };
    this.session = options.toolbox.open(withOwn(context, own), outside);
    this.system = systemPrompt(context.agent, this.session.specs);
    this.rules = {
      window: {
        tokens: options.windowTokens?.(context.model) ?? assumedWindowTokens,
        overheadChars: this.system.length + JSON.stringify(this.session.specs).length,
      },
      isMalformed: (call) => whyMalformed(call, this.session) !== undefined,
    };
    this.state = context.recorded.reduce<Conversation>(
      (state, event) => nextConversation(state, event, this.rules),
      newConversation(context.briefing),
    );
    this.deadline = new Deadline(options.clock, context, this.state.busyMs);
  }

  /** Goes on from wherever the recorded events end: with tool calls that are open, or with the next call of the model. */
  async run(): Promise<Outcome> {
    for (;;) {
      const ended = (await this.answerCalls()) ?? this.verdict() ?? (await this.ask());
      if (ended?.ok) return ended;
      if (this.context.signal.aborted) return fail(this.cancelled());
      if (this.deadline.signal.aborted) return fail(outOfTime(this.context.limits.minutes ?? 0));
      if (ended) return ended;
    }
  }

  close(): Promise<void> {
    this.deadline.dispose();
    return this.session.close();
  }

  /** Carries out the open tool calls in order. A call whose intent is recorded but not its result is never repeated. */
  private async answerCalls(): Promise<Outcome | undefined> {
    const { finished } = this.state;
    if (finished) {
      // Recorded before a crash: `finish` has no effect of its own, so asking it again gives what it gave.
      const again = await this.session.call(finished, this.deadline.signal);
      if (again.finish) return ok(again.finish);
    }
    while (this.state.pending.length > 0) {
      await this.whilePaused();
      const [open] = this.state.pending;
      if (!open || this.isOver()) break;
      const outcome = await this.answerCall(open);
      if (outcome) return ok(outcome);
    }
    return undefined;
  }

  private async answerCall(open: PendingCall): Promise<AttemptOutcome | undefined> {
    const { call, begun } = open;
    if (begun && !this.mayRepeat(open)) {
      this.returned(call, { ok: false, output: interrupted }, 0);
      return undefined;
    }
    if (!begun)
      await this.emit({
        type: 'tool.called',
        ...this.ids(),
        step: this.state.steps,
        callId: call.id,
        tool: call.name,
        input: call.input,
        summary: this.session.summary(call),
      });
    if (this.isOver()) return undefined;
    const refused = whyMalformed(call, this.session) ?? this.whyTooEarly(call);
    const startedAt = this.options.clock.monotonicMs();
    const outcome = refused
      ? { ok: false, output: refused }
      : await this.session.call(call, this.deadline.signal);
    // What an abort interrupted has an unknown outcome: no result is recorded for it.
    if (this.isOver()) return undefined;
    this.returned(call, outcome, this.options.clock.monotonicMs() - startedAt);
    return outcome.finish;
  }

  /** An interrupted call has certainly had no effect while its permission is open or denied, or if it never has one. */
  private mayRepeat({ call, permission }: PendingCall): boolean {
    if (permission && permission.state !== 'allow') return true;
    return call.name === 'finish' || this.session.isRepeatable?.(call) === true;
  }

  /** An answer that makes a call and finishes has not seen whether the call worked. */
  private whyTooEarly(call: ToolCall): string | undefined {
    const failed = call.name === 'finish' ? this.state.results.find((result) => !result.ok) : undefined;
    return (
      failed && `Not finished: ${failed.name}, called in the same answer, failed. Read its result first.`
    );
  }

  /** Whether the conversation has come to an end by itself, or must not go on. */
  private verdict(): Outcome | undefined {
    const { last, malformed, idle, guard } = this.state;
    const { model, agent, limits } = this.context;
    if (last && !last.hasCalls && last.text !== '') return ok({ summary: last.text });
    const misbehaved = (message: string) =>
      fail({ kind: 'model-misbehaved' as const, model, message, remedy: 'Use another model for this task.' });
    if (idle > 1) return misbehaved(`${model} twice gave an answer that was empty or cut off.`);
    if (malformed > maxMalformed)
      return misbehaved(`${model} made tool calls that cannot be carried out ${malformed} times in a row.`);
    if (guard.stuck !== undefined)
      return fail({
        kind: 'agent-stuck',
        agent: agent.name,
        message: `${agent.name} ${guard.stuck}.`,
        remedy: 'Look at its last steps, and try again with a clearer task or another model.',
      });
    const reached = reachedLimit(this.state, limits, this.deadline.elapsedMs());
    return reached ? fail(reached) : undefined;
  }

  /** Hears what people said meanwhile, then calls the model. */
  private async ask(): Promise<Outcome | undefined> {
    const mails = await this.deadline.race(this.deadline.excluding(() => this.context.checkpoint()));
    if (!mails) return undefined;
    for (const mail of mails) this.record({ type: 'message.received', ...this.ids(), ...mail });
    await this.condenseIfFull();
    if (this.deadline.signal.aborted) return undefined;
    const { system } = this;
    const { effort } = this.context.agent;
    const { specs: tools } = this.session;
    const answered = await this.complete(undefined, () => ({
      system,
      messages: fitted(this.state, this.window()),
      tools,
      ...(effort === undefined ? {} : { effort }),
    }));
    await this.warnOfUnknownPrice();
    if (answered.ok || this.mayShorten(answered.failure)) return undefined;
    return answered;
  }

  /** Once after a refusal as too long, if there is anything to leave out: what is asked next is shorter. */
  private mayShorten(failure: Failure): boolean {
    return overflowOf(failure) !== undefined && this.state.overflows === 1 && this.state.messages.length > 1;
  }

  /** One recorded call of the model; a pause holds up each of its tries. */
  private complete(
    purpose: 'condensing' | undefined,
    request: () => Omit<ModelRequest, 'model'>,
  ): ReturnType<typeof recordedCall> {
    const step = this.state.steps + 1;
    const ids = this.ids();
    const own = purpose ? { purpose } : {};
    const emit = async (event: NewEvent) => {
      if (event.type === 'model.called') await this.whilePaused();
      // What was stopped in a pause is not called: no intent is left behind whose outcome nobody knows.
      if (event.type === 'model.called' && this.deadline.signal.aborted) return;
      const isOfCall =
        event.type === 'model.called' || event.type === 'model.answered' || event.type === 'model.failed';
      const recorded = isOfCall ? { ...event, ...own } : event;
      if (event.type === 'model.answered') this.record(recorded);
      else await this.emit(recorded);
    };
    const caller = { ...ids, step, ...own };
    const call = { ...ids, model: this.context.model, step, emit, request: () => ({ ...request(), caller }) };
    return recordedCall(call, this.options, this.deadline.signal);
  }

  /** Puts a summary in the place of the older part when the conversation does not fit any more. */
  private async condenseIfFull(): Promise<void> {
    const window = this.window();
    const kept = keptWhenCondensed(this.state, window);
    if (kept === undefined) return;
    const asked =
      this.state.summary === undefined
        ? await this.complete('condensing', () => summaryRequest(this.state, kept, window))
        : undefined;
    if (this.deadline.signal.aborted) return;
    const { summary = '', known } = this.state;
    const why = asked && !asked.ok ? asked.failure.message : 'the model wrote none';
    await this.emit({
      type: 'conversation.condensed',
      ...this.ids(),
      summary: boundedSummary(summary || callsAsSummary(this.state, kept, why), window),
      keptMessages: kept,
      by: summary ? 'model' : 'engine',
      tokens: Math.ceil(tokensWhen(this.state, this.state.elided, window)),
      counted: known ? 'service' : 'estimated',
    });
  }

  private isOver(): boolean {
    return this.deadline.signal.aborted;
  }

  private window(): Window {
    return windowOf(this.state, this.rules);
  }

  /** Takes none of the attempt's time, and ends when the attempt is stopped. Messages wait for the next step. */
  private async whilePaused(): Promise<void> {
    await this.deadline.race(this.deadline.excluding(() => this.context.checkpoint()));
  }

  /** Waiting for a person takes none of the attempt's time, and ends when the attempt is stopped. */
  private async askPerson(approval: Parameters<AttemptContext['ask']>[0]): Promise<ApprovalAnswer> {
    const answer = await this.deadline.race(this.deadline.excluding(() => this.context.ask(approval)));
    return answer ?? { id: '', digest: '', decision: 'deny', by: 'nobody' };
  }

  private returned(
    call: ToolCall,
    { ok: isOk, output }: { ok: boolean; output: string },
    durationMs: number,
  ): void {
    this.record({
      type: 'tool.returned',
      ...this.ids(),
      callId: call.id,
      tool: call.name,
      ok: isOk,
      output,
      durationMs,
    });
  }

  /** Resolves when the event, and everything recorded before it, is in the journal. */
  private async emit(event: NewEvent): Promise<void> {
    await this.context.emit(event);
    if (this.lost) throw this.lost.error;
    this.state = nextConversation(this.state, event, this.rules);
  }

  /**
   * For results, which have no effect that must wait for them: the journal keeps the order, so whatever is emitted next
   * is durable only with them, and fails if they were lost.
   */
  private record(event: NewEvent): void {
    this.context.emit(event).catch((error: unknown) => (this.lost ??= { error }));
    this.state = nextConversation(this.state, event, this.rules);
  }

  /** Said once in an attempt: at the answer that made the cost unknown. */
  private async warnOfUnknownPrice(): Promise<void> {
    if (this.context.limits.costUsd === undefined || this.state.costUsd !== null || this.warned) return;
    this.warned = true;
    const message = `The price of ${this.context.model} is not known, so the limit on cost cannot be kept; the other limits are.`;
    await this.context.emit({ type: 'note', level: 'warning', message, taskId: this.context.task.id });
  }

  private ids(): { taskId: string; attempt: number } {
    return { taskId: this.context.task.id, attempt: this.context.attempt };
  }

  private cancelled(): Failure {
    return { kind: 'cancelled', message: `${this.context.agent.name} was stopped.` };
  }
}

const interrupted =
  'The engine was interrupted while this ran. Whether it took effect is not known: look at the state of things before you repeat it.';
