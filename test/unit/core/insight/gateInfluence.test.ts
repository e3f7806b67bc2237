import assert from 'node:assert/strict';
import { gateInfluence } from '../../../../src/core/insight/gateInfluence';

/** In two parts, since no file here may hold it. */
const nocheck = ['@ts', 'nocheck'].join('-');
const nothing = { files: [], diff: '', manifests: [] };
const manifest = (before: object | undefined, after: object | undefined) => ({
  ...nothing,
  manifests: [
    {
      path: 'package.json',
      before: before && JSON.stringify(before),
      after: after && JSON.stringify(after),
    },
  ],
});
const added = (path: string, line: string) => ({
  ...nothing,
  diff: `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-old\n+${line}\n`,
});

describe('what a result changes of its own gates', () => {
  it('names scripts of a manifest, and not its dependencies', () => {
    const before = { name: 'x', scripts: { test: 'mocha' }, dependencies: { a: '1' } };
    assert.deepEqual(gateInfluence(manifest(before, { ...before, scripts: { test: 'true' } })), [
      'It changes what gates run or how strict they are: package.json.',
    ]);
    assert.deepEqual(gateInfluence(manifest(before, { ...before, dependencies: { a: '2' } })), []);
    assert.deepEqual(gateInfluence(manifest(undefined, before)), []);
    assert.equal(gateInfluence(manifest(before, undefined)).length, 1);
  });

  for (const path of [
    'tsconfig.json',
    'a/tsconfig.build.json',
    'eslint.config.mjs',
    '.mocharc.cjs',
    'pytest.ini',
  ])
    it(`names the settings ${path}`, () => {
      const files = [{ path, change: 'modified' as const }];
      assert.match(gateInfluence({ ...nothing, files }).join(), new RegExp(`strict they are: ${path}\\.`));
    });

  it('names tests that are gone, and no others', () => {
    const files = [
      { path: 'test/a.test.ts', change: 'deleted' as const },
      { path: 'src/b.spec.js', change: 'deleted' as const },
      { path: 'test/c.test.ts', change: 'modified' as const },
      { path: 'src/contest.ts', change: 'deleted' as const },
    ];
    assert.deepEqual(gateInfluence({ ...nothing, files }), [
      'It removes tests: test/a.test.ts, src/b.spec.js.',
    ]);
  });

  const marks: readonly [path: string, line: string, mark: string][] = [
    ['src/a.ts', `// ${nocheck}`, nocheck],
    ['src/a.ts', '/* eslint-disable no-console */', 'eslint-disable'],
    ['test/a.test.ts', "it.only('x', () => {});", 'it.only'],
    ['test/a.test.ts', "describe.skip('x', () => {});", 'describe.skip'],
    ['tests/test_a.py', '@pytest.mark.skip', 'mark.skip'],
    ['a.py', 'x = y()  # type: ignore', '# type: ignore'],
  ];
  for (const [path, line, mark] of marks)
    it(`names ${mark} where it is added`, () => {
      assert.deepEqual(gateInfluence(added(path, line)), [`It turns checks off: ${mark} in ${path}.`]);
    });

  it('does not name a text that speaks of it, or what is taken away', () => {
    assert.deepEqual(gateInfluence(added('docs/a.md', `Never use ${nocheck}.`)), []);
    assert.deepEqual(gateInfluence({ ...nothing, diff: `+++ b/a.ts\n-// ${nocheck}\n` }), []);
  });
});
