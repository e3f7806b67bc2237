import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openJournal, sqliteAbsence } from '../../../../src/adapters/journal/journal';
import { identityOf, isAlive } from '../../../../src/adapters/journal/processIdentity';
import { FailureError, type Failure } from '../../../../src/core/model/failure';
import type { Journal } from '../../../../src/core/ports';
import { note, picture, until } from '../../../contract/journal.contract';
import { journalWorkerPath, startJournalProcess } from '../../../support/journalProcess';

describe('journal', function () {
  this.timeout(30_000);
  let folder: string;
  let path: string;
  const journals: Journal[] = [];
  const open = async (onProblem?: (failure: Failure) => void) => {
    const opened = await openJournal({
      folder,
      workerPath: journalWorkerPath,
      ...(onProblem ? { onProblem } : {}),
    });
    assert.ok(opened.ok, !opened.ok ? opened.failure.message : '');
    journals.push(opened.value);
    return opened.value;
  };
  const refusal = async () => {
    const opened = await openJournal({ folder, workerPath: journalWorkerPath });
    assert.ok(!opened.ok);
    assert.equal(opened.failure.kind, 'journal-failed');
    return opened.failure.message;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journal-'));
    path = join(folder, 'journal.sqlite');
  });
  afterEach(async () => {
    await Promise.all(journals.splice(0).map((journal) => journal.close()));
    await rm(folder, { recursive: true });
  });

  it('is durable at each commit and guards against dangling rows', async () => {
    await (await open()).append('a', [note('one')]);
    const database = new DatabaseSync(path);
    assert.deepEqual({ ...database.prepare('PRAGMA journal_mode').get() }, { journal_mode: 'wal' });
    assert.throws(() => database.exec("UPDATE event SET body = '{}'"), /never updated/);
    assert.throws(() => database.exec('DELETE FROM event'), /never deleted/);
    database.close();
  });

  it('loses no acknowledged event when the process is killed during a storm of writes', async () => {
    for (let round = 0; round < 3; round++) {
      const writer = startJournalProcess(folder, ['storm', 'a']);
      await writer.line(new RegExp(`^ack \\d+ \\d+-${20 + round * 15}`));
      await writer.kill();
      const acknowledged = writer.lines.filter((line) => line.startsWith('ack'));
      const journal = await open();
      const events = await journal.read('a');
      assert.deepEqual(
        events.map((event) => event.seq),
        events.map((_, index) => index + 1),
      );
      for (const line of acknowledged) {
        const [, seq, message] = line.split(' ');
        const event = events[Number(seq) - 1];
        assert.equal(event?.type === 'note' && event.message, message);
      }
      assert.ok(acknowledged.length >= 20);
    }
  });

  it('announces what another process appends', async () => {
    const journal = await open();
    const seen: string[] = [];
    journal.onAppend((events) => seen.push(...picture(events)));
    const writer = startJournalProcess(folder, ['append', 'a', '10']);
    await writer.line(/^ack 19/);
    await until(() => seen.length >= 20);
    await writer.kill();
    assert.deepEqual(seen, picture(await journal.read('a')));
  });

  it('lets two processes write to one run without losing or repeating anything', async () => {
    const writers = [
      startJournalProcess(folder, ['append', 'a', '60']),
      startJournalProcess(folder, ['append', 'a', '60']),
    ];
    await Promise.all(writers.map((writer) => writer.line(/-59$/)));
    await Promise.all(writers.map((writer) => writer.kill()));
    const events = await (await open()).read('a');
    assert.deepEqual(
      events.map((event) => event.seq),
      Array.from({ length: 240 }, (_, index) => index + 1),
    );
    const messages = events.flatMap((event) =>
      event.type === 'note' && event.message.includes('-') ? [event.message] : [],
    );
    assert.equal(new Set(messages).size, 120);
  });

  it('refuses the run of a living process and takes it over once that is killed', async () => {
    const owner = startJournalProcess(folder, ['own', 'a']);
    assert.equal(await owner.line(/^owns/), 'owns 1');
    const journal = await open();
    const refused = await journal.acquire('a');
    assert.ok(!refused.ok && refused.failure.kind === 'run-busy');
    assert.equal(refused.failure.owner, `process ${owner.child.pid}`);
    assert.equal(await journal.request('a', { kind: 'cancel', by: 'person' }), true);
    await owner.kill();
    const lease = await journal.acquire('a');
    assert.ok(lease.ok && lease.value.generation === 2);
  });

  it('a full disk is a named failure, and what was acknowledged before it stays', async () => {
    const writer = startJournalProcess(folder, ['storm', 'a'], 600);
    const failed = await writer.line(/^(failed|thrown|refused)/);
    assert.match(failed, /^failed journal-failed The journal .* cannot/);
    const acknowledged = writer.lines.filter((line) => line.startsWith('ack')).length;
    await writer.kill();
    const events = await (await open()).read('a');
    assert.ok(acknowledged > 0 && events.length >= acknowledged * 2);
  });

  it('a disk that is full for one append takes the next one when there is space again', async () => {
    const journal = await open();
    await journal.append('a', [note('before')]);
    const blocker = new DatabaseSync(path);
    blocker.exec(
      "CREATE TRIGGER full BEFORE INSERT ON event WHEN new.body LIKE '%huge%' BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
    );
    await assert.rejects(journal.append('a', [note('ok'), note('huge')]), FailureError);
    blocker.exec('DROP TRIGGER full');
    blocker.close();
    await journal.append('a', [note('after')]);
    assert.deepEqual(picture(await journal.read('a')), ['a#1 before', 'a#2 after']);
  });

  it('refuses a corrupt file by name and keeps it', async () => {
    const bytes = Buffer.alloc(8192, 'garbage ');
    await writeFile(path, bytes);
    assert.match(await refusal(), new RegExp(`${path} is not a journal`));
    assert.ok(bytes.equals(await readFile(path)));
  });

  it('refuses a damaged page by name', async () => {
    const journal = await open();
    await journal.append(
      'a',
      Array.from({ length: 200 }, () => note('x'.repeat(500))),
    );
    await journal.close();
    const bytes = await readFile(path);
    bytes.fill(0xff, 4096);
    await writeFile(path, bytes);
    assert.match(await refusal(), /corrupt/);
    assert.ok(bytes.equals(await readFile(path)));
  });

  it('refuses the database of another program', async () => {
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE bookmarks (url TEXT)');
    other.close();
    assert.match(await refusal(), /belongs to another program/);
  });

  it('refuses a journal of a newer version', async () => {
    await (await open()).close();
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    assert.match(await refusal(), /newer version of the engine \(its format is 99/);
  });

  it('names an event it does not understand, and still reads other runs', async () => {
    const problems: string[] = [];
    const journal = await open((failure) => problems.push(failure.message));
    await journal.append('a', [note('one')]);
    await journal.append('b', [note('other')]);
    const newer = new DatabaseSync(path);
    newer.exec(
      "INSERT INTO event (run_id, seq, at, body) VALUES ('a', 2, 'now', '{\"type\":\"teleported\"}')",
    );
    newer.exec("UPDATE run SET last_seq = 2 WHERE run_id = 'a'");
    newer.close();
    await assert.rejects(journal.read('a'), /Event 2 of run a .* is not understood/);
    assert.deepEqual(picture(await journal.read('b')), ['b#1 other']);
    await until(() => problems.length > 0);
    assert.match(problems[0] ?? '', /Event 2 of run a/);
    assert.deepEqual(picture(await journal.append('a', [note('three')])), ['a#3 three']);
  });

  it('refuses to acknowledge what could not be read back, without harming its neighbours', async () => {
    const journal = await open();
    const broken = { ...note('x'), level: 'loud' } as unknown as ReturnType<typeof note>;
    const [first, second, third] = await Promise.allSettled([
      journal.append('a', [note('one')]),
      journal.append('a', [note('two'), broken]),
      journal.append('a', [note('three')]),
    ]);
    assert.deepEqual([first.status, second.status, third.status], ['fulfilled', 'rejected', 'fulfilled']);
    assert.deepEqual(picture(await journal.read('a')), ['a#1 one', 'a#2 three']);
  });

  it('hands out the same events live and on replay', async () => {
    const journal = await open();
    const content = [{ type: 'text', text: 'é', extra: undefined }];
    const [stored] = await journal.append('a', [
      {
        type: 'tool.called',
        taskId: 't',
        attempt: 1,
        step: 1,
        callId: 'c',
        tool: 'read',
        input: content,
        summary: 'read',
      },
    ]);
    assert.deepEqual(await journal.read('a'), [stored]);
  });

  it('reads a long run whole, across its pages', async () => {
    const journal = await open();
    await journal.append(
      'a',
      Array.from({ length: 2_500 }, (_, index) => note(String(index))),
    );
    const events = await journal.read('a');
    assert.deepEqual([events.length, events.at(-1)?.seq], [2_500, 2_500]);
  });

  it('gives one clear line where Node has no SQLite', () => {
    assert.equal(sqliteAbsence('24.1.0', true), undefined);
    assert.match(sqliteAbsence('20.11.0', false)?.message ?? '', /needs Node 22\.13 or newer.*20\.11\.0/);
  });

  it('a state folder that cannot be made is a named failure', async () => {
    await writeFile(join(folder, 'file'), '');
    const opened = await openJournal({
      folder: join(folder, 'file', 'state'),
      workerPath: journalWorkerPath,
    });
    assert.equal(!opened.ok && opened.failure.kind, 'journal-failed');
  });
});

describe('process identity', () => {
  it('tells this process from another one that got its number', () => {
    const me = identityOf(process.pid);
    assert.equal(isAlive(me), true);
    assert.equal(isAlive({ ...me, startedAt: '1' }), false);
    assert.equal(isAlive({ ...me, bootId: 'another boot' }), false);
    assert.equal(isAlive({ ...me, pid: 2 ** 22 + 1 }), false);
  });
});
