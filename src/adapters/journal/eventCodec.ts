import { newEventSchema, type StoredEvent } from '../../core/model/event';
import { FailureError } from '../../core/model/failure';

export interface EventRow {
  readonly id: number;
  readonly run_id: string;
  readonly seq: number;
  readonly at: string;
  readonly body: string;
}

/** Throws a `FailureError` that names the row when it cannot be understood; the row itself is left as it is. */
export function decodeEvent(row: EventRow, path: string): StoredEvent {
  const parsed = newEventSchema.safeParse(jsonOf(row.body));
  if (parsed.success) return { ...parsed.data, runId: row.run_id, seq: row.seq, at: row.at };
  throw new FailureError({
    kind: 'journal-failed',
    message: `Event ${row.seq} of run ${row.run_id} in the journal ${path} is not understood: ${problemOf(parsed.error.issues)}.`,
    remedy:
      'It was written by a newer version of the engine or is damaged. Update the engine; nothing was changed.',
    path,
  });
}

/** Refuses what could not be read back: an acknowledged event must replay (N1). Throws an `Error`: it is a bug of the caller. */
export function assertDecodable(body: string): void {
  const parsed = newEventSchema.safeParse(jsonOf(body));
  if (!parsed.success) {
    throw new Error(
      `An event that could not be read back was refused: ${problemOf(parsed.error.issues)} in ${body.slice(0, 200)}`,
    );
  }
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    // Left to the schema, which refuses it by name.
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

function problemOf(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): string {
  const issue = issues[0];
  return issue ? `${issue.path.map(String).join('.') || 'the event'}: ${issue.message}` : 'unknown shape';
}
