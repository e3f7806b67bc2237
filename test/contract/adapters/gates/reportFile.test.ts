import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readReportFile } from '../../../../src/adapters/gates/reportFile';
import { createGateRunner } from '../../../../src/adapters/gates/gateRunner';
import { temporaryTree } from '../../../support/temporaryTree';

describe('A report that a tool of the tree wrote', () => {
  let folder: string;
  let scratch: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'report-file-')));
    scratch = join(folder, 'scratch');
    mkdirSync(scratch);
    writeFileSync(join(folder, 'private.txt'), 'private');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const read = (name: string) => readReportFile(join(scratch, name), [scratch]);

  it('is read where it was asked for, and through a link that stays there', async () => {
    writeFileSync(join(scratch, 'report'), 'text');
    symlinkSync('report', join(scratch, 'way'));
    assert.deepEqual(
      [await read('report'), await read('way'), await read('none')],
      ['text', 'text', undefined],
    );
  });

  it('is not read through links that lead out of the folder', async () => {
    symlinkSync(join(folder, 'private.txt'), join(scratch, 'file'));
    symlinkSync(folder, join(scratch, 'folder'));
    linkSync(join(folder, 'private.txt'), join(scratch, 'hard'));
    for (const name of ['file', 'folder/private.txt', 'hard', '../private.txt'])
      assert.equal(await read(name), undefined, name);
  });

  it('is not read when it is no plain file, or too large', async () => {
    execFileSync('mkfifo', [join(scratch, 'pipe')]);
    mkdirSync(join(scratch, 'folder'));
    symlinkSync('/dev/zero', join(scratch, 'device'));
    writeFileSync(join(scratch, 'large'), '');
    truncateSync(join(scratch, 'large'), 128 * 1024 * 1024 + 1);
    for (const name of ['pipe', 'folder', 'device', 'large']) assert.equal(await read(name), undefined, name);
  });

  it('is missing, and says nothing, when a linter lays a link to somebody else’s file in its place', async () => {
    const theirs = join(folder, 'theirs.json');
    const finding = { line: 1, severity: 2, ruleId: 'private', message: 'private' };
    writeFileSync(theirs, JSON.stringify([{ filePath: 'a.js', messages: [finding] }]));
    const program = `require('fs').symlinkSync(${JSON.stringify(theirs)}, process.argv.at(-1)); process.exit(1);`;
    const tree = temporaryTree({
      'package.json': JSON.stringify({ scripts: { lint: 'eslint .' } }),
      'node_modules/.bin/eslint': `#!/bin/sh\nexec node "${folder}/eslint.js" "$@"\n`,
      'node_modules/eslint/package.json': '{"name":"eslint","version":"9.0.0","bin":"x"}',
    });
    writeFileSync(join(folder, 'eslint.js'), program);
    execFileSync('chmod', ['755', join(tree.path, 'node_modules/.bin/eslint')]);
    const runner = createGateRunner({ secretsChild: [], scratchFolder: scratch });
    const target = { runId: 'run', path: tree.path, changed: undefined };
    const result = await runner.run('lint', target, new AbortController().signal);
    tree.dispose();
    assert.equal(result.verdict, 'inconclusive', result.reason);
    assert.doesNotMatch(JSON.stringify(result), /private/);
  });
});
