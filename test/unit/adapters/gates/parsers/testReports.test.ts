import assert from 'node:assert/strict';
import { parseJestJson } from '../../../../../src/adapters/gates/parsers/jestJson';
import { parseJUnit } from '../../../../../src/adapters/gates/parsers/junit';
import { parseLcov } from '../../../../../src/adapters/gates/parsers/lcov';
import { parseMochaJson } from '../../../../../src/adapters/gates/parsers/mochaJson';
import { parseTap } from '../../../../../src/adapters/gates/parsers/tap';
import type { TestReport } from '../../../../../src/adapters/gates/parsers/testReport';
import { countsIn } from '../../../../../src/adapters/gates/testReports';
import { inRepo, picture } from '../../../../support/problemPicture';
import { recorded } from '../../../../support/recordedOutput';

function counts(report: TestReport | undefined) {
  return report && `${report.passed} passed, ${report.failed} failed, ${report.skipped} skipped`;
}

const each = '1 passed, 1 failed, 1 skipped';

describe('reports of test runners', () => {
  const cases: [string, TestReport | undefined, string][] = [
    [
      'vitest',
      parseJestJson(recorded('vitest.json'), inRepo),
      'test/math.vitest.test.js:5:19 error [test] math fails on purpose: AssertionError: expected 2 to be 3 // Object.is equality',
    ],
    [
      'jest',
      parseJestJson(recorded('jest.json'), inRepo),
      'test/math.jest.test.cjs:4:19 error [test] math fails on purpose: Error: expect(received).toBe(expected) // Object.is equality Expected: 3 Received: 2',
    ],
    [
      'mocha json',
      parseMochaJson(recorded('mocha.json'), inRepo),
      'test/math.mocha.cjs:5:12 error [test] math fails on purpose: AssertionError [ERR_ASSERTION]: 2 == 3',
    ],
    [
      'mocha tap',
      parseTap(recorded('mocha.tap'), inRepo),
      'test/math.mocha.cjs:5:12 error [test] math fails on purpose: 2 == 3',
    ],
    [
      'node 20 tap',
      parseTap(recorded('node20.tap'), inRepo),
      'test/math.node.mjs:6:12 error [test] math › fails on purpose: 2 == 3',
    ],
    [
      'node 24 tap',
      parseTap(recorded('node24.tap'), inRepo),
      'test/math.node.mjs:6:12 error [test] math › fails on purpose: 2 == 3',
    ],
    [
      'node junit',
      parseJUnit(recorded('node24.xml'), inRepo),
      'test/math.node.mjs:6:12 error [test] math › fails on purpose: 2 == 3 Error [ERR_TEST_FAILURE]: 2 == 3',
    ],
    [
      'vitest junit',
      parseJUnit(recorded('vitest-junit.xml'), inRepo),
      'test/math.vitest.test.js:5:19 error [test] math > fails on purpose: expected 2 to be 3 // Object.is equality AssertionError: expected 2 to be 3 // Object.is equality - Expected + Received',
    ],
    ['ava tap', parseTap(recorded('ava.tap'), inRepo), '- error [test] fails on purpose'],
  ];
  for (const [name, report, failure] of cases) {
    it(`of ${name} give counts and the failing test with its place`, () => {
      assert.equal(counts(report), each);
      assert.deepEqual(picture(report?.problems ?? []), [failure]);
    });
  }

  it('of tap 21 count the leaves of nested tests', () => {
    const report = parseTap(recorded('tap21.tap'), inRepo);
    assert.equal(counts(report), '1 passed, 1 failed, 0 skipped');
    assert.match(picture(report?.problems ?? [])[0] ?? '', /^test\/a.test.js:3:/);
  });

  it('show a test file that could not be loaded although no test of it failed', () => {
    const suite = {
      name: '/repo/a.test.js',
      status: 'failed',
      message: "Cannot find module './x'",
      assertionResults: [],
    };
    const report = parseJestJson(JSON.stringify({ testResults: [suite] }), inRepo);
    assert.deepEqual(picture(report?.problems ?? []), [
      "a.test.js:1:1 error [test] a.test.js: Cannot find module './x'",
    ]);
  });

  it('of pytest show a file that could not be loaded, and do not count it as a test', () => {
    const body =
      'tests/test_a.py:2: in &lt;module&gt;\n    import nowhere\nE   ModuleNotFoundError: No module named nowhere';
    const report = parseJUnit(
      `<testsuites><testsuite name="pytest" errors="1" tests="2"><testcase classname="" name="tests.test_a">` +
        `<error message="collection failure">${body}</error></testcase><testcase name="b"/></testsuite></testsuites>`,
      inRepo,
    );
    assert.equal(counts(report), '1 passed, 0 failed, 0 skipped');
    assert.match(
      picture(report?.problems ?? [])[0] ?? '',
      /could not be loaded: ModuleNotFoundError: No module named nowhere$/,
    );
  });

  it('that are cut off or bail out prove nothing', () => {
    assert.match(
      parseTap('TAP version 13\n1..5\nok 1 - a\n', inRepo)?.incomplete ?? '',
      /names 5 tests, the report has 1/,
    );
    assert.match(parseTap('ok 1 - a\nBail out! no database\n', inRepo)?.incomplete ?? '', /no database/);
    assert.match(parseTap('TAP version 13\nok 1 - a\n', inRepo)?.incomplete ?? '', /without its plan/);
  });

  it('are undefined for anything else', () => {
    assert.equal(parseTap('hello', inRepo), undefined);
    assert.equal(parseJestJson('{}', inRepo), undefined);
    assert.equal(parseMochaJson('{}', inRepo), undefined);
    assert.equal(parseJUnit('<html></html>', inRepo), undefined);
    assert.equal(parseJUnit('not xml', inRepo), undefined);
  });

  it('keep a failing test the same problem when its failure text changes', () => {
    const identity = (text: string) => parseMochaJson(text, inRepo)?.problems[0]?.identity;
    assert.equal(
      identity(recorded('mocha.json')),
      identity(recorded('mocha.json').replaceAll('2 == 3', '2 == 4')),
    );
  });
});

