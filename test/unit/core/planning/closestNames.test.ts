import assert from 'node:assert/strict';
import { closestNames } from '../../../../src/core/planning/closestNames';

describe('closestNames', () => {
  const known = ['architect', 'implementer', 'reviewer', 'test-engineer', 'tester'];
  const cases: [string, string[]][] = [
    ['reviwer', ['reviewer']],
    ['Tester', ['tester']],
    ['test', ['tester', 'test-engineer']],
    ['zzzzzzzz', []],
    ['', []],
  ];
  for (const [name, expected] of cases)
    it(`"${name}" → ${JSON.stringify(expected)}`, () =>
      assert.deepEqual(closestNames(name, known), expected));
});
