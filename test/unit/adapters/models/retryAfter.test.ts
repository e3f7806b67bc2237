import assert from 'node:assert/strict';
import { retryAfterMs } from '../../../../src/adapters/models/retryAfter';

const now = Date.parse('2026-11-20T10:00:00Z');

describe('retryAfterMs', () => {
  it('reads seconds', () => assert.equal(retryAfterMs({ 'retry-after': '7' }, now), 7000));
  it('reads an HTTP date against the wall clock', () => {
    assert.equal(retryAfterMs({ 'retry-after': 'Fri, 20 Nov 2026 10:00:30 GMT' }, now), 30_000);
  });
  it('takes a date that is past as no wait', () => {
    assert.equal(retryAfterMs({ 'retry-after': 'Fri, 20 Nov 2026 09:00:00 GMT' }, now), 0);
  });
  it('prefers the header in milliseconds', () => {
    assert.equal(retryAfterMs({ 'retry-after': '7', 'retry-after-ms': '1250' }, now), 1250);
  });
  it('ignores what it cannot read', () =>
    assert.equal(retryAfterMs({ 'retry-after': 'soon' }, now), undefined));
  it('knows of no wait where none is asked for', () => assert.equal(retryAfterMs({}, now), undefined));
});
