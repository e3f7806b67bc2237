import assert from 'node:assert/strict';
import { openBench, type Bench } from '../../../support/toolSession';

describe('apply_patch', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
    await bench.put('a.ts', 'class A {\n  one() {\n    return 1;\n  }\n  two() {\n    return 1;\n  }\n}\n');
  });
  afterEach(() => bench.close());

  const patch = (...lines: string[]) =>
    bench.call('apply_patch', { patch: ['*** Begin Patch', ...lines, '*** End Patch'].join('\n') });

  it('adds, updates, moves and deletes files in one go', async () => {
    await bench.put('gone.ts', 'x\n');
    await bench.put('old.ts', 'a\nb\n');
    const outcome = await patch(
      '*** Add File: new/file.ts',
      '+one',
      '+two',
      '*** Update File: a.ts',
      '@@ class A {',
      '-  one() {',
      '+  uno() {',
      '     return 1;',
      '*** Update File: old.ts',
      '*** Move to: moved.ts',
      ' a',
      '-b',
      '+c',
      '*** Delete File: gone.ts',
    );
    assert.equal(
      outcome.output,
      'Added new/file.ts\nUpdated a.ts\nMoved to moved.ts\nRemoved old.ts\nDeleted gone.ts',
    );
    assert.equal(await bench.text('new/file.ts'), 'one\ntwo\n');
    assert.match(await bench.text('a.ts'), /uno\(\) \{\n {4}return 1;\n/);
    assert.equal(await bench.text('moved.ts'), 'a\nc\n');
    await assert.rejects(bench.text('gone.ts'));
    await assert.rejects(bench.text('old.ts'));
  });

  it('finds the place after its anchors', async () => {
    await patch('*** Update File: a.ts', '@@ two() {', '-    return 1;', '+    return 2;');
    assert.equal(
      await bench.text('a.ts'),
      'class A {\n  one() {\n    return 1;\n  }\n  two() {\n    return 2;\n  }\n}\n',
    );
  });

  it('applies several hunks in order', async () => {
    await patch(
      '*** Update File: a.ts',
      '@@ one() {',
      '-    return 1;',
      '+    return 10;',
      '@@ two() {',
      '-    return 1;',
      '+    return 20;',
    );
    assert.match(await bench.text('a.ts'), /return 10;[^]*return 20;/);
  });

  it('guesses no place that is not the only one', async () => {
    const outcome = await patch('*** Update File: a.ts', '-    return 1;', '+    return 2;');
    assert.match(outcome.output, /stand more than once in a\.ts \(lines 3, 6\)/);
  });

  it('changes nothing when any part of it fails', async () => {
    const before = await bench.text('a.ts');
    const outcome = await patch(
      '*** Add File: new.ts',
      '+x',
      '*** Update File: a.ts',
      '-  three() {',
      '+  drei() {',
    );
    assert.equal(outcome.ok, false);
    assert.match(outcome.output, /do not stand in a\.ts[^]*Nothing was changed/);
    assert.equal(await bench.text('a.ts'), before);
    await assert.rejects(bench.text('new.ts'));
  });

  it('appends at the end, and keeps a file without a last line break so', async () => {
    await bench.put('b', 'one\ntwo');
    await patch('*** Update File: b', ' two', '+three', '*** End of File');
    assert.equal(await bench.text('b'), 'one\ntwo\nthree');
  });

  it('keeps CRLF', async () => {
    await bench.put('b', 'one\r\ntwo\r\n');
    await patch('*** Update File: b', ' one', '-two', '+2');
    assert.equal(await bench.text('b'), 'one\r\n2\r\n');
  });

  const broken: [string, string[]][] = [
    ['without a file', ['+x']],
    ['with an unknown line in a file', ['*** Update File: a.ts', '=x']],
    ['with an unknown header', ['*** Update File: a.ts', ' class A {', '*** Rename File: x']],
    ['that changes nothing', ['*** Update File: a.ts']],
    ['that is empty', []],
    ['that adds a file there is', ['*** Add File: a.ts', '+x']],
    [
      'that names a file twice',
      ['*** Update File: a.ts', '-class A {', '+class B {', '*** Delete File: a.ts'],
    ],
    ['of a missing file', ['*** Delete File: none']],
  ];
  for (const [what, lines] of broken) {
    it(`refuses a patch ${what}`, async () => {
      const before = await bench.text('a.ts');
      assert.equal((await patch(...lines)).ok, false);
      assert.equal(await bench.text('a.ts'), before);
    });
  }

  it('refuses what is no patch', async () => {
    assert.match((await bench.call('apply_patch', { patch: 'diff --git' })).output, /Begin Patch/);
  });
});
