import { APICallError } from '@ai-sdk/provider';
import type { Failure } from '../../core/model/failure';
import type { ModelService } from './modelService';
import { redact } from './redact';
import { retryAfterMs, retryDelayMs } from './retryAfter';
import { PageAnswered } from './stallWatch';

/** Turns whatever a call threw, or sent as an error inside its stream, into a named failure without the API key. */
export function failureOfCall(error: unknown, service: ModelService, wallMs: number): Failure {
  if (error instanceof PageAnswered) {
    return unavailable(
      service,
      { retryable: false },
      `${error.message} instead of a model's answer`,
      addressRemedy,
    );
  }
  // Also inside the SDK's "failed to process successful response".
  if (isConnectionLoss(error) && !isRefusedConnection(error)) return cutCall(service);
  if (APICallError.isInstance(error) && !(error.statusCode && error.statusCode < 400))
    return failureOfApi(error, service, wallMs);
  if (error instanceof Error) {
    if (error.message.includes('without a finish reason')) return cutCall(service);
    return {
      kind: 'model-misbehaved',
      model: service.model,
      message: `The answer of ${service.model} cannot be read: ${shown(error.message, service)}`,
      remedy:
        'If it happens again, the service does not speak the protocol expected of it: check the address and the model id.',
    };
  }
  return failureInStream(error, service);
}

export function cancelledCall(service: ModelService): Failure {
  return { kind: 'cancelled', message: `The call of ${service.model} was cancelled.` };
}

export function stalledCall(service: ModelService, stallTimeoutMs: number): Failure {
  return unavailable(
    service,
    { retryable: true },
    `it sent nothing for ${stallTimeoutMs / 1000} s`,
    undefined,
  );
}

export function cutCall(service: ModelService): Failure {
  return unavailable(service, { retryable: true }, 'its answer was cut off', undefined);
}

function failureOfApi(error: APICallError, service: ModelService, wallMs: number): Failure {
  const { statusCode: status, responseHeaders = {} } = error;
  const said = shown(error.message, service);
  if (status === undefined) {
    return unavailable(
      service,
      { retryable: error.isRetryable },
      said,
      `Check that the service at ${shown(error.url, service)} runs.`,
    );
  }
  const wait = retryAfterMs(responseHeaders, wallMs) ?? retryDelayMs(error.responseBody ?? '');
  const facts = {
    status,
    retryable: isRetryable(status, error.responseBody ?? ''),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
  return unavailable(service, facts, `${status}: ${said}`, remedyOf(status, service));
}

/** Errors inside a stream are plain objects of the service: `{message, type?, code?, statusCode?, isRetryable?}`. */
function failureInStream(error: unknown, service: ModelService): Failure {
  const said: Record<string, unknown> =
    typeof error === 'object' && error !== null ? { ...error } : { message: error };
  const status =
    [said['statusCode'], said['code'], said['status']].find((value) => typeof value === 'number') ??
    limitStatus[String(said['type'])];
  const retryable =
    typeof said['isRetryable'] === 'boolean'
      ? said['isRetryable']
      : status === undefined || isRetryable(status, '');
  const message = typeof said['message'] === 'string' ? said['message'] : JSON.stringify(error);
  return unavailable(
    service,
    { retryable, ...(status === undefined ? {} : { status }) },
    shown(message, service),
    undefined,
  );
}

/** Anthropic's names of the statuses that a stream, once it began, can no longer have. */
const limitStatus: Readonly<Record<string, number>> = { rate_limit_error: 429, overloaded_error: 529 };

function unavailable(
  service: ModelService,
  facts: { retryable: boolean; status?: number; retryAfterMs?: number },
  why: string,
  remedy: string | undefined,
): Failure {
  const message = `${service.model} is not available: ${why}.`;
  return {
    kind: 'model-unavailable',
    model: service.model,
    message,
    ...facts,
    ...(remedy ? { remedy } : {}),
  };
}

function isRetryable(status: number, body: string): boolean {
  // An empty account answers 429 as well, and no waiting fills it.
  if (/insufficient_quota|billing_(hard_limit|not_active)|credit balance/i.test(body)) return false;
  return status === 408 || status === 409 || status === 425 || status === 429 || status >= 500;
}

const addressRemedy = 'Check `enterprise.baseUrl` or ENTERPRISE_BASE_URL.';

function remedyOf(status: number, service: ModelService): string | undefined {
  if (status === 401 || status === 403) return `Check the API key (${service.keyVariables.join(' or ')}).`;
  if (status === 402) return 'Check the account’s credit with the provider.';
  if (status === 404) {
    const hint = service.baseUrl
      ? ` and the address ${service.baseUrl}; most services want one that ends in /v1`
      : '';
    return `Check the model id${hint}.`;
  }
  if (status === 413) return 'The conversation is too long for this model: use one with a larger context.';
  return undefined;
}

const lossCodes = [
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_BODY_TIMEOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
];

function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return lossCodes.includes(code) || error.message === 'terminated' || isConnectionLoss(error.cause);
}

/** The SDK's error without a status: no answer began, so nothing was cut off. */
function isRefusedConnection(error: unknown): boolean {
  return APICallError.isInstance(error) && error.statusCode === undefined;
}

const maxShown = 500;

function shown(text: string, service: ModelService): string {
  const clean = redact(text.trim().replace(/\.$/, ''), service.apiKey ? [service.apiKey] : []);
  return clean.length > maxShown ? `${clean.slice(0, maxShown)}…` : clean;
}
