import type { Clock } from '../../base/clock';
import { fail, type Result } from '../../base/result';
import type { NewEvent } from '../model/event';
import { sentence, type Failure } from '../model/failure';
import type { ModelAnswer, ModelProvider, ModelRequest } from '../ports';
import { isRateLimited, patienceMs, retryInMs } from './backoff';
import { overflowOf } from './contextOverflow';
import { ServicePaces, type ServicePace, type Turn } from './servicePaces';

export interface CallDeps {
  readonly provider: ModelProvider;
  readonly clock: Clock;
  /** From 0 to below 1; spreads the retries of many agents. */
  readonly random: () => number;
  /** Unique ids of model calls. */
  readonly newId: () => string;
  /** Shared by all calls of the process; absent: this call knows of no other. */
  readonly paces?: ServicePaces;
  /** Model ids that are asked, in order, when a call's own model cannot be used. */
  readonly fallbacks?: readonly string[];
}

/** One step of a conversation, and whose it is, as its events say. */
export interface RecordedCall {
  readonly model: string;
  readonly step: number;
  /** Absent for the planning of a run. */
  readonly taskId?: string;
  readonly attempt?: number;
  /** Asked for each try after its intent was recorded: recording it may change what is sent. */
  request(): Omit<ModelRequest, 'model'>;
  /** Resolves when the event is durable. */
  emit(event: NewEvent): Promise<void>;
}

/** How long a model that was given up is not asked again, where another one takes its place. */
const restMs = 10 * 60_000;

/**
 * One answer of a model, with as many tries as it is worth, then of the models that may take its place, each change said
 * in the journal. The intent is in the journal before each try, its answer or its failure after it. An abort ends it
 * with the last failure; one that the abort itself caused is not recorded.
 */
export async function recordedCall(
  call: RecordedCall,
  deps: CallDeps,
  signal: AbortSignal,
): Promise<Result<ModelAnswer, Failure>> {
  const paces = deps.paces ?? new ServicePaces(deps.clock, deps.random);
  const others = (deps.fallbacks ?? []).filter((model) => model !== call.model);
  const models = [call.model, ...others];
  const usable = models.find((model) => !paces.of(model).isGivenUp) ?? call.model;
  if (usable !== call.model && paces.of(call.model).isNewsTo(nameOf(call)))
    await note(call, `${call.model} could not be used a short time ago: ${usable} answers instead.`);
  let first: Result<ModelAnswer, Failure> | undefined;
  for (let at = models.indexOf(usable); ; at++) {
    const model = models[at] ?? call.model;
    const service = paces.of(model);
    const answered = await tried({ ...call, model }, service, deps, signal);
    first ??= answered;
    // A conversation that is too long is for whoever holds it to shorten: another model is no answer to it.
    if (answered.ok || signal.aborted || overflowOf(answered.failure)) return answered;
    const next = models[at + 1];
    // What is wrong with a stand-in is of less interest than why there had to be one.
    if (next === undefined || !isReplaceable(answered.failure, model !== call.model)) return first;
    service.giveUp(restMs);
    service.isNewsTo(nameOf(call));
    await note(call, `${sentence(answered.failure.message)} ${next} answers instead.`);
  }
}

function nameOf({ taskId = '', attempt = 0 }: RecordedCall): string {
  return `${taskId} ${attempt}`;
}

function note(call: RecordedCall, message: string): Promise<void> {
  const { taskId } = call;
  return call.emit({ type: 'note', level: 'warning', message, ...(taskId === undefined ? {} : { taskId }) });
}

/** A stand-in that can never work (a wrong id, no address) is passed over; for a call's own model that is to be told. */
function isReplaceable({ kind }: Failure, isStandIn: boolean): boolean {
  return kind === 'model-unavailable' || kind === 'model-misbehaved' || (isStandIn && kind === 'usage');
}

