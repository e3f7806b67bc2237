import assert from 'node:assert/strict';
import { FailureError, failureOf, type Failure } from '../../../../src/core/model/failure';

const full: Failure = { kind: 'journal-failed', message: 'The disk is full.', remedy: 'Free some space.' };

describe('failureOf', () => {
  it('gives what a failure carries, also one that another bundle of the program threw', () => {
    class FailureErrorOfAnotherBundle extends Error {
      override readonly name = 'FailureError';
      readonly failure = full;
    }
    assert.deepEqual(failureOf(new FailureError(full), 'The command'), full);
    assert.deepEqual(failureOf(new FailureErrorOfAnotherBundle(), 'The command'), full);
  });

  it('calls an abort a cancellation, and anything else a defect', () => {
    assert.equal(failureOf(new DOMException('stopped', 'AbortError'), 'It').kind, 'cancelled');
    assert.equal(failureOf(new Error('a bug'), 'It').kind, 'unexpected');
    assert.equal(failureOf('text', 'It').message, 'It failed: text');
  });
});
