import type { StoredEvent } from '../../core/model/event';
import type { Failure } from '../../core/model/failure';
import type { ControlRequest, RunOwner, RunRow } from '../../core/ports';

/**
 * What crosses between the journal and its worker thread. Both ends are one build in one process, so types are enough
 * here; what comes from the database is parsed by schema in the worker before it crosses.
 */
export interface JournalCalls {
  /** `bodies`: the events as JSON. */
  append: { params: { runId: string; bodies: string[] }; result: { firstSeq: number; at: string } };
  /** At most `limit` events after `afterSeq`. */
  read: { params: { runId: string; afterSeq: number; limit: number }; result: StoredEvent[] };
  runs: { params: object; result: RunRow[] };
  acquire: { params: { runId: string }; result: { generation: number } | { busy: string } };
  release: { params: { runId: string; generation: number }; result: null };
  ownerOf: { params: { runId: string }; result: RunOwner };
  request: { params: { runId: string; request: ControlRequest }; result: boolean };
  close: { params: object; result: null };
}

export type CallName = keyof JournalCalls;

export type ToWorker = { [K in CallName]: { kind: K; id: number } & JournalCalls[K]['params'] }[CallName];
export type AppendCall = Extract<ToWorker, { kind: 'append' }>;

export type Answer =
  | { readonly id: number; readonly ok: true; readonly value: JournalCalls[CallName]['result'] }
  | { readonly id: number; readonly ok: false; readonly failure: Failure };

export type FromWorker =
  | { readonly kind: 'opened' }
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** Answers in the order in which their effects became durable. */
  | { readonly kind: 'answers'; readonly answers: Answer[] }
  /** Events other processes appended, in order; each group belongs to one run. */
  | { readonly kind: 'appended-elsewhere'; readonly groups: StoredEvent[][] }
  | { readonly kind: 'requested'; readonly runId: string; readonly request: ControlRequest }
  /** Something went wrong that no call waits for. */
  | { readonly kind: 'problem'; readonly failure: Failure };

export interface WorkerData {
  readonly path: string;
}
