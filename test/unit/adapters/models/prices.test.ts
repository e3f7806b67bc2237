import assert from 'node:assert/strict';
import { costOf, pricesAsOf } from '../../../../src/adapters/models/prices';

const million = 1_000_000;
const tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

describe('prices', () => {
  it('says on which day they were true', () => {
    assert.match(pricesAsOf, /^\d{4}-\d{2}-\d{2}$/);
  });

  it('charges fresh input, cache reads, cache writes and output each by its own price', () => {
    const cost = costOf('anthropic', 'claude-opus-5-5', {
      input: 3 * million,
      output: million,
      cacheRead: million,
      cacheWrite: million,
    });
    assert.equal(cost, 4 + 0.2 + 5 + 20);
  });

  it('charges a long prompt as a whole by the price of long prompts', () => {
    assert.equal(costOf('anthropic', 'claude-haiku-5-5', { ...tokens, input: 100_000 }), 0.01);
    assert.equal(costOf('anthropic', 'claude-haiku-5-5', { ...tokens, input: 200_000 }), 0.1);
  });

  it('knows a dated name as its model', () => {
    assert.equal(costOf('anthropic', 'claude-sonnet-4-5-20250929', { ...tokens, output: million }), 15);
    assert.equal(costOf('openai', 'gpt-6-sol-2026-09-22', { ...tokens, output: million }), 10);
  });

  it('knows no price of a model that is not in the table, nor of a variant', () => {
    assert.equal(costOf('openai', 'gpt-6-sol-pro', { ...tokens, output: 1 }), null);
    assert.equal(costOf('openai-compatible', 'gpt-6-sol', { ...tokens, output: 1 }), null);
  });
});
