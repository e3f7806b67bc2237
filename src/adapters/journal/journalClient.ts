import type { Worker } from 'node:worker_threads';
import { Emitter } from '../../base/emitter';
import type { Disposable } from '../../base/disposable';
import { fail, ok, type Result } from '../../base/result';
import type { NewEvent, StoredEvent } from '../../core/model/event';
import { FailureError, failureOf, type Failure } from '../../core/model/failure';
import type { ControlRequest, Journal, Lease, RunOwner, RunRow } from '../../core/ports';
import type { Answer, CallName, FromWorker, JournalCalls, ToWorker } from './journalProtocol';

interface Waiting {
  resolve(value: never): void;
  reject(error: FailureError): void;
  /** Announces what the call stored, before the caller goes on. */
  readonly announce?: (value: never) => void;
}

/** Events per message from the worker: a long journal must not hold up the event loop in one piece. */
const pageSize = 1_000;

/** The journal as its users see it; every call goes to the worker. Methods reject with `FailureError`. */
export class JournalClient implements Journal {
  private readonly waiting = new Map<number, Waiting>();
  private readonly appended: Emitter<readonly StoredEvent[]>;
  private readonly leases = new Map<string, OwnedLease>();
  private outgoing: ToWorker[] = [];
  private nextId = 1;
  private ended: Failure | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly worker: Worker,
    private readonly path: string,
    private readonly onProblem: (failure: Failure) => void,
  ) {
    this.appended = new Emitter((error) => onProblem(failureOf(error, 'A listener of the journal')));
    worker.on('message', (message: FromWorker) => this.receive(message));
    worker.on('error', (error) => this.end(failureOf(error, 'The journal')));
    worker.on('exit', () =>
      this.end({ kind: 'journal-failed', message: `The journal ${path} is closed.`, path }),
    );
  }

  async append(runId: string, events: readonly NewEvent[]): Promise<StoredEvent[]> {
    if (events.length === 0) return [];
    let stored: StoredEvent[] = [];
    const bodies = events.map((event) => JSON.stringify(event));
    const copies = bodies.map((body) => JSON.parse(body) as NewEvent);
    await this.call('append', { runId, bodies }, ({ firstSeq, at }) => {
      stored = copies.map((event, index) => ({ ...event, runId, seq: firstSeq + index, at }));
      this.appended.fire(stored);
    });
    return stored;
  }

  async read(runId: string, afterSeq = 0): Promise<StoredEvent[]> {
    const events: StoredEvent[] = [];
    for (let last = afterSeq; ; last = events.at(-1)?.seq ?? last) {
      const page = await this.call('read', { runId, afterSeq: last, limit: pageSize });
      events.push(...page);
      if (page.length < pageSize) return events;
    }
  }

  runs(): Promise<RunRow[]> {
    return this.call('runs', {});
  }

  onAppend(listener: (events: readonly StoredEvent[]) => void): Disposable {
    return this.appended.on(listener);
  }

  async acquire(runId: string): Promise<Result<Lease, Failure>> {
    // Made before the answer arrives: requests may follow it in the same turn.
    const outcome = await this.call('acquire', { runId }, (value) => {
      if ('generation' in value)
        this.leases.set(runId, new OwnedLease(value.generation, () => this.release(runId, value.generation)));
    });
    const lease = this.leases.get(runId);
    if ('generation' in outcome && lease) return ok(lease);
    const owner = 'busy' in outcome ? outcome.busy : 'unknown';
    const message = `The run ${runId} is being worked at by ${owner}.`;
    return fail({ kind: 'run-busy', message, remedy: 'Watch it here, or stop it there first.', owner });
  }

  ownerOf(runId: string): Promise<RunOwner> {
    return this.call('ownerOf', { runId });
  }

  request(runId: string, request: ControlRequest): Promise<boolean> {
    return this.call('request', { runId, request });
  }

  close(): Promise<void> {
    this.closing ??= this.closeOnce();
    return this.closing;
  }

  private async closeOnce(): Promise<void> {
    if (this.ended) return;
    const exited = new Promise((resolve) => this.worker.once('exit', resolve));
    await this.call('close', {});
    await exited;
    this.appended.dispose();
  }

  private async release(runId: string, generation: number): Promise<void> {
    // A journal that is closed has released everything.
    if (this.closing) return this.closing;
    await this.call('release', { runId, generation });
    if (this.leases.get(runId)?.generation === generation) this.leases.delete(runId);
  }

  private call<K extends CallName>(
    kind: K,
    params: JournalCalls[K]['params'],
    announce?: (value: JournalCalls[K]['result']) => void,
  ): Promise<JournalCalls[K]['result']> {
    if (this.ended) return Promise.reject(new FailureError(this.ended));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, ...(announce ? { announce } : {}) });
      this.send({ kind, id, ...params } as ToWorker);
    });
  }

  /** What is called in one turn of the event loop goes out together, so that one commit makes all of it durable. */
  private send(call: ToWorker): void {
    this.outgoing.push(call);
    if (this.outgoing.length > 1) return;
    setImmediate(() => {
      this.worker.postMessage(this.outgoing);
      this.outgoing = [];
    });
  }

  private receive(message: FromWorker): void {
    switch (message.kind) {
      case 'answers':
        for (const answer of message.answers) this.settle(answer);
        break;
      case 'appended-elsewhere':
        for (const group of message.groups) this.appended.fire(group);
        break;
      case 'requested':
        this.leases.get(message.runId)?.receive(message.request);
        break;
      case 'problem':
        this.onProblem(message.failure);
        break;
      case 'opened':
      case 'refused':
        break;
    }
  }

  private settle(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    if (!waiting) return;
    this.waiting.delete(answer.id);
    if (!answer.ok) return waiting.reject(new FailureError(answer.failure));
    waiting.announce?.(answer.value as never);
    waiting.resolve(answer.value as never);
  }

  private end(failure: Failure): void {
    this.ended ??= failure;
    for (const waiting of this.waiting.values()) waiting.reject(new FailureError(this.ended));
    this.waiting.clear();
  }
}

class OwnedLease implements Lease {
  private readonly emitter = new Emitter<ControlRequest>();
  /** Requests that came before anybody listened. */
  private early: ControlRequest[] = [];
  private readonly listeners = new Set<Disposable>();

  constructor(
    readonly generation: number,
    readonly release: () => Promise<void>,
  ) {}

  onRequest(listener: (request: ControlRequest) => void): Disposable {
    const registration = this.emitter.on(listener);
    this.listeners.add(registration);
    const early = this.early;
    this.early = [];
    for (const request of early) this.emitter.fire(request);
    return {
      dispose: () => {
        this.listeners.delete(registration);
        registration.dispose();
      },
    };
  }

  receive(request: ControlRequest): void {
    if (this.listeners.size === 0) this.early.push(request);
    else this.emitter.fire(request);
  }
}
