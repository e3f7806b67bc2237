import type { Clock } from '../../../base/clock';
import type { Limiter } from '../../../base/limiter';
import { fail, ok, type Result } from '../../../base/result';
import type { ApprovalAnswer } from '../../../core/model/approval';
import type { NewEvent } from '../../../core/model/event';
import { failureOf, type Failure } from '../../../core/model/failure';
import type { AttemptContext, AttemptOutcome, Mail, Policy } from '../../../core/ports';
import { Deadline } from '../backends/deadline';
import { outOfTime } from '../backends/limits';
import { AgentEvents } from './agentEvents';
import { misbehaved } from './externalFailure';
import { cutOff, firstPrompt, goOn, mailText, outcomeOf } from './externalPrompt';
import { openSession, type ExternalSession, type SessionOptions } from './externalSession';
import type { Launch } from './launch';
import type { LinkHandlers, PermissionOutcome } from './link';
import { answerPermission } from './permissions';
import { permissionSchema, updateSchema, type Prompted, type SessionUpdate } from './protocol';
import { withoutSecrets } from './secrets';
import { isUnguarded } from './sessionSettings';
import { Spending } from './spending';
import { mayStart } from './startPermission';

export interface ExternalAttemptOptions extends Pick<SessionOptions, 'confine' | 'startTimeoutMs' | 'load'> {
  readonly clock: Clock;
  readonly policy: Policy;
  /** Unique ids of prompts. */
  readonly newId: () => string;
  /** How an agent would run, in a sentence for the person who is asked. */
  readonly describe: (launch: Launch) => Promise<string>;
  /** Lets one start at a time ask for permission. */
  readonly starts: Limiter;
  /** An agent from which nothing comes for this long is stuck. Default: half an hour; it may run long tests. */
  readonly quietMs?: number;
  /** How long an agent may take to end a turn that was cancelled. Default: 2 s at the end, 30 s for a message. */
  readonly cancelMs?: number;
}

type Outcome = Result<AttemptOutcome, Failure>;
/** What comes after a turn: the end of the attempt, or another prompt. */
type Next = { readonly ended: Outcome } | { readonly prompt: string };

/** Turns an agent may need more because it was cut off by limits of its own. */
const maxContinuations = 3;

export class ExternalAttempt {
  private readonly deadline: Deadline;
  private readonly halted = new AbortController();
  private readonly signal: AbortSignal;
  private readonly clean: <T>(value: T) => T;
  private readonly events: AgentEvents;
  private readonly spending: Spending;
  private haltedBy: Failure | undefined;
  private session: ExternalSession | undefined;
  private continuations = 0;
  private heardAtMs: number;
  private waits = 0;
  private isAtWork = false;
  private isInterrupted = false;
  private isLooking = false;

  constructor(
    private readonly options: ExternalAttemptOptions,
    private readonly context: AttemptContext,
    private readonly launch: Launch,
  ) {
    const { clock } = options;
    this.clean = withoutSecrets(Object.values(launch.passed));
    this.deadline = new Deadline(clock, context, 0);
    this.signal = AbortSignal.any([this.deadline.signal, this.halted.signal]);
    this.heardAtMs = clock.monotonicMs();
    const broken = (error: unknown) => this.halt(failureOf(error, `The record of ${launch.model}`));
    const emit = (event: NewEvent) => context.emit(this.clean(event));
    this.events = new AgentEvents({ caller: this.caller(), clock, emit, onFailure: broken });
    this.spending = new Spending(launch.model, this.events, options, context);
  }

  async run(): Promise<Outcome> {
    const quiet = setInterval(() => this.watchQuiet(), Math.min(this.quietMs() / 4, 30_000));
    // Also an agent that says nothing for long hears a person.
    const mail = setInterval(() => void this.lookForMail(), 1000);
    try {
      return this.clean(await this.work());
    } finally {
      clearInterval(quiet);
      clearInterval(mail);
      this.isAtWork = false;
      await this.session?.end();
      this.deadline.dispose();
    }
  }

  private async work(): Promise<Outcome> {
    if (this.isStopped()) return this.stopped();
    await this.sayIfAnew();
    const refused = await this.permission();
    if (this.isStopped()) return this.stopped();
    if (refused) return fail(refused);
    const opened = await openSession(this.launch, {
      ...this.options,
      cwd: this.context.worktree.path,
      runId: this.context.runId,
      handlers: this.handlers(),
      signal: this.signal,
    });
    if (opened.ok) this.session = opened.value;
    if (this.isStopped()) return this.stopped();
    return opened.ok ? this.converse(opened.value) : opened;
  }

  /** Turn after turn, with what people and other agents said in between, until the agent is done. */
  private async converse(session: ExternalSession): Promise<Outcome> {
    let prompt = [firstPrompt(this.context.agent, this.context.briefing), this.heardBefore()].join('').trim();
    for (let turn = 1; ; turn++) {
      const mails = await this.mail();
      if (!mails) return this.stopped();
      const text = [prompt, mailText(mails)].filter((part) => part !== '').join('\n\n');
      const next = await this.turn(session, text, turn);
      if ('ended' in next) return next.ended;
      prompt = next.prompt;
    }
  }

