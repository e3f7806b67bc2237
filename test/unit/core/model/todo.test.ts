import assert from 'node:assert/strict';
import { todoSchema, todosOf } from '../../../../src/core/model/todo';
import { record, deliveredRun, until, viewOf } from '../../../support/recordedRun';

describe('todos', () => {
  const picture = (seconds: number) =>
    todosOf(viewOf(until(seconds))).map((todo) => `${todo.id} ${todo.status}`);

  it('follow the tasks', () => {
    assert.deepEqual(picture(3), ['lint pending', 'docs pending', 'tests pending']);
    assert.deepEqual(picture(6), ['lint in_progress', 'docs pending', 'tests in_progress']);
    assert.deepEqual(picture(12), ['lint completed', 'docs in_progress', 'tests in_progress']);
    assert.deepEqual(picture(28), ['lint completed', 'docs completed', 'tests completed']);
  });

  it('have content, active form and priority', () => {
    const [, docs] = todosOf(viewOf(record(deliveredRun)));
    assert.deepEqual(docs, {
      id: 'docs',
      content: 'Document the public API',
      activeForm: 'Documenting the public API',
      status: 'completed',
      priority: 'high',
    });
  });

  it('of a failed task stay pending and say why', () => {
    const failure = {
      kind: 'timed-out',
      message: 'It took too long.',
      remedy: 'Raise the limit.',
      afterMs: 5,
    } as const;
    const failed = record([
      ...deliveredRun.filter(([at]) => at <= 9),
      [9, { type: 'task.failed', taskId: 'lint', failure }],
    ]);
    const [lint] = todosOf(viewOf(failed));
    assert.deepEqual(todoSchema.parse(lint).error, {
      kind: 'timed-out',
      message: 'It took too long.',
      remedy: 'Raise the limit.',
    });
    assert.equal(lint?.status, 'pending');
  });
});
