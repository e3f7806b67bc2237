import assert from 'node:assert/strict';
import picomatch from 'picomatch/posix';
import { outsideScope, scopesOverlap, tasksCollide } from '../../../../src/core/planning/scope';
import { seeded, task } from './sampleTasks';

describe('outsideScope', () => {
  const cases: [string[], string[], string[]][] = [
    [[], ['anything'], []],
    [['docs/**'], ['docs/a.md', 'docs/deep/b.md', 'src/a.ts'], ['src/a.ts']],
    [['docs'], ['docs/a.md', 'docs', 'docs2/a.md'], ['docs2/a.md']],
    [['docs/'], ['docs/a.md', 'a.md'], ['a.md']],
    [['./src/*.ts'], ['src/a.ts', 'src/b/c.ts'], ['src/b/c.ts']],
    [['**/*.md'], ['README.md', 'docs/.hidden/a.md', 'a.txt'], ['a.txt']],
    [['src/**', '!src/generated/**'], ['src/a.ts', 'src/generated/b.ts'], ['src/generated/b.ts']],
    [['!secrets/**'], ['a.ts', 'secrets/key'], ['secrets/key']],
    [['src/{a,b}/**'], ['src/a/x', 'src/c/x'], ['src/c/x']],
    [['.'], ['a', 'b/c'], []],
  ];
  for (const [scope, paths, outside] of cases) {
    it(`${JSON.stringify(scope)} leaves ${JSON.stringify(outside)} of ${JSON.stringify(paths)} outside`, () =>
      assert.deepEqual(outsideScope(scope, paths), outside));
  }
});

describe('scopesOverlap', () => {
  const cases: [string, string, boolean][] = [
    ['src/**', 'src/a/b.ts', true],
    ['src/**', 'docs/**', false],
    ['src/*.ts', 'src/a.js', false],
    ['src/*.ts', 'src/a*', true],
    ['**/*.md', 'docs/**', true],
    ['**/*.md', 'src/**/*.ts', false],
    ['docs', 'docs/a.md', true],
    ['src/a', 'src/ab', false],
    ['src/{a,b}/**', 'src/b/x.ts', true],
    ['src/{a,b}/**', 'src/c/x.ts', false],
    ['src/[abc].ts', 'src/b.ts', true],
    ['a/**/z', 'a/z', true],
    ['**', 'anything/at/all', true],
    ['src/a?.ts', 'src/ab.ts', true],
    ['src/a?.ts', 'src/a.ts', false],
  ];
  for (const [a, b, expected] of cases) {
    it(`${a} and ${b}: ${expected ? 'may meet' : 'never meet'}`, () => {
      assert.equal(scopesOverlap([a], [b]), expected);
      assert.equal(scopesOverlap([b], [a]), expected);
    });
  }

  it('never says no to two globs that match a common path', () => {
    const random = seeded(11);
    const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T;
    const parts = ['a', 'b', 'ab', '*', 'a*', '?', '**', '{a,b}', '[ab]'];
    const glob = () => Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(parts)).join('/');
    const names = ['a', 'b', 'ab'];
    const paths = names.flatMap((x) => [
      x,
      ...names.flatMap((y) => [`${x}/${y}`, ...names.map((z) => `${x}/${y}/${z}`)]),
    ]);
    for (let round = 0; round < 800; round++) {
      const [one, other] = [glob(), glob()];
      const [matchOne, matchOther] = [picomatch(one), picomatch(other)];
      const common = paths.find((path) => matchOne(path) && matchOther(path));
      if (common !== undefined)
        assert.ok(scopesOverlap([one], [other]), `${one} and ${other} both match ${common}`);
    }
  });
});

describe('tasksCollide', () => {
  it('needs two declared scopes, and two tasks that write', () => {
    const src = task('a', { scope: ['src/**'] });
    assert.equal(tasksCollide(src, task('b', { scope: ['src/x.ts'] })), true);
    assert.equal(tasksCollide(src, task('b')), false);
    assert.equal(
      tasksCollide(src, task('b', { scope: ['src/**'], work: { kind: 'check', gates: ['types'] } })),
      false,
    );
  });
});
