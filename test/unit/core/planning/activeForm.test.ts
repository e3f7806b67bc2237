import assert from 'node:assert/strict';
import { activeFormOf } from '../../../../src/core/planning/activeForm';

describe('activeFormOf', () => {
  const cases: [string, string][] = [
    ['Document the public API', 'Documenting the public API'],
    ['Write tests', 'Writing tests'],
    ['Run npm test', 'Running npm test'],
    ['Set up CI', 'Setting up CI'],
    ['Fix it', 'Fixing it'],
    ['Tidy', 'Tidying'],
    ['Debug the parser', 'Debugging the parser'],
    ['Develop it', 'Working on: Develop it'],
    ['Type-check all', 'Type-checking all'],
    ['Public API', 'Working on: Public API'],
    ['use the cache', 'using the cache'],
  ];
  for (const [title, expected] of cases)
    it(`${title} → ${expected}`, () => assert.equal(activeFormOf(title), expected));
});
