import assert from 'node:assert/strict';
import { Spend } from '../../../../../src/adapters/agents/acp/spend';

const report = (used: number, amount?: number) => ({
  sessionUpdate: 'usage_update' as const,
  used,
  ...(amount === undefined ? {} : { cost: { amount, currency: 'USD' } }),
});

describe('Spend', () => {
  it('records each part of a session’s cost once, whatever the agent repeats', () => {
    const spend = new Spend();
    spend.beginTurn('do');
    spend.update(report(10, 0.1));
    assert.equal(spend.takeCost()?.costUsd, 0.1);
    spend.update(report(20, 0.1));
    assert.equal(spend.takeCost(), undefined);
    spend.update(report(20, 0.05));
    spend.update(report(30, 0.25));
    assert.equal(spend.takeTurn(undefined).costUsd, 0.15);
  });

  it('counts kinds of tokens together, as a total that holds the cached ones', () => {
    const counted = {
      inputTokens: 1,
      outputTokens: 2,
      thoughtTokens: 4,
      cachedReadTokens: 8,
      cachedWriteTokens: 16,
    };
    assert.deepEqual(new Spend().takeTurn(counted), {
      inputTokens: 25,
      outputTokens: 6,
      cachedInputTokens: 8,
      costUsd: null,
    });
  });

  it('takes the context for what went in, where nothing is counted', () => {
    const spend = new Spend();
    spend.beginTurn('x'.repeat(40));
    spend.said('y'.repeat(8));
    spend.update(report(5000));
    assert.deepEqual(spend.takeTurn(undefined), { inputTokens: 5000, outputTokens: 2, costUsd: null });
    assert.equal(spend.tokens, 5002);
  });
});
