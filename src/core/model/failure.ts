import type * as z from 'zod';
import type { failureSchema } from './failureSchema';

export type Failure = z.infer<typeof failureSchema>;
export type FailureKind = Failure['kind'];

/** A failure on its way through a method that has no `Result` to return it in (the journal's reads and appends). */
export class FailureError extends Error {
  override readonly name = 'FailureError';

  constructor(readonly failure: Failure) {
    super(describeFailure(failure));
  }
}

/**
 * Turns whatever was thrown into a failure: a `FailureError` into what it carries, an abort into `cancelled`, anything
 * else into `unexpected` with its stack.
 */
export function failureOf(error: unknown, doing: string): Failure {
  if (isFailureError(error)) return error.failure;
  if (error instanceof Error && error.name === 'AbortError') {
    return { kind: 'cancelled', message: `${doing} was cancelled.` };
  }
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const message = error instanceof Error ? error.message : String(error);
  return {
    kind: 'unexpected',
    message: `${doing} failed: ${message}`,
    remedy: 'This is a defect of the engine. Please report it with the log.',
    cause,
  };
}

/** By its name: each bundle of the program has a class of its own, and a failure may cross from one to another. */
function isFailureError(error: unknown): error is FailureError {
  return (
    error instanceof FailureError ||
    (error instanceof Error && error.name === 'FailureError' && 'failure' in error)
  );
}

/** One line for a person: what happened and what to do. */
export function describeFailure(failure: Failure): string {
  return failure.remedy ? `${sentence(failure.message)} ${failure.remedy}` : failure.message;
}

/** The text with exactly one mark at its end. */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}
