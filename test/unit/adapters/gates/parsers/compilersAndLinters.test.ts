import assert from 'node:assert/strict';
import { parseBiomeJson } from '../../../../../src/adapters/gates/parsers/biomeJson';
import { parseEslintJson } from '../../../../../src/adapters/gates/parsers/eslintJson';
import { parsePrettierCheck } from '../../../../../src/adapters/gates/parsers/prettierCheck';
import { matchProblems } from '../../../../../src/adapters/gates/parsers/problemMatcher';
import { parseTsc } from '../../../../../src/adapters/gates/parsers/tsc';
import { inRepo, picture } from '../../../../support/problemPicture';
import { recorded } from '../../../../support/recordedOutput';

const typeErrors = [
  "src/sum.ts:5:14 error [TS2322] Type 'number' is not assignable to type 'string'.",
  "src/sum.ts:7:35 error [TS2366] Function lacks ending return statement and return type does not include 'undefined'.",
  "src/sum.ts:9:12 error [TS2304] Cannot find name 'missing'.",
];

describe('output of tsc', () => {
  it('gives the same problems with and without --pretty', () => {
    assert.deepEqual(picture(parseTsc(recorded('tsc.txt'), inRepo).problems), typeErrors);
    assert.deepEqual(picture(parseTsc(recorded('tsc-pretty.txt'), inRepo).problems), typeErrors);
  });

  it('tells errors of the configuration from errors of the code', () => {
    const report = parseTsc(recorded('tsc-config.txt'), inRepo);
    assert.deepEqual(report.problems, []);
    assert.deepEqual(
      report.configuration.map((line) => /TS\d+/.exec(line)?.[0]),
      ['TS18003', 'TS5023'],
    );
  });

  it('takes TS18046 and TS5097 in a source file for what they are: errors of the code', () => {
    const text =
      "a.ts(1,2): error TS18046: 'x' is of type 'unknown'.\na.ts(2,1): error TS5097: An import path can only end with '.ts' when";
    assert.equal(parseTsc(text, inRepo).configuration.length, 0);
    assert.equal(parseTsc(text, inRepo).problems.length, 2);
  });
});

describe('output of linters', () => {
  it('is read from ESLint with file, range, rule and severity', () => {
    assert.deepEqual(picture(parseEslintJson(recorded('eslint.json'), inRepo) ?? []), [
      'src/broken.js:1:18 error [parse] Parsing error: Unexpected token ;',
      "src/format.js:1:7 error [no-unused-vars] 'a' is assigned a value but never used.",
      "src/messy.js:1:5 error [prefer-const] 'used' is never reassigned. Use 'const' instead.",
      "src/messy.js:2:5 error [no-unused-vars] 'unused' is assigned a value but never used.",
      'src/messy.js:3:1 warning [no-console] Unexpected console statement.',
      "src/messy.js:3:19 error [no-undef] 'undefinedName' is not defined.",
    ]);
    assert.deepEqual(parseEslintJson(recorded('eslint.json'), inRepo)?.[1]?.range, {
      startLine: 1,
      startColumn: 7,
      endLine: 1,
      endColumn: 8,
    });
  });

  it('is no report when ESLint crashed', () => {
    assert.equal(parseEslintJson(recorded('eslint-crash.txt'), inRepo), undefined);
  });

  it('is read from XO', () => {
    const problems = picture(parseEslintJson(recorded('xo.json'), inRepo) ?? []);
    assert.equal(problems[0], 'src/a.js:1:1 error [no-var] Unexpected var, use let or const instead.');
  });

  it('is read from Biome', () => {
    assert.deepEqual(picture(parseBiomeJson(recorded('biome-lint.json'), inRepo)?.problems ?? []), [
      'src/format.js:1:7 warning [lint/correctness/noUnusedVariables] This variable a is unused.',
      'src/messy.js:1:1 warning [lint/style/useConst] This let declares a variable that is only assigned once.',
      'src/messy.js:2:5 warning [lint/correctness/noUnusedVariables] This variable unused is unused.',
      "src/broken.js:1:18 error [parse] Expected an expression, or an assignment but instead found ';'.",
    ]);
    const formatting = parseBiomeJson(recorded('biome-format.json'), inRepo)?.problems ?? [];
    assert.deepEqual(
      formatting.filter((problem) => problem.message.startsWith('Formatter')).map((problem) => problem.file),
      ['src/format.js', 'src/sum.ts'],
    );
  });
});

describe('output of prettier --check', () => {
  it('lists files to format and files that do not parse', () => {
    const report = parsePrettierCheck(recorded('prettier.txt'), inRepo);
    assert.deepEqual(picture(report.problems), [
      'src/broken.js:1:18 error [parse] SyntaxError: Unexpected token',
      'src/format.js:1:1 error [format] The file is not formatted as the repository asks for.',
    ]);
    assert.deepEqual([report.broken, report.concluded], [[], true]);
  });

  it('is broken, not a list of files, when the configuration is wrong', () => {
    const report = parsePrettierCheck(
      '[error] Invalid configuration for file "/repo/.prettierrc":\n',
      inRepo,
    );
    assert.deepEqual([report.problems.length, report.broken.length], [0, 1]);
  });
});

describe('problem matcher', () => {
  const anyFile = (path: string) => /\.\w+$/.test(path);

  it('reads the blocks ESLint prints for people', () => {
    assert.deepEqual(picture(matchProblems(recorded('eslint-stylish.txt'), inRepo, anyFile)).slice(0, 4), [
      'src/broken.js:1:18 error [] Parsing error: Unexpected token ;',
      "src/format.js:1:7 error [no-unused-vars] 'a' is assigned a value but never used",
      "src/messy.js:1:5 error [prefer-const] 'used' is never reassigned. Use 'const' instead",
      "src/messy.js:2:5 error [no-unused-vars] 'unused' is assigned a value but never used",
    ]);
  });

  it('reads path:line:column lines and their severity', () => {
    assert.deepEqual(picture(matchProblems(recorded('standard.txt'), inRepo, anyFile)), [
      'src/a.js:1:1 warning [no-var] Unexpected var, use let or const instead. (no-var) (warning)',
      "src/a.js:1:5 error [no-unused-vars] 'a' is assigned a value but never used. (no-unused-vars)",
      "src/a.js:2:37 error [no-undef] 'b' is not defined. (no-undef)",
    ]);
  });

  it('leaves times, addresses, stack frames and files outside the tree alone', () => {
    const text =
      '12:30:15: done\nhttp://localhost:80:80: x\n    at f (/repo/a.js:1:2)\n/elsewhere/a.js:1:2: error: x';
    assert.deepEqual(matchProblems(text, inRepo, anyFile), []);
  });
});
