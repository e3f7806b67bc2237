import assert from 'node:assert/strict';
import { criticalPath, remainingMinutes, topologicalOrder } from '../../../../src/core/planning/criticalPath';
import { randomTasks, task } from './sampleTasks';

describe('criticalPath', () => {
  const minutes = (value: number) => ({ estimateMinutes: { low: value, high: value } });
  const diamond = [
    task('start', minutes(2)),
    task('short', { needs: ['start'], ...minutes(3) }),
    task('long', { needs: ['start'], ...minutes(10) }),
    task('end', { needs: ['short', 'long'], ...minutes(1) }),
  ];

  it('is the longest chain of dependent tasks', () => {
    assert.deepEqual(criticalPath(diamond), {
      tasks: ['start', 'long', 'end'],
      minutes: 13,
      sequentialMinutes: 16,
    });
  });

  it('counts from each task to the end of the plan', () => {
    assert.deepEqual(Object.fromEntries(remainingMinutes(diamond)), {
      start: 13,
      short: 4,
      long: 11,
      end: 1,
    });
  });

  it('is empty for no tasks', () => {
    assert.deepEqual(criticalPath([]), { tasks: [], minutes: 0, sequentialMinutes: 0 });
  });

  it('is never shorter than any task with what follows it, in any random plan', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const tasks = randomTasks(seed, 30);
      const path = criticalPath(tasks);
      const byId = new Map(tasks.map((one) => [one.id, one]));
      assert.equal(path.minutes, Math.max(...remainingMinutes(tasks).values()));
      path.tasks
        .slice(1)
        .forEach((id, index) => assert.ok(byId.get(id)?.needs.includes(path.tasks[index] ?? '')));
    }
  });
});

describe('topologicalOrder', () => {
  it('puts every task after what it needs and keeps the given order otherwise', () => {
    const order = topologicalOrder([task('c', { needs: ['a'] }), task('b'), task('a')]);
    assert.deepEqual(
      order.map((one) => one.id),
      ['b', 'a', 'c'],
    );
  });

  it('leaves out what is in or behind a circle', () => {
    const order = topologicalOrder([
      task('a', { needs: ['b'] }),
      task('b', { needs: ['a'] }),
      task('c', { needs: ['b'] }),
      task('d'),
    ]);
    assert.deepEqual(
      order.map((one) => one.id),
      ['d'],
    );
  });
});
