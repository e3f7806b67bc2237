import assert from 'node:assert/strict';
import { limitsFor } from '../../../../src/core/planning/agentLimits';

describe('limitsFor', () => {
  it('keeps the limits of the task where the agent’s definition has none', () =>
    assert.deepEqual(limitsFor({ steps: 5, minutes: 3 }, {}), { steps: 5, minutes: 3 }));
  it('takes the agent’s steps where the task has no limit', () =>
    assert.deepEqual(limitsFor({ tokens: 10 }, { maxSteps: 7 }), { tokens: 10, steps: 7 }));
  it('takes the smaller of two limits, whichever it is', () => {
    assert.deepEqual(limitsFor({ steps: 5 }, { maxSteps: 7 }), { steps: 5 });
    assert.deepEqual(limitsFor({ steps: 9 }, { maxSteps: 7 }), { steps: 7 });
  });
});
