import assert from 'node:assert/strict';
import { Limiter } from '../../../src/base/limiter';

/** Work that starts when the limiter lets it and ends when the test says so. */
function steered() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    started.push(name);
    return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { started, work, end: async (name: string) => (ends.get(name)?.(), turn()), turn };
}

describe('Limiter', () => {
  it('runs at most the limit at once and lets the others in by arrival', async () => {
    const { started, work, end, turn } = steered();
    const limiter = new Limiter(2);
    const all = ['a', 'b', 'c', 'd'].map((name) => limiter.run(work(name)));
    await turn();
    assert.deepEqual(started, ['a', 'b']);
    await end('b');
    assert.deepEqual(started, ['a', 'b', 'c']);
    await end('a');
    await end('c');
    await end('d');
    assert.deepEqual(await Promise.all(all), ['a', 'b', 'c', 'd']);
  });

  it('gives the place of failed work to the next', async () => {
    const limiter = new Limiter(1);
    await assert.rejects(
      limiter.run(() => Promise.reject(new Error('broken'))),
      /broken/,
    );
    assert.equal(await limiter.run(() => Promise.resolve('next')), 'next');
  });

  it('lets a waiting one leave when its signal is aborted, without taking a place', async () => {
    const { work, end, turn } = steered();
    const limiter = new Limiter(1);
    const first = limiter.run(work('first'));
    const leaving = new AbortController();
    const waiting = limiter.run(work('waiting'), leaving.signal);
    const last = limiter.run(work('last'));
    await turn();
    leaving.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
    await end('first');
    await end('last');
    assert.deepEqual(await Promise.all([first, last]), ['first', 'last']);
  });

  it('refuses a limit that would never let anything run', () => {
    assert.throws(() => new Limiter(0), RangeError);
  });
});