/** The tries of one model. A refusal for its rate uses up none as long as there is hope, which ends with the patience. */
async function tried(
  call: RecordedCall,
  service: ServicePace,
  deps: CallDeps,
  signal: AbortSignal,
): Promise<Result<ModelAnswer, Failure>> {
  const { clock } = deps;
  const begunMs = clock.monotonicMs();
  const cancelled: Failure = { kind: 'cancelled', message: `The call of ${call.model} was cancelled.` };
  let last: Result<ModelAnswer, Failure> = fail(cancelled);
  for (let tries = 1; ;) {
    const turn = await turnOf(call, service, signal);
    if (!turn) return last;
    const startedMs = clock.monotonicMs();
    const callId = deps.newId();
    const answered = await asked(call, callId, turn, deps, signal);
    if (answered.ok || signal.aborted) return answered;
    last = answered;
    const { failure } = answered;
    const isLimited = isRateLimited(failure);
    const hasHope = isLimited && (asksToWait(failure) || service.letsOthersThrough(startedMs));
    const patience = isLimited ? patienceMs - (clock.monotonicMs() - begunMs) : patienceMs;
    // The place in the queue of a limited service is the waiting itself.
    const waitMs = hasHope ? service.waitMs : retryInMs(failure, tries, deps.random());
    const again = waitMs === undefined || waitMs > patience ? undefined : waitMs;
    const retry = again === undefined ? {} : { retryInMs: again };
    await call.emit({ type: 'model.failed', ...callerOf(call), callId, failure, ...retry });
    if (again === undefined) return answered;
    if (!hasHope) tries++;
    if (!isLimited && !(await slept(clock, again, signal))) return answered;
  }
}

function asksToWait(failure: Failure): boolean {
  return failure.kind === 'model-unavailable' && failure.retryAfterMs !== undefined;
}

/** One try, between its intent and its answer in the journal. */
async function asked(
  call: RecordedCall,
  callId: string,
  turn: Turn,
  deps: CallDeps,
  signal: AbortSignal,
): Promise<Result<ModelAnswer, Failure>> {
  const { model, step } = call;
  const caller = callerOf(call);
  let isOver = false;
  try {
    await call.emit({ type: 'model.called', ...caller, callId, step });
    const startedMs = deps.clock.monotonicMs();
    const answered = await deps.provider.complete(
      { model, caller: { ...caller, step }, ...call.request() },
      signal,
    );
    isOver = true;
    giveBack(turn, answered);
    if (!answered.ok) return answered;
    const { text, toolCalls, content, finishReason, usage } = answered.value;
    const durationMs = deps.clock.monotonicMs() - startedMs;
    const result = { text, toolCalls: [...toolCalls], finishReason, usage, durationMs };
    const kept = content === undefined ? {} : { content };
    await call.emit({ type: 'model.answered', ...caller, callId, step, ...result, ...kept });
    return answered;
  } finally {
    if (!isOver) turn.ended();
  }
}

function giveBack(turn: Turn, answered: Result<ModelAnswer, Failure>): void {
  if (answered.ok) return turn.answered();
  const { failure } = answered;
  if (failure.kind === 'model-unavailable' && isRateLimited(failure)) turn.refused(failure.retryAfterMs);
  else turn.ended();
}

function callerOf({ model, taskId, attempt }: RecordedCall) {
  return {
    ...(taskId === undefined ? {} : { taskId }),
    ...(attempt === undefined ? {} : { attempt }),
    model,
  };
}

/** Undefined when an abort ended the waiting. */
async function turnOf(
  call: RecordedCall,
  service: ServicePace,
  signal: AbortSignal,
): Promise<Turn | undefined> {
  const provider = call.model.split('/')[0] ?? call.model;
  const { taskId, attempt } = call;
  const onWait = (waitMs: number | undefined) => {
    const time = waitMs === undefined ? '' : `, ${Math.ceil(waitMs / 1000)} s`;
    const activity = `waits for the rate limit of ${provider}${time}`;
    return taskId !== undefined && attempt !== undefined
      ? call.emit({ type: 'attempt.progress', taskId, attempt, activity })
      : call.emit({ type: 'note', level: 'info', message: `The planner ${activity}.` });
  };
  try {
    return await service.enter(signal, onWait);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** False when an abort ended the sleep. */
function slept(clock: Clock, durationMs: number, signal: AbortSignal): Promise<boolean> {
  return clock.sleep(durationMs, signal).then(
    () => !signal.aborted,
    (error: unknown) => {
      if (signal.aborted) return false;
      throw error;
    },
  );
}
