import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRipgrep } from '../../../../src/adapters/tools/ripgrep';
import { openBench, type Bench } from '../../../support/toolSession';

describe('glob and grep', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
    await bench.put('src/a.ts', 'alpha\nbeta\n');
    await bench.put('src/deep/b.ts', 'beta\n');
    await bench.put('readme.md', 'beta\n');
    await bench.put('.hidden.ts', 'beta\n');
    await bench.put('ignored.ts', 'beta\n');
    await bench.put('.ignore', 'ignored.ts\n');
  });
  afterEach(() => bench.close());

  it('glob lists matching files in order, without ignored ones and without git’s', async () => {
    assert.equal(
      (await bench.call('glob', { pattern: '*.ts' })).output,
      '.hidden.ts\nsrc/a.ts\nsrc/deep/b.ts',
    );
    assert.equal((await bench.call('glob', { pattern: './src/*.ts' })).output, 'src/a.ts');
    assert.doesNotMatch((await bench.call('glob', { pattern: '**/*' })).output, /^\.git$/m);
  });

  it('glob says so when nothing matches', async () => {
    assert.match((await bench.call('glob', { pattern: '*.rs' })).output, /^No file matches/);
  });

  it('a filter by name brings no ignored files in', async () => {
    assert.equal(
      (await bench.call('grep', { pattern: 'beta', glob: '*.{ts,md}', mode: 'files' })).output,
      '.hidden.ts\nreadme.md\nsrc/a.ts\nsrc/deep/b.ts',
    );
    assert.equal(
      (await bench.call('grep', { pattern: 'beta', glob: 'src/*.ts', mode: 'files' })).output,
      'src/a.ts',
    );
    assert.equal(
      (await bench.call('grep', { pattern: 'beta', glob: '!*.ts', mode: 'files' })).output,
      'readme.md',
    );
  });

  it('grep gives path, line and text', async () => {
    assert.equal(
      (await bench.call('grep', { pattern: 'bet.', path: 'src' })).output,
      'src/a.ts:2:beta\nsrc/deep/b.ts:1:beta',
    );
  });

  it('grep lists files or counts', async () => {
    assert.equal(
      (await bench.call('grep', { pattern: 'beta', mode: 'files', glob: '*.md' })).output,
      'readme.md',
    );
    assert.equal(
      (await bench.call('grep', { pattern: 'a', mode: 'count', path: 'src/a.ts' })).output,
      'src/a.ts:2',
    );
  });

  it('grep takes a pattern that looks like an option', async () => {
    await bench.put('opt', '--files\n');
    assert.equal((await bench.call('grep', { pattern: '--files' })).output, 'opt:1:--files');
  });

  it('grep says when nothing matches and when the pattern is broken', async () => {
    assert.equal((await bench.call('grep', { pattern: 'omega' })).output, 'Nothing matches.');
    const broken = await bench.call('grep', { pattern: '(' });
    assert.equal(broken.ok, false);
    assert.match(broken.output, /regex/);
  });

  it('grep bounds what it shows', async () => {
    await bench.put('many', 'beta\n'.repeat(1000));
    assert.match(
      (await bench.call('grep', { pattern: 'beta', path: 'many' })).output,
      /\[700 more lines; narrow the search\]$/,
    );
  });

  it('without ripgrep both say what is missing', async () => {
    const poor = await openBench({ ripgrep: false });
    for (const outcome of [
      await poor.call('glob', { pattern: '*' }),
      await poor.call('grep', { pattern: 'x' }),
    ]) {
      assert.equal(outcome.ok, false);
      assert.match(outcome.output, /ripgrep is missing/);
    }
    await poor.close();
  });
});

describe('findRipgrep', () => {
  it('finds the one of the package, and fails by name where there is none', async () => {
    assert((await findRipgrep(process.cwd())).ok);
    const folder = await mkdtemp(join(tmpdir(), 'no-rg-'));
    const path = process.env['PATH'];
    process.env['PATH'] = folder;
    try {
      const result = await findRipgrep(folder);
      assert(!result.ok);
      assert.equal(result.failure.kind, 'not-found');
    } finally {
      process.env['PATH'] = path;
      await rm(folder, { recursive: true });
    }
  });
});