  private async turn(session: ExternalSession, text: string, turn: number): Promise<Next> {
    const call = await this.spending.begin(turn, text);
    this.events.beginTurn(turn);
    this.isInterrupted = false;
    this.isAtWork = true;
    this.heardAtMs = this.options.clock.monotonicMs();
    const answering = session.prompt(text);
    const answered = (await this.race(answering)) ?? (await this.cancelled(session, answering));
    this.isAtWork = false;
    await this.events.endTurn();
    await this.spending.end(call, answered, this.events.text);
    if (this.isStopped()) return { ended: this.stopped() };
    if (!answered) return { ended: this.stuck('did not end its turn when it was asked to') };
    return answered.ok ? this.after(answered.value) : { ended: answered };
  }

  private async after({ stopReason }: Prompted): Promise<Next> {
    const said = this.events.text;
    switch (stopReason) {
      case 'end_turn': {
        const mails = await this.deadline.race(this.deadline.excluding(() => this.context.checkpoint()));
        if (!mails) return { ended: this.stopped() };
        return mails.length > 0 ? { prompt: goOn } : { ended: ok(outcomeOf(said, this.launch.model)) };
      }
      case 'cancelled':
        if (this.isInterrupted) return { prompt: goOn };
        return {
          ended: fail(misbehaved(this.launch, 'ended its work as cancelled, and nobody had cancelled it.')),
        };
      case 'max_tokens':
      case 'max_turn_requests':
        if (++this.continuations <= maxContinuations) return { prompt: cutOff };
        return {
          ended: fail(
            misbehaved(this.launch, `was cut off by its own limits again and again (${stopReason}).`),
          ),
        };
      case 'refusal':
        return {
          ended: fail(
            misbehaved(this.launch, `refused the task: ${said.trim().slice(0, 500) || 'no reason given'}`),
          ),
        };
      default:
        return {
          ended: fail(misbehaved(this.launch, `stopped for a reason that is not known: ${stopReason}.`)),
        };
    }
  }

  private handlers(): LinkHandlers {
    return {
      update: (raw) => {
        this.heardAtMs = this.options.clock.monotonicMs();
        const update = updateSchema.safeParse(raw);
        if (update.success) this.take(update.data);
      },
      ready: () => this.events.ready(),
      permission: (request, signal) => this.answer(request, signal),
    };
  }

  private take(update: SessionUpdate): void {
    if (!this.isAtWork) return;
    if (update.sessionUpdate === 'usage_update') this.spending.update(update);
    else if (update.sessionUpdate === 'current_mode_update') this.watchMode(update.currentModeId);
    else this.events.take(update);
    if (update.sessionUpdate === 'agent_message_chunk') this.spending.said(update.content.text ?? '');
    const reached = this.spending.reached(this.events.calls);
    if (reached) this.halt(reached);
  }

  /** The policy answers, or a person; while the run is paused nobody does. */
  private async answer(request: unknown, signal: AbortSignal): Promise<PermissionOutcome> {
    const none: PermissionOutcome = { outcome: 'cancelled' };
    const parsed = permissionSchema.safeParse(request);
    if (!parsed.success || !this.isAtWork) return none;
    const toolCall = this.events.asked(parsed.data.toolCall);
    const stop = AbortSignal.any([this.signal, signal]);
    this.waits++;
    try {
      if (!(await this.deadline.race(this.deadline.excluding(() => this.context.checkpoint())))) return none;
      const { outcome } = await answerPermission(
        { ...parsed.data, toolCall },
        {
          policy: this.options.policy,
          root: this.context.worktree.path,
          model: this.launch.model,
          caller: this.caller(),
          ask: (question) => this.ask(question, stop),
          emit: (event) => this.events.record(event),
        },
      );
      return stop.aborted || this.isInterrupted ? none : outcome;
    } catch (error) {
      this.halt(failureOf(error, `The answer to ${this.launch.model}`));
      return none;
    } finally {
      this.waits--;
      this.heardAtMs = this.options.clock.monotonicMs();
    }
  }

  private async permission(): Promise<Failure | undefined> {
    const scene = {
      policy: this.options.policy,
      caller: this.caller(),
      ask: (question: Parameters<AttemptContext['ask']>[0]) => this.ask(question, this.signal),
      emit: (event: NewEvent) => this.events.record(event),
      describe: this.options.describe,
    };
    const asked = this.options.starts.run(() => mayStart(this.launch, scene), this.signal);
    return this.deadline.race(this.deadline.excluding(() => asked));
  }

