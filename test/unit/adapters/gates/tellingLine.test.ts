import assert from 'node:assert/strict';
import { tellingLine } from '../../../../src/adapters/gates/scriptGate';

describe('the line of an output that says most', () => {
  const outputs: [string, string, string][] = [
    ['is the first that speaks of an error', 'start\nError: no port\n  at x\nend', 'Error: no port'],
    ['is an error of any kind', 'linting\nTypeError: no function\nsorry, error', 'TypeError: no function'],
    ['is the last where none does', 'one\ntwo\n\n', 'two'],
    [
      'is no test that passed, whatever it is called',
      ' ✓ drops what a render error left 380ms\nok 1 - error is thrown\nerror during close: no browser',
      'error during close: no browser',
    ],
    [
      'is not what npm says of itself',
      'npm warn Unknown user config: an error in npm 12\nsh: 1: uvu: not found',
      'sh: 1: uvu: not found',
    ],
    [
      'is no place in a stack',
      'Object.groupBy is no function\n    at main (a.js:1:2)\n    at async walk (b.js:3:4)\n\nNode.js v20.20.2',
      'Object.groupBy is no function',
    ],
    ['is said to be missing where nothing was printed', '', 'it printed nothing'],
  ];
  for (const [fact, output, line] of outputs) it(fact, () => assert.equal(tellingLine(output), line));
});
