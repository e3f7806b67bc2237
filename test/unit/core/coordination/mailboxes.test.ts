import assert from 'node:assert/strict';
import { Mailboxes } from '../../../../src/core/coordination/mailboxes';
import type { NewEvent, StoredEvent } from '../../../../src/core/model/event';

function stored(...events: NewEvent[]): StoredEvent[] {
  return events.map((event, at) => ({ ...event, runId: 'r', seq: at + 1, at: '2026-01-01T00:00:00.000Z' }));
}
const fromPerson: NewEvent = { type: 'message.sent', from: 'person', to: 'docs', text: 'Mind the licence.' };
const fromCode: NewEvent = {
  type: 'message.sent',
  taskId: 'code',
  attempt: 1,
  to: 'all',
  text: 'I renamed f.',
};
const received = (taskId: string, sentSeq: number): NewEvent => ({
  type: 'message.received',
  ...{ taskId, attempt: 1, from: 'person', text: 'Mind the licence.', sentSeq },
});

describe('Mailboxes', () => {
  it('keeps what was sent to a task until it is received, in order', () => {
    const boxes = new Mailboxes(stored(fromPerson, fromCode));
    assert.deepEqual(boxes.unread('docs'), [
      { from: 'person', text: 'Mind the licence.', sentSeq: 1 },
      { from: 'code', text: 'I renamed f.', sentSeq: 2 },
    ]);
    boxes.add(stored(fromPerson, fromCode, received('docs', 1)).slice(2));
    assert.deepEqual(
      boxes.unread('docs').map((mail) => mail.from),
      ['code'],
    );
  });

  it('gives a message to everyone to each other task once', () => {
    const boxes = new Mailboxes(stored(fromCode, received('docs', 1)));
    assert.deepEqual(boxes.unread('code'), [], 'not to the one that sent it');
    assert.deepEqual(boxes.unread('docs'), []);
    assert.equal(boxes.unread('tests').length, 1);
  });
});
