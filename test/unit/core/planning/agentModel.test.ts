import assert from 'node:assert/strict';
import { resolveAgentModel } from '../../../../src/core/planning/agentModel';

describe('resolveAgentModel', () => {
  const cases: [string, string][] = [
    ['inherit', 'openai/run'],
    ['sonnet', 'openai/run'],
    ['Claude Sonnet 4.5 (copilot)', 'openai/run'],
    ['anthropic/claude-x', 'anthropic/claude-x'],
    ['openai-compatible/a/b:c', 'openai-compatible/a/b:c'],
  ];
  for (const [model, expected] of cases)
    it(`${model} → ${expected}`, () => assert.equal(resolveAgentModel({ model }, 'openai/run'), expected));
});
