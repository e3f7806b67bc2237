import assert from 'node:assert/strict';
import { findCycles } from '../../../../src/adapters/analysis/cycles';

function graph(edges: Record<string, string>) {
  return new Map(
    Object.entries(edges).map(([from, to]) => [from, to.split('').filter((one) => one !== ' ')]),
  );
}

describe('import cycles', () => {
  it('are found with the shortest way round, the largest knot first', () => {
    const found = findCycles(graph({ a: 'b', b: 'c', c: 'd a', d: 'b', e: 'f', f: 'e', g: 'a' }));
    assert.deepEqual(
      found.map(({ modules, shortest }) => [modules.join(''), shortest.join('>')]),
      [
        ['abcd', 'a>b>c'],
        ['ef', 'e>f'],
      ],
    );
  });

  it('include a module that imports itself, and nothing in a graph without any', () => {
    assert.deepEqual(
      findCycles(graph({ a: 'a' })).map(({ shortest }) => shortest),
      [['a']],
    );
    assert.deepEqual(findCycles(graph({ a: 'bc', b: 'c', c: '' })), []);
  });

  it('are found in a chain far deeper than the call stack', () => {
    const chain = new Map(
      Array.from({ length: 50_000 }, (_, index) => [String(index), [String(index + 1)]] as const),
    );
    assert.deepEqual(findCycles(chain), []);
  });
});
