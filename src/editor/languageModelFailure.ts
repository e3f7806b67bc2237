import type { Failure } from '../core/model/failure';

const consent =
  'The editor asks for your consent when you choose the model with "Enterprise: Configure Model"; what you answered ' +
  'there is changed with "Manage Language Model Access…" of the account menu.';

/**
 * Why a model of the editor cannot be used. `LanguageModelError.code` is `NoPermissions`, `NotFound` or `Blocked`; the
 * reason of the service behind it is only in the text of the error or of its cause.
 */
export function editorModelFailure(model: string, error: unknown): Failure {
  const said = wordsOf(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'NoPermissions')
    return unavailable(model, 'this extension may not use it', { retryable: false }, consent);
  if (code === 'NotFound') return unavailable(model, 'the editor no longer has it', { retryable: false });
  if (/rate.?limit|too many requests|\b429\b/i.test(said))
    return unavailable(model, said, { retryable: true, status: 429 });
  if (code === 'Blocked' || /quota|not entitled|billing/i.test(said)) {
    const remedy = 'Check the quota and the account of the extension that brings the model.';
    return unavailable(model, said || 'its provider blocks the request', { retryable: false }, remedy);
  }
  return unavailable(model, said || 'it gave no reason', { retryable: true });
}

export function missingModel(model: string, known: readonly string[]): Failure {
  const offered =
    known.length === 0 ? 'the editor offers no model now' : `the editor offers ${known.join(', ')}`;
  const remedy =
    'Sign in to the extension that brings the model (for example GitHub Copilot), or choose one with "Enterprise: Configure Model".';
  return unavailable(model, offered, { retryable: false }, remedy);
}

function unavailable(
  model: string,
  why: string,
  facts: { retryable: boolean; status?: number },
  remedy?: string,
): Failure {
  const message = `${model} is not available: ${why.replace(/\.$/, '')}.`;
  return { kind: 'model-unavailable', model, message, ...facts, ...(remedy === undefined ? {} : { remedy }) };
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : '';
  const cause = wordsOf(error.cause);
  return cause === '' || error.message.includes(cause) ? error.message : `${error.message}: ${cause}`;
}
