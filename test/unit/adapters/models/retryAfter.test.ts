import assert from 'node:assert/strict';
import { retryAfterMs, retryDelayMs } from '../../../../src/adapters/models/retryAfter';

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

describe('limits that are used up', () => {
  const cases: [string, Record<string, string>, number | undefined][] = [
    [
      'Anthropic’s date',
      {
        'anthropic-ratelimit-requests-remaining': '0',
        'anthropic-ratelimit-requests-reset': '2026-11-20T10:00:09Z',
      },
      9000,
    ],
    [
      'the longest of several',
      {
        'anthropic-ratelimit-requests-remaining': '0',
        'anthropic-ratelimit-requests-reset': '2026-11-20T10:00:09Z',
        'anthropic-ratelimit-input-tokens-remaining': '0',
        'anthropic-ratelimit-input-tokens-reset': '2026-11-20T10:00:40Z',
      },
      40_000,
    ],
    [
      'OpenAI’s duration',
      { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1m0.5s' },
      60_500,
    ],
    ['milliseconds', { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '120ms' }, 120],
    [
      'not one that has something left',
      { 'x-ratelimit-remaining-tokens': '10', 'x-ratelimit-reset-tokens': '5s' },
      undefined,
    ],
    [
      'not a form nobody knows',
      { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': 'soon' },
      undefined,
    ],
  ];
  for (const [what, headers, expected] of cases)
    it(`say how long to wait: ${what}`, () => assert.equal(retryAfterMs(headers, now), expected));

  it('say nothing where the service asks for a wait itself', () => {
    const headers = {
      'retry-after': '3',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '60s',
    };
    assert.equal(retryAfterMs(headers, now), 3000);
  });

  it('are read from the body of Google’s errors', () => {
    const body =
      '{"error":{"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.5s"}]}}';
    assert.equal(retryDelayMs(body), 34_500);
    assert.equal(retryDelayMs('{}'), undefined);
  });
});
