import assert from 'node:assert/strict';
import { fromWebviewSchema } from '../../../src/protocol/webviewMessages';
import { runTaskOptionsSchema } from '../../../src/protocol/runTaskOptions';

describe('messages of a webview', () => {
  const refused: [string, unknown][] = [
    ['an unknown kind', { type: 'eval', code: '1' }],
    ['an extra field', { type: 'ready', more: 1 }],
    ['an action that does not exist', { type: 'act', action: 'delete', runId: 'r' }],
    ['an empty task', { type: 'runTask', task: '  ', workflow: null, model: null, folder: null }],
    ['an answer without a digest', { type: 'answer', runId: 'r', id: 'a', decision: 'allow', text: null }],
    ['a line before the first', { type: 'openFile', runId: 'r', path: 'a', line: 0, column: 1 }],
    ['no object', 'ready'],
  ];
  for (const [name, message] of refused)
    it(`refuse ${name}`, () => assert.equal(fromWebviewSchema.safeParse(message).success, false));

  it('accept what they promise', () => {
    assert.equal(fromWebviewSchema.safeParse({ type: 'select', runId: 'r' }).success, true);
  });
});

describe('the options of enterprise.runTask', () => {
  it('take the three ways of delivery, and yes or no for short', () => {
    for (const deliver of ['auto', 'ask', 'never', true, false])
      assert.equal(runTaskOptionsSchema.safeParse({ task: 'x', deliver }).success, true);
    assert.equal(runTaskOptionsSchema.safeParse({ deliver: 'maybe' }).success, false);
  });
});
