import assert from 'node:assert/strict';
import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openBench, type Bench } from '../../../support/toolSession';

describe('read', () => {
  let bench: Bench;
  beforeEach(async () => void (bench = await openBench()));
  afterEach(() => bench.close());

  it('numbers the lines', async () => {
    await bench.put('a', 'one\ntwo\n');
    assert.equal((await bench.call('read', { path: 'a' })).output, '     1\tone\n     2\ttwo');
  });

  it('shows 2,000 lines and says where to read on', async () => {
    await bench.put('a', Array.from({ length: 2500 }, (_, i) => `l${i + 1}`).join('\n'));
    const { output } = await bench.call('read', { path: 'a' });
    assert.match(output, /2000\tl2000\n\[lines 2001 to 2500 are not shown; read on with offset 2001\]$/);
    assert.match(
      (await bench.call('read', { path: 'a', offset: 2499, limit: 1 })).output,
      /^ {2}2499\tl2499\n\[lines 2500/,
    );
  });

  it('cuts a line of more than 2,000 characters and stays below 48,000 in all', async () => {
    await bench.put('a', `${'x'.repeat(5000)}\n`.repeat(100));
    const { output } = await bench.call('read', { path: 'a' });
    assert.match(output, /x{2000}… \[3000 more characters/);
    assert(output.length < 49_000);
    assert.match(output, /lines \d+ to 100 are not shown/);
  });

  it('says what a binary file is instead of showing it', async () => {
    await bench.put('logo.png', Buffer.from([0x89, 0x50, 0, 1]));
    assert.match(
      (await bench.call('read', { path: 'logo.png' })).output,
      /logo\.png is binary \(\.png\), 4 bytes, and cannot be read/,
    );
    await bench.put('latin', Buffer.from([0x66, 0xfc, 0x72]));
    assert.match((await bench.call('read', { path: 'latin' })).output, /binary/);
  });

  it('lists a folder without git’s own entry', async () => {
    await bench.put('src/b.ts', '');
    await bench.put('a', '');
    assert.equal((await bench.call('read', { path: '.' })).output, 'a\nsrc/');
  });

  it('tells an empty file, a missing one and a line after the end apart', async () => {
    await bench.put('a', '');
    await bench.put('b', 'x\n');
    assert.deepEqual(await bench.call('read', { path: 'a' }), { ok: true, output: 'a is empty.' });
    assert.match((await bench.call('read', { path: 'none' })).output, /does not exist/);
    assert.match((await bench.call('read', { path: 'b', offset: 2 })).output, /has 1 lines/);
  });
});

describe('write', () => {
  let bench: Bench;
  beforeEach(async () => void (bench = await openBench()));
  afterEach(() => bench.close());

  it('creates a file and its folders', async () => {
    assert.equal(
      (await bench.call('write', { path: 'a/b/c.ts', content: 'x\n' })).output,
      'Created a/b/c.ts (2 lines).',
    );
    assert.equal(await bench.text('a/b/c.ts'), 'x\n');
  });

  it('replaces no file that was not read', async () => {
    await bench.put('a', 'precious\n');
    assert.match((await bench.call('write', { path: 'a', content: 'x' })).output, /Read it first/);
    assert.equal(await bench.text('a'), 'precious\n');
    await bench.call('read', { path: 'a' });
    assert.equal((await bench.call('write', { path: 'a', content: 'x' })).ok, true);
  });

  it('replaces no file that changed since it was read', async () => {
    await bench.put('a', 'one\n');
    await bench.call('read', { path: 'a' });
    await bench.put('a', 'two\n');
    assert.match(
      (await bench.call('write', { path: 'a', content: 'x' })).output,
      /has changed since you read it/,
    );
    assert.equal(await bench.text('a'), 'two\n');
  });

  it('knows what it wrote itself', async () => {
    await bench.call('write', { path: 'a', content: 'one' });
    assert.equal((await bench.call('write', { path: 'a', content: 'two' })).ok, true);
  });

  it('keeps byte order mark, line ends and mode of a file it replaces', async () => {
    await bench.put('a', '\uFEFFone\r\ntwo\r\n');
    await chmod(join(bench.root, 'a'), 0o755);
    await bench.call('read', { path: 'a' });
    await bench.call('write', { path: 'a', content: 'three\nfour\n' });
    assert.equal(await bench.text('a'), '\uFEFFthree\r\nfour\r\n');
    assert.equal((await stat(join(bench.root, 'a'))).mode & 0o777, 0o755);
  });

  it('tells the model when the system refuses', async () => {
    await bench.put('file', '');
    const outcome = await bench.call('write', { path: 'file/x', content: '' });
    assert.match(outcome.output, /The system refused: E/);
  });
});

describe('edit', () => {
  let bench: Bench;
  beforeEach(async () => void (bench = await openBench()));
  afterEach(() => bench.close());

  it('replaces the one place', async () => {
    await bench.put('a', 'one\ntwo\nthree\n');
    assert.equal((await bench.call('edit', { path: 'a', old: 'two', new: '2' })).output, 'Edited a: line 2.');
    assert.equal(await bench.text('a'), 'one\n2\nthree\n');
  });

  it('takes `new` as it is, also with characters that mean something in patterns', async () => {
    await bench.put('a', 'cost\n');
    await bench.call('edit', { path: 'a', old: 'cost', new: '$& $1 \\n' });
    assert.equal(await bench.text('a'), '$& $1 \\n\n');
  });

  it('refuses what stands more than once and names the lines', async () => {
    await bench.put('a', 'x\ny\nx\n\n\nx\n');
    const outcome = await bench.call('edit', { path: 'a', old: 'x', new: 'z' });
    assert.match(outcome.output, /stands 3 times in a \(lines 1, 3, 6\)/);
    assert.equal(await bench.text('a'), 'x\ny\nx\n\n\nx\n');
  });

  it('replaces all places when told to', async () => {
    await bench.put('a', 'x\nx\n');
    assert.equal(
      (await bench.call('edit', { path: 'a', old: 'x', new: 'z', replaceAll: true })).output,
      'Edited a: 2 places.',
    );
  });

  it('answers a miss with the nearest region and changes nothing', async () => {
    await bench.put(
      'a',
      'function add(a, b) {\n  return a + b;\n}\n\nfunction sub(a, b) {\n  return a - b;\n}\n',
    );
    const { ok, output } = await bench.call('edit', {
      path: 'a',
      old: 'function sub(a, c) {\n  return a - c;\n}',
      new: '',
    });
    assert.equal(ok, false);
    assert.match(output, /most similar lines are:\n(?:.*\n)*? +5\tfunction sub\(a, b\) \{/);
  });

  it('says when only white space differs', async () => {
    await bench.put('a', 'if (x) {\n\treturn;\n}\n');
    const { output } = await bench.call('edit', { path: 'a', old: 'if (x) {\n  return;\n}', new: '' });
    assert.match(output, /differ from it only in white space/);
  });

  it('keeps CRLF and the byte order mark, whichever line ends the model writes', async () => {
    await bench.put('a', '\uFEFFone\r\ntwo\r\nthree\r\n');
    assert.equal((await bench.call('edit', { path: 'a', old: 'one\ntwo', new: '1\n2' })).ok, true);
    assert.equal((await bench.call('edit', { path: 'a', old: '2\r\nthree', new: '2\r\n3' })).ok, true);
    assert.equal(await bench.text('a'), '\uFEFF1\r\n2\r\n3\r\n');
  });

  it('leaves the other line ends of a mixed file alone', async () => {
    await bench.put('a', 'one\r\ntwo\nthree\n');
    await bench.call('edit', { path: 'a', old: 'three', new: '3' });
    assert.equal(await bench.text('a'), 'one\r\ntwo\n3\n');
  });

  it('refuses a file that changed since it was read', async () => {
    await bench.put('a', 'one\n');
    await bench.call('read', { path: 'a' });
    await bench.put('a', 'one\nmore\n');
    assert.match(
      (await bench.call('edit', { path: 'a', old: 'one', new: '1' })).output,
      /has changed since you read it/,
    );
  });

  it('refuses a binary, a missing file and an edit that changes nothing', async () => {
    await bench.put('b', Buffer.from([0, 1, 2]));
    await bench.put('a', 'x');
    assert.match((await bench.call('edit', { path: 'b', old: 'x', new: 'y' })).output, /binary/);
    assert.match((await bench.call('edit', { path: 'none', old: 'x', new: 'y' })).output, /does not exist/);
    assert.match((await bench.call('edit', { path: 'a', old: 'x', new: 'x' })).output, /the same/);
  });
});