describe('closing lines of test runners', () => {
  it('are counted where no report was asked for', () => {
    assert.equal(
      counts(countsIn('  3 passing (2s)\n  1 pending\n  2 failing\n', inRepo)),
      '3 passed, 2 failed, 1 skipped',
    );
    assert.equal(
      counts(countsIn('Tests:       1 failed, 2 skipped, 4 passed, 7 total\n', inRepo)),
      '4 passed, 1 failed, 2 skipped',
    );
    assert.equal(counts(countsIn('      Tests  1 failed | 1 passed | 1 skipped (3)\n', inRepo)), each);
    assert.equal(
      counts(countsIn('ℹ tests 3\nℹ suites 1\nℹ pass 1\nℹ fail 1\nℹ cancelled 0\nℹ skipped 1\n', inRepo)),
      each,
    );
    assert.equal(countsIn('all good', inRepo), undefined);
  });
});

describe('LCOV', () => {
  it('gives covered and total lines by file of the tree', () => {
    assert.deepEqual(parseLcov(recorded('node.lcov'), inRepo), {
      covered: 9,
      total: 9,
      byFile: [{ file: 'test/math.node.mjs', covered: 9, total: 9 }],
    });
    const vitest = parseLcov(recorded('vitest.lcov'), inRepo);
    assert.deepEqual([vitest?.covered, vitest?.total, vitest?.byFile.length], [0, 15, 5]);
  });

  it('counts a line once that several runs measured, and leaves files outside the tree out', () => {
    const text =
      'SF:a.js\nDA:1,0\nDA:2,1\nend_of_record\nSF:a.js\nDA:1,3\nend_of_record\nSF:/else/b.js\nDA:1,1\nend_of_record\n';
    assert.deepEqual(parseLcov(text, inRepo), {
      covered: 2,
      total: 2,
      byFile: [{ file: 'a.js', covered: 2, total: 2 }],
    });
    assert.equal(parseLcov('TN:\n', inRepo), undefined);
  });
});
