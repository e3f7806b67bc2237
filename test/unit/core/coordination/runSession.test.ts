import assert from 'node:assert/strict';
import { RunSession } from '../../../../src/core/coordination/runSession';
import type { NewEvent } from '../../../../src/core/model/event';
import { FakeJournalFile } from '../../../support/fakeJournal';
import { deliveredRun } from '../../../support/recordedRun';

const happened = deliveredRun.map(([, event]) => event);
const note = (message: string): NewEvent => ({ type: 'note', level: 'info', message });

async function session() {
  const journal = new FakeJournalFile().connect();
  const events = await journal.append('run', happened.slice(0, 1));
  return { journal, session: new RunSession(journal, events) };
}

describe('a run session', () => {
  it('has what was recorded durable, before it and in its view when an event is emitted', async () => {
    const { journal, session: run } = await session();
    run.record(note('first'), note('second'));
    run.record(note('third'));
    await run.emit(note('last'));
    const messages = run.view.activity.map((line) => line.text).slice(-4);
    assert.deepEqual(messages, ['first', 'second', 'third', 'last']);
    const stored = await journal.read(run.runId);
    assert.deepEqual(
      stored.flatMap((event) => (event.type === 'note' ? [event.message] : [])).slice(-4),
      messages,
    );
  });

  it('does not go on after the journal lost something that was only recorded', async () => {
    const { journal, session: run } = await session();
    const append = journal.append.bind(journal);
    journal.append = () => Promise.reject(new Error('disk full'));
    run.record(note('lost'));
    journal.append = append;
    await assert.rejects(run.emit(note('later')), /disk full/);
  });

  it('knows the events of a task, those it was opened with included', async () => {
    const journal = new FakeJournalFile().connect();
    const run = new RunSession(journal, await journal.append('run', happened));
    const before = run.eventsOf('docs').length;
    await run.emit(
      { type: 'task.checking', taskId: 'docs' },
      { type: 'task.checking', taskId: 'tests' },
      note('no task'),
    );
    assert(before > 0);
    assert.equal(run.eventsOf('docs').length, before + 1);
    assert.deepEqual(run.eventsOf('nobody'), []);
  });
});
