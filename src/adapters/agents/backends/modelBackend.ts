import { fail, ok, type Result } from '../../../base/result';
import { recordedCall, type CallDeps } from '../../../core/coordination/recordedCall';
import type { ApprovalAnswer } from '../../../core/model/approval';
import type { NewEvent } from '../../../core/model/event';
import type { Failure } from '../../../core/model/failure';
import type {
  AgentBackend,
  AttemptContext,
  AttemptOutcome,
  ToolCall,
  ToolSession,
  Toolbox,
} from '../../../core/ports';
import { newConversation, nextConversation, type Conversation, type ConversationRules } from './conversation';
import { Deadline } from './deadline';
import { withAsk } from './withAsk';
import { outOfTime, reachedLimit } from './limits';
import { stopAt } from './loopGuard';
import { whyMalformed } from './malformed';
import { systemPrompt } from './systemPrompt';
import { fitted } from './window';

export interface ModelBackendOptions extends CallDeps {
  readonly toolbox: Toolbox;
  /** The context window of a model in tokens. Default: 128,000 for every model. */
  readonly windowTokens?: (model: string) => number;
}

/** Malformed tool calls a model may make in a row before the attempt is given up. */
const maxMalformed = 3;

/** Our own agent loop over a language model: call it, carry out its tool calls, until it finishes. */
export function createModelBackend(options: ModelBackendOptions): AgentBackend {
  return {
    run: async (context) => {
      const attempt = new ModelAttempt(options, context);
      try {
        return await attempt.run();
      } finally {
        await attempt.close();
      }
    },
  };
}

type Outcome = Result<AttemptOutcome, Failure>;

class ModelAttempt {
  private state: Conversation;
  private readonly rules: ConversationRules;
  private readonly deadline: Deadline;
  private readonly session: ToolSession;
  private warned = false;

  constructor(
    private readonly options: ModelBackendOptions,
    private readonly context: AttemptContext,
  ) {
    this.session = options.toolbox.open(withAsk(context, (approval) => this.askPerson(approval)));
    this.rules = {
      windowTokens: options.windowTokens?.(context.model) ?? 128_000,
      isMalformed: (call) => whyMalformed(call, this.session.specs) !== undefined,
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
    while (this.state.pending.length > 0 && !this.deadline.signal.aborted) {
      const [open] = this.state.pending;
      if (!open) break;
      const outcome = await this.answerCall(open.call, open.begun);
      if (outcome) return ok(outcome);
    }
    return undefined;
  }

  private async answerCall(call: ToolCall, begun: boolean): Promise<AttemptOutcome | undefined> {
    if (begun && call.name !== 'finish') {
      await this.returned(call, { ok: false, output: interrupted }, 0);
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
    const refused = whyMalformed(call, this.session.specs) ?? this.whyTooEarly(call);
    const startedAt = this.options.clock.monotonicMs();
    const outcome = refused
      ? { ok: false, output: refused }
      : await this.session.call(call, this.deadline.signal);
    // What an abort interrupted has an unknown outcome: no result is recorded for it.
    if (this.deadline.signal.aborted) return undefined;
    await this.returned(call, outcome, this.options.clock.monotonicMs() - startedAt);
    return outcome.finish;
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
    if (guard.worst >= stopAt) {
      const message = `${agent.name} made the same call with the same result ${guard.worst} times.`;
      return fail({
        kind: 'agent-stuck',
        agent: agent.name,
        message,
        remedy: 'Look at its last steps, and try again with a clearer task or another model.',
      });
    }
    const reached = reachedLimit(this.state, limits, this.deadline.elapsedMs());
    return reached ? fail(reached) : undefined;
  }

  /** Hears what people said meanwhile, then calls the model. */
  private async ask(): Promise<Outcome | undefined> {
    const mails = await this.deadline.race(this.deadline.excluding(() => this.context.checkpoint()));
    if (!mails) return undefined;
    for (const mail of mails) await this.emit({ type: 'message.received', ...this.ids(), ...mail });
    const system = systemPrompt(this.context.agent, this.session.specs);
    const { specs: tools } = this.session;
    const call = {
      ...this.ids(),
      model: this.context.model,
      step: this.state.steps + 1,
      request: () => ({ system, messages: fitted(this.state.messages, this.state.elided), tools }),
      emit: (event: NewEvent) => this.emit(event),
    };
    const answered = await recordedCall(call, this.options, this.deadline.signal);
    await this.warnOfUnknownPrice();
    return answered.ok ? undefined : answered;
  }

  /** Waiting for a person takes none of the attempt's time, and ends when the attempt is stopped. */
  private async askPerson(approval: Parameters<AttemptContext['ask']>[0]): Promise<ApprovalAnswer> {
    const answer = await this.deadline.race(this.deadline.excluding(() => this.context.ask(approval)));
    return answer ?? { id: '', digest: '', decision: 'deny', by: 'nobody' };
  }

  private async returned(
    call: ToolCall,
    { ok: isOk, output }: { ok: boolean; output: string },
    durationMs: number,
  ): Promise<void> {
    await this.emit({
      type: 'tool.returned',
      ...this.ids(),
      callId: call.id,
      tool: call.name,
      ok: isOk,
      output,
      durationMs,
    });
  }

  /** What is durable is what the conversation knows: the state changes when the event is in the journal. */
  private async emit(event: NewEvent): Promise<void> {
    await this.context.emit(event);
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
