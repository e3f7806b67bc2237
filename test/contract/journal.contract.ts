import assert from 'node:assert/strict';
import type { NewEvent, StoredEvent } from '../../src/core/model/event';
import type { ControlRequest, Journal } from '../../src/core/ports';

/** What the contract needs of a journal's surroundings; `open` twice is two processes (or as good as). */
export interface JournalWorld {
  open(): Promise<Journal>;
  /** A process acquires the run and is killed. */
  ownerDies(runId: string): Promise<void>;
  dispose(): Promise<void>;
}

export const note = (message: string): NewEvent => ({ type: 'note', level: 'info', message });

export function picture(events: readonly StoredEvent[]): string[] {
  return events.map(
    (event) => `${event.runId}#${event.seq} ${event.type === 'note' ? event.message : event.type}`,
  );
}

/** Resolves once `seen` holds as many items as wanted; mocha's timeout is the limit. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

export function journalContract(name: string, createWorld: () => Promise<JournalWorld>): void {
  describe(`Journal contract: ${name}`, function () {
    this.timeout(20_000);
    let world: JournalWorld;
    beforeEach(async () => {
      world = await createWorld();
    });
    afterEach(() => world.dispose());

    appends();
    owns();

    function appends(): void {
      it('numbers the events of each run from 1 without gaps', async () => {
        const journal = await world.open();
        await journal.append('a', [note('one'), note('two')]);
        await journal.append('b', [note('other')]);
        await journal.append('a', [note('three')]);
        assert.deepEqual(picture(await journal.read('a')), ['a#1 one', 'a#2 two', 'a#3 three']);
        assert.deepEqual(picture(await journal.read('b')), ['b#1 other']);
      });

      it('keeps the order of appends that were made at once', async () => {
        const journal = await world.open();
        const stored = await Promise.all(
          Array.from({ length: 50 }, (_, index) => journal.append('a', [note(String(index))])),
        );
        assert.deepEqual(
          stored.flat().map((event) => event.seq),
          Array.from({ length: 50 }, (_, index) => index + 1),
        );
        assert.deepEqual(await journal.read('a'), stored.flat());
      });

      it('numbers events of two processes on one run without gaps', async () => {
        const [first, second] = [await world.open(), await world.open()];
        const writes = Array.from({ length: 20 }, (_, index) =>
          (index % 2 ? first : second).append('a', [note('x'), note('y')]),
        );
        await Promise.all(writes);
        const seqs = (await first.read('a')).map((event) => event.seq);
        assert.deepEqual(
          seqs,
          Array.from({ length: 40 }, (_, index) => index + 1),
        );
      });

      it('reads only what comes after a number, and nothing of an unknown run', async () => {
        const journal = await world.open();
        await journal.append('a', [note('one'), note('two'), note('three')]);
        assert.deepEqual(picture(await journal.read('a', 2)), ['a#3 three']);
        assert.deepEqual(await journal.read('a', 3), []);
        assert.deepEqual(await journal.read('nobody'), []);
      });

      it('appending nothing stores nothing', async () => {
        const journal = await world.open();
        assert.deepEqual(await journal.append('a', []), []);
        assert.deepEqual(await journal.runs(), []);
      });

      it('lists runs newest first with their last number', async () => {
        const journal = await world.open();
        await journal.append('old', [note('one'), note('two')]);
        await journal.append('new', [note('one')]);
        await journal.append('old', [note('three')]);
        assert.deepEqual(
          (await journal.runs()).map((run) => `${run.runId} ${run.lastSeq}`),
          ['new 1', 'old 3'],
        );
      });

      it('announces its own events once, before the appender goes on', async () => {
        const journal = await world.open();
        const seen: StoredEvent[] = [];
        journal.onAppend((events) => seen.push(...events));
        const stored = await journal.append('a', [note('one'), note('two')]);
        assert.deepEqual(seen, stored);
      });

      it('announces events of another process once, in order, mixed with its own', async () => {
        const [first, second] = [await world.open(), await world.open()];
        const seen: StoredEvent[] = [];
        first.onAppend((events) => seen.push(...events));
        for (let index = 0; index < 20; index++)
          await (index % 3 ? second : first).append('a', [note(String(index))]);
        await until(() => seen.length >= 20);
        assert.deepEqual(seen, await first.read('a'));
      });

      it('does not announce what was there before it opened', async () => {
        const first = await world.open();
        await first.append('a', [note('before')]);
        const second = await world.open();
        const seen: StoredEvent[] = [];
        second.onAppend((events) => seen.push(...events));
        await first.append('a', [note('after')]);
        await until(() => seen.length > 0);
        assert.deepEqual(picture(seen), ['a#2 after']);
      });

      it('stops announcing to a disposed listener', async () => {
        const journal = await world.open();
        let count = 0;
        journal.onAppend(() => count++).dispose();
        await journal.append('a', [note('one')]);
        assert.equal(count, 0);
      });

      it('refuses appends by name once it is closed', async () => {
        const journal = await world.open();
        await journal.append('a', [note('one')]);
        await journal.close();
        await assert.rejects(journal.append('a', [note('two')]), /journal.*closed/i);
        assert.equal((await (await world.open()).read('a')).length, 1);
      });
    }

    function owns(): void {
      it('gives a run to one owner, and to the next one after its release with a higher generation', async () => {
        const [first, second] = [await world.open(), await world.open()];
        const lease = await first.acquire('a');
        assert.ok(lease.ok);
        const refused = await second.acquire('a');
        assert.equal(!refused.ok && refused.failure.kind, 'run-busy');
        const again = await first.acquire('a');
        assert.equal(!again.ok && again.failure.kind, 'run-busy');
        await lease.value.release();
        const next = await second.acquire('a');
        assert.ok(next.ok && next.value.generation > lease.value.generation);
      });

      it('releases what it owned when it is closed', async () => {
        const [first, second] = [await world.open(), await world.open()];
        assert.ok((await first.acquire('a')).ok);
        await first.close();
        assert.ok((await second.acquire('a')).ok);
      });

      it('hands over the run of a dead process', async () => {
        await world.ownerDies('a');
        const journal = await world.open();
        assert.equal(await journal.request('a', { kind: 'pause', by: 'person' }), false);
        const lease = await journal.acquire('a');
        assert.ok(lease.ok && lease.value.generation === 2);
      });

      it('tells who owns a run: the asker, another, or nobody', async () => {
        const [first, second] = [await world.open(), await world.open()];
        assert.equal(await first.ownerOf('a'), 'nobody');
        const lease = await first.acquire('a');
        assert.ok(lease.ok);
        assert.deepEqual([await first.ownerOf('a'), await second.ownerOf('a')], ['self', 'other']);
        await lease.value.release();
        assert.deepEqual([await first.ownerOf('a'), await second.ownerOf('a')], ['nobody', 'nobody']);
        await world.ownerDies('b');
        assert.equal(await first.ownerOf('b'), 'nobody');
      });

      it('delivers each request to the owner once, in order', async () => {
        const [owner, other] = [await world.open(), await world.open()];
        const lease = await owner.acquire('a');
        assert.ok(lease.ok);
        const seen: ControlRequest[] = [];
        lease.value.onRequest((request) => seen.push(request));
        const steer: ControlRequest = { kind: 'steer', by: 'person', taskId: 't', text: 'smaller' };
        assert.ok(await other.request('a', { kind: 'pause', by: 'person' }));
        assert.ok(await owner.request('a', steer));
        assert.ok(await other.request('a', { kind: 'cancel', by: 'person' }));
        await until(() => seen.length >= 3);
        assert.deepEqual(seen, [{ kind: 'pause', by: 'person' }, steer, { kind: 'cancel', by: 'person' }]);
      });

      it('keeps a request until the owner listens', async () => {
        const journal = await world.open();
        const lease = await journal.acquire('a');
        assert.ok(lease.ok);
        await journal.request('a', { kind: 'pause', by: 'person' });
        await journal.append('a', [note('later')]);
        const seen: ControlRequest[] = [];
        lease.value.onRequest((request) => seen.push(request));
        await until(() => seen.length > 0);
        assert.deepEqual(seen, [{ kind: 'pause', by: 'person' }]);
      });

      it('says that nobody owns a run', async () => {
        const journal = await world.open();
        assert.equal(await journal.request('a', { kind: 'cancel', by: 'person' }), false);
        const lease = await journal.acquire('a');
        assert.ok(lease.ok);
        await lease.value.release();
        assert.equal(await journal.request('a', { kind: 'cancel', by: 'person' }), false);
      });
    }
  });
}
