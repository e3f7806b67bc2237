import assert from 'node:assert/strict';
import { byUrgency, ready } from '../../../../src/core/coordination/schedule';
import type { Task } from '../../../../src/core/model/plan';
import type { TaskState } from '../../../../src/core/model/taskState';
import { tasksCollide } from '../../../../src/core/planning/scope';
import { randomTasks, seeded, task } from '../planning/sampleTasks';

type States = Record<string, TaskState['name']>;

function startable(tasks: Task[], states: States = {}, maxParallel = 10, running: string[] = []): string[] {
  return ready(byUrgency(tasks), new Map(Object.entries(states)), { maxParallel, running });
}

describe('ready', () => {
  it('starts a task once everything it needs is done', () => {
    const tasks = [task('a'), task('b', { needs: ['a'] }), task('c', { needs: ['a', 'b'] })];
    assert.deepEqual(startable(tasks), ['a']);
    assert.deepEqual(startable(tasks, { a: 'done' }), ['b']);
    assert.deepEqual(startable(tasks, { a: 'done', b: 'running' }, 10, ['b']), []);
    assert.deepEqual(startable(tasks, { a: 'done', b: 'done' }), ['c']);
  });

  it('never starts what needs a task that ended without success', () => {
    const tasks = [task('a'), task('b', { needs: ['a'] })];
    for (const state of ['failed', 'skipped', 'cancelled'] as const)
      assert.deepEqual(startable(tasks, { a: state }), []);
  });

  it('fills the free places only', () => {
    const tasks = ['a', 'b', 'c', 'd'].map((id) => task(id));
    assert.deepEqual(startable(tasks, {}, 2), ['a', 'b']);
    assert.deepEqual(startable(tasks, { a: 'running' }, 2, ['a']), ['b']);
    assert.deepEqual(startable(tasks, { a: 'running', b: 'checking' }, 2, ['a', 'b']), []);
  });

  it('starts again what the journal calls running although nobody works at it', () => {
    assert.deepEqual(startable([task('a')], { a: 'running' }), ['a']);
  });

  it('prefers the longest remaining chain, then the priority, then the id', () => {
    const chain = [task('z'), task('long', { needs: ['z'], estimateMinutes: { low: 50, high: 60 } })];
    assert.deepEqual(startable([task('a'), ...chain], {}, 1), ['z']);
    assert.deepEqual(startable([task('a'), task('b', { priority: 'high' })], {}, 1), ['b']);
    assert.deepEqual(startable([task('b'), task('a')], {}, 1), ['a']);
  });

  it('lets a critical task go before a longer chain', () => {
    const tasks = [
      task('a', { estimateMinutes: { low: 90, high: 90 } }),
      task('b', { priority: 'critical' }),
    ];
    assert.deepEqual(startable(tasks, {}, 1), ['b']);
  });

  it('does not start two tasks that promised to write the same paths, and does not hold up others for it', () => {
    const tasks = [
      task('a', { scope: ['src/**'] }),
      task('b', { scope: ['src/x.ts'] }),
      task('c', { scope: ['docs/**'] }),
    ];
    assert.deepEqual(startable(tasks), ['a', 'c']);
    assert.deepEqual(startable(tasks, { a: 'running' }, 10, ['a']), ['c']);
  });

  it('runs any random plan to its end, in order, within the limit, without colliding', () => {
    for (let seed = 1; seed <= 150; seed++) playThrough(seed);
  });
});

/** Ends one random task at a time until nothing runs, checking every start. */
function playThrough(seed: number): void {
  const random = seeded(seed * 7919);
  const tasks = randomTasks(seed, 4 + (seed % 27));
  const byId = new Map(tasks.map((one) => [one.id, one]));
  const ordered = byUrgency(tasks);
  const states = new Map<string, TaskState['name']>();
  const running: Task[] = [];
  const maxParallel = 1 + (seed % 5);
  for (;;) {
    const ids = running.map((one) => one.id);
    const started = ready(ordered, states, { maxParallel, running: ids });
    assert.deepEqual(
      ready(ordered, states, { maxParallel, running: ids }),
      started,
      'the same input, the same answer',
    );
    for (const id of started) {
      const one = byId.get(id);
      assert.ok(one);
      assert.ok(
        one.needs.every((need) => states.get(need) === 'done'),
        `seed ${seed}: ${id} started too early`,
      );
      assert.ok(!running.some((other) => tasksCollide(one, other)), `seed ${seed}: ${id} collides`);
      running.push(one);
    }
    assert.ok(running.length <= maxParallel, `seed ${seed}: too many at once`);
    if (running.length === 0) break;
    const [ended] = running.splice(Math.floor(random() * running.length), 1);
    if (ended) states.set(ended.id, 'done');
  }
  assert.equal(states.size, tasks.length, `seed ${seed}: every task was started`);
}
