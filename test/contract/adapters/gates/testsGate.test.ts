import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { createGateRunner } from '../../../../src/adapters/gates/gateRunner';
import type { GateResult } from '../../../../src/core/model/gate';
import { temporaryTree, type TemporaryTree } from '../../../support/temporaryTree';

describe('the gate for tests', function () {
  this.timeout(90_000);
  let tree: TemporaryTree;
  const open = (files: Record<string, string | Uint8Array>) => (tree = temporaryTree(files));
  afterEach(() => tree.dispose());

  const run = (gate: string): Promise<GateResult> =>
    createGateRunner({ secretsChild: [] }).run(
      gate,
      { runId: 'run-1', path: tree.path, changed: undefined },
      new AbortController().signal,
    );
  const manifest = (content: object) => JSON.stringify({ name: 'sample', ...content });

  it('mocha reports test by test, through the script, with its preparation first', async () => {
    open({
      'package.json': manifest({
        scripts: { pretest: 'node prepare.js', test: 'eslint . && mocha *.spec.js' },
      }),
      'prepare.js': "require('fs').writeFileSync('ready', '')",
      'a.spec.js':
        "it('adds', () => { require('fs').readFileSync('ready'); });\nit('fails', () => { throw new Error('no'); });\n",
    });
    tree.install('mocha', 'mocha');
    const result = await run('tests');
    assert.equal(result.command, 'node prepare.js && mocha *.spec.js');
    assert.deepEqual(result.tests, { passed: 1, failed: 1, skipped: 0 });
    assert.deepEqual(
      result.findings.map((one) => `${one.file}:${one.range?.startLine} ${one.message}`),
      ['a.spec.js:2 fails: Error: no'],
    );
    tree.write('prepare.js', 'process.exit(4)');
    const unprepared = await run('tests');
    assert.equal(unprepared.verdict, 'inconclusive');
    assert.match(unprepared.reason, /not reached: `node prepare.js` ended with exit code 4/);
  });

  it('node --test gives counts, and no test at all proves nothing', async () => {
    open({
      'package.json': manifest({ type: 'module', scripts: { test: 'node --test a.test.js' } }),
      'a.test.js': "import test from 'node:test';\ntest('one', () => {});\ntest.skip('two', () => {});\n",
    });
    const green = await run('tests');
    assert.deepEqual(
      [green.verdict, green.tests],
      ['passed', { passed: 1, failed: 0, skipped: 1 }],
      green.reason,
    );
    tree.write('a.test.js', "import test from 'node:test';\ntest.skip('two', () => {});\n");
    const empty = await run('tests');
    assert.equal(empty.verdict, 'inconclusive');
    assert.match(empty.reason, /^No test was run/);
  });

  it('files that all fail to load are red, and not to be compared', async () => {
    const suite = { name: 'a.test.js', status: 'failed', message: 'Cannot find x', assertionResults: [] };
    open({
      'package.json': manifest({ scripts: { test: 'jest' } }),
      'jest.mjs': `import { writeFileSync } from 'node:fs';
        const path = process.argv.find((one) => one.startsWith('--outputFile=')).slice(13);
        writeFileSync(path, JSON.stringify({ testResults: [${JSON.stringify(suite)}] }));
        process.exit(1);`,
      'node_modules/.bin/jest': '#!/bin/sh\nexec node jest.mjs "$@"\n',
    });
    chmodSync(join(tree.path, 'node_modules/.bin/jest'), 0o755);
    const red = await run('tests');
    assert.match(red.reason, /^1 test file could not be run/);
    assert.deepEqual([red.verdict, red.comparable, red.findings.length], ['failed', false, 1]);
  });

  it('a coverage report without a covered line measures nothing', async () => {
    const suite = {
      name: 'a.test.js',
      status: 'passed',
      assertionResults: [{ title: 'a', status: 'passed' }],
    };
    open({
      'package.json': manifest({ scripts: { test: 'jest' } }),
      'src.js': '',
      'jest.mjs': `import { mkdirSync, writeFileSync } from 'node:fs';
        const of = (name) => process.argv.find((one) => one.startsWith(name + '=')).slice(name.length + 1);
        writeFileSync(of('--outputFile'), JSON.stringify({ testResults: [${JSON.stringify(suite)}] }));
        mkdirSync(of('--coverageDirectory'), { recursive: true });
        writeFileSync(of('--coverageDirectory') + '/lcov.info', 'SF:src.js\\nDA:1,0\\nDA:2,0\\nend_of_record\\n');`,
      'node_modules/.bin/jest': '#!/bin/sh\nexec node jest.mjs "$@"\n',
    });
    chmodSync(join(tree.path, 'node_modules/.bin/jest'), 0o755);
    const green = await run('tests');
    assert.deepEqual([green.verdict, green.coverage], ['passed', undefined], green.reason);
    assert.match(green.reason, /^1 test passed\. Coverage: the report names no line/);
  });

  it('pytest gets the tree’s own code, and says when no test was run', async function () {
    if (spawnSync('pytest', ['--version']).status !== 0) this.skip();
    open({
      'pyproject.toml': '[tool.pytest.ini_options]\n',
      'src/sample_of_a_package/__init__.py': 'def one():\n    return 1\n',
      'tests/test_one.py': 'from sample_of_a_package import one\n\ndef test_one():\n    assert one() == 1\n',
    });
    const green = await run('tests');
    assert.deepEqual([green.verdict, green.reason], ['passed', '1 test passed.']);
    tree.write('src/sample_of_a_package/__init__.py', '');
    const red = await run('tests');
    assert.deepEqual(
      [red.verdict, red.comparable, red.reason],
      ['failed', false, '1 test file could not be loaded; no test was run.'],
    );
  });

  it('an unknown runner counts by its exit code and closing lines', async () => {
    open({
      'package.json': manifest({ scripts: { test: 'node run.js | cat; exit 0' } }),
      'run.js': "console.log('  0 passing (1ms)')",
    });
    assert.equal((await run('tests')).verdict, 'inconclusive');
    tree.write('run.js', "console.log('  2 passing (1ms)')");
    const green = await run('tests');
    assert.deepEqual([green.verdict, green.tests?.passed], ['passed', 2]);
    tree.write('run.js', "console.log('  1 passing (1ms)\\n  1 failing')");
    assert.equal((await run('tests')).verdict, 'failed');
  });
});