  /** Waiting for a person takes none of the attempt's time, and ends when the attempt is stopped. */
  private async ask(
    question: Parameters<AttemptContext['ask']>[0],
    signal: AbortSignal,
  ): Promise<ApprovalAnswer> {
    const asking = this.deadline.excluding(() => this.context.ask(this.clean(question)));
    return (await raced(asking, signal)) ?? { id: '', digest: '', decision: 'deny', by: 'nobody' };
  }

  /** What arrived; recorded as received. Undefined when the attempt is stopped. */
  private async mail(): Promise<readonly Mail[] | undefined> {
    const mails = await this.deadline.race(this.deadline.excluding(() => this.context.checkpoint()));
    for (const mail of mails ?? [])
      await this.events.record({ type: 'message.received', ...this.caller(), ...mail });
    return this.isStopped() ? undefined : mails;
  }

  /** A person is heard at once: the turn is cancelled, and the next one begins with what was said. */
  private async lookForMail(): Promise<void> {
    if (!this.isAtWork || this.isLooking || this.isInterrupted || this.waits > 0) return;
    this.isLooking = true;
    try {
      const mails = await this.context.checkpoint();
      if (!this.isBusy() || !mails.some((mail) => mail.from === 'person')) return;
      this.isInterrupted = true;
      this.session?.cancel();
      await this.patience(this.options.cancelMs ?? 30_000, () => this.isAtWork && this.isInterrupted);
    } catch (error) {
      if (!this.isStopped()) this.halt(failureOf(error, 'The look for messages'));
    } finally {
      this.isLooking = false;
    }
  }

  private async patience(limitMs: number, isWaiting: () => boolean): Promise<void> {
    const until = this.options.clock.monotonicMs() + limitMs;
    while (isWaiting() && !this.isStopped()) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (this.options.clock.monotonicMs() < until || !isWaiting()) continue;
      const ended = this.stuck('did not end its turn when a message came for it');
      if (!ended.ok) this.halt(ended.failure);
    }
  }

  private async cancelled(session: ExternalSession, answering: Promise<Result<Prompted, Failure>>) {
    session.cancel();
    return raced(answering, AbortSignal.timeout(this.options.cancelMs ?? 2000));
  }

  private watchMode(mode: string): void {
    if (!isUnguarded(mode) || isUnguarded(this.session?.mode ?? '')) return;
    const message = `${this.launch.model} went into the mode "${mode}", in which it asks nobody, and was stopped.`;
    this.halt({ kind: 'denied', rule: 'agents ask before they act', message });
  }

  private watchQuiet(): void {
    const quietMs = this.options.clock.monotonicMs() - this.heardAtMs;
    if (!this.isAtWork || this.waits > 0 || quietMs < this.quietMs()) return;
    const ended = this.stuck(`said nothing for ${Math.round(quietMs / 60_000)} minutes`);
    if (!ended.ok) this.halt(ended.failure);
  }

  private quietMs(): number {
    return this.options.quietMs ?? 30 * 60_000;
  }

  private halt(failure: Failure): void {
    this.haltedBy ??= failure;
    this.halted.abort();
  }

  private race<T>(work: Promise<T>): Promise<T | undefined> {
    return raced(work, this.signal);
  }

  private isBusy(): boolean {
    return this.isAtWork;
  }

  /** A method, because it changes while something is awaited. */
  private isStopped(): boolean {
    return this.signal.aborted;
  }

  private stopped(): Outcome {
    if (this.context.signal.aborted)
      return fail({ kind: 'cancelled', message: `${this.context.agent.name} was stopped.` });
    if (this.haltedBy) return fail(this.haltedBy);
    return fail(outOfTime(this.context.limits.minutes ?? 0));
  }

  private stuck(what: string): Outcome {
    const { model, name } = this.launch;
    const remedy = 'What it did so far is kept. Try again, or use another agent for this task.';
    return fail({ kind: 'agent-stuck', agent: name, message: `${model} ${what}.`, remedy });
  }

  /** The session of before the crash is gone, and so is what it knew. */
  private async sayIfAnew(): Promise<void> {
    if (!this.context.recorded.some((event) => event.type !== 'attempt.started')) return;
    const message = `${this.launch.model} cannot go on with a session that was interrupted: the attempt is made anew. What it had written is kept, apart from the worktree.`;
    await this.events.record({ type: 'note', level: 'info', message, taskId: this.context.task.id });
  }

  private heardBefore(): string {
    const heard = this.context.recorded.filter((event) => event.type === 'message.received');
    return heard.length > 0 ? `\n\n${mailText(heard)}` : '';
  }

  private caller(): { taskId: string; attempt: number } {
    return { taskId: this.context.task.id, attempt: this.context.attempt };
  }
}

/** What the work gives, or undefined when the signal comes first; how the work then ends does not matter. */
function raced<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const abandon = () => resolve(undefined);
    if (signal.aborted) abandon();
    signal.addEventListener('abort', abandon, { once: true });
    const failed = (error: Error) => (signal.aborted ? abandon() : reject(error));
    void work.then(resolve, failed).finally(() => signal.removeEventListener('abort', abandon));
  });
}
