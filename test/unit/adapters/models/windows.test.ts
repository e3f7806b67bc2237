import assert from 'node:assert/strict';
import { windowOf, windowsAsOf } from '../../../../src/adapters/models/windows';

describe('windowOf', () => {
  it('is a table with its day', () => assert.match(windowsAsOf, /^\d{4}-\d{2}-\d{2}$/));

  const cases: [string, number | undefined][] = [
    ['anthropic/claude-sonnet-5-5', 1_000_000],
    ['anthropic/claude-haiku-4-5-20251001', 200_000],
    ['openai/gpt-6-sol-2026-09-22', 922_000],
    ['openai-compatible/gpt-6-sol', undefined],
    ['anthropic/claude-of-tomorrow', undefined],
    ['ollama/qwen3:8b', undefined],
    ['offline', undefined],
  ];
  for (const [model, tokens] of cases)
    it(`${model}: ${tokens ?? 'unknown'}`, () => assert.equal(windowOf(model), tokens));
});
