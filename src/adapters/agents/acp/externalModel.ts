import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../../base/result';
import type { Failure } from '../../../core/model/failure';
import type { ModelAnswer, ModelProvider, ModelRequest } from '../../../core/ports';
import { misbehaved } from './externalFailure';
import { requestPrompt } from './externalPrompt';
import { openSession, type SessionOptions } from './externalSession';
import type { Launch } from './launch';
import type { LinkHandlers } from './link';
import { permissionSchema, updateSchema, type Prompted } from './protocol';
import { withoutSecrets } from './secrets';
import { Spend } from './spend';

export interface ExternalModelOptions extends Pick<
  SessionOptions,
  'runId' | 'startTimeoutMs' | 'confine' | 'load'
> {
  launch(model: string): Promise<Result<Launch, Failure>>;
  /** Says why an agent may not be started; asks a person where the policy says so. */
  mayStart(launch: Launch): Promise<Failure | undefined>;
}

/**
 * External agents as models that only answer: planning, and the test whether one can be reached. Each request is a
 * session of its own in an empty folder, in which every permission is refused.
 */
export function createExternalModel(options: ExternalModelOptions): ModelProvider {
  return {
    complete: async (request, signal, onText) => {
      const launch = await options.launch(request.model);
      if (!launch.ok) return launch;
      if (signal.aborted) return fail(cancelled(request.model));
      const refused = await options.mayStart(launch.value);
      if (refused) return fail(refused);
      const folder = await mkdtemp(join(tmpdir(), 'enterprise-ask-'));
      try {
        const clean = withoutSecrets(Object.values(launch.value.passed));
        return clean(await answerIn(folder, launch.value, request, { ...options, signal }, onText));
      } finally {
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      }
    },
  };
}

async function answerIn(
  folder: string,
  launch: Launch,
  request: ModelRequest,
  options: ExternalModelOptions & { readonly signal: AbortSignal },
  onText: ((delta: string) => void) | undefined,
): Promise<Result<ModelAnswer, Failure>> {
  const spend = new Spend();
  let text = '';
  const hear = (said: string) => {
    text += said;
    spend.said(said);
    onText?.(said);
  };
  const opened = await openSession(launch, {
    ...options,
    cwd: folder,
    handlers: listening(hear, spend, launch),
  });
  if (!opened.ok) return opened;
  try {
    const prompt = requestPrompt(request);
    spend.beginTurn(prompt);
    const answered = await untilAborted(opened.value.prompt(prompt), options.signal);
    if (!answered) return fail(cancelled(request.model));
    if (!answered.ok) return answered;
    return answerOf(launch, answered.value, text, spend);
  } finally {
    await opened.value.end();
  }
}

function listening(hear: (said: string) => void, spend: Spend, { model }: Launch): LinkHandlers {
  return {
    update: (raw) => {
      const update = updateSchema.safeParse(raw);
      if (!update.success) return;
      if (update.data.sessionUpdate === 'agent_message_chunk') hear(update.data.content.text ?? '');
      if (update.data.sessionUpdate === 'usage_update') spend.update(update.data);
    },
    ready: () => Promise.resolve(),
    permission: (request) => {
      const options = permissionSchema.safeParse(request).data?.options ?? [];
      const no = options.find((option) => option.kind.startsWith('reject'));
      return Promise.resolve(
        no
          ? { outcome: 'selected', optionId: no.optionId, _meta: { reason: `${model} is only asked here` } }
          : { outcome: 'cancelled' },
      );
    },
  };
}

function answerOf(
  launch: Launch,
  { stopReason, usage }: Prompted,
  text: string,
  spend: Spend,
): Result<ModelAnswer, Failure> {
  if (stopReason === 'refusal') return fail(misbehaved(launch, `refused to answer: ${text.slice(0, 500)}`));
  if (stopReason !== 'end_turn')
    return fail(misbehaved(launch, `did not answer to the end (${stopReason}).`));
  if (text.trim() === '') return fail(misbehaved(launch, 'answered nothing.'));
  return ok({ text, toolCalls: [], finishReason: 'stop', usage: spend.takeTurn(usage ?? undefined) });
}

function cancelled(model: string): Failure {
  return { kind: 'cancelled', message: `The question to ${model} was cancelled.` };
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const abandon = () => resolve(undefined);
    if (signal.aborted) abandon();
    signal.addEventListener('abort', abandon, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abandon));
  });
}
