import assert from 'node:assert/strict';
import { resolveAgentModel } from '../../../../src/core/planning/agentModel';

describe('the model of an agent', () => {
  const openai = { runModel: 'openai/gpt-6.1-sol', tiers: {} };
  const anthropic = { runModel: 'anthropic/claude-opus-5-5', tiers: {} };
  const tiers = { sonnet: 'openai/gpt-6.1-terra', haiku: 'ollama/qwen3:8b', Cheap: 'ollama/tiny' };
  const configured = { runModel: 'google/gemini-2.5-pro', tiers };

  const cases: [string, typeof openai, string][] = [
    ['inherit', openai, 'openai/gpt-6.1-sol'],
    ['default', openai, 'openai/gpt-6.1-sol'],
    ['anthropic/claude-x', openai, 'anthropic/claude-x'],
    ['openai-compatible/a/b:c', openai, 'openai-compatible/a/b:c'],
    ['acp/claude', openai, 'acp/claude'],
    ['openrouter/auto', openai, 'openai/gpt-6.1-sol'],
    ['sonnet', openai, 'openai/gpt-6.1-sol'],
    ['gpt-6-sol', openai, 'openai/gpt-6-sol'],
    ['gpt-6-sol', anthropic, 'anthropic/claude-opus-5-5'],
    ['GPT-5 (copilot)', openai, 'openai/gpt-6.1-sol'],
    ['opus', anthropic, 'anthropic/claude-opus-5-5'],
    ['sonnet', anthropic, 'anthropic/claude-sonnet-5-5'],
    ['haiku', anthropic, 'anthropic/claude-haiku-5-5'],
    ['sonnet[1m]', anthropic, 'anthropic/claude-sonnet-5-5'],
    ['opusplan', anthropic, 'anthropic/claude-opus-5-5'],
    ['Claude Sonnet 4.5 (copilot)', anthropic, 'anthropic/claude-sonnet-5-5'],
    ['claude-sonnet-4-5-20250929', anthropic, 'anthropic/claude-sonnet-4-5-20250929'],
    ['claude-sonnet-4-5-20250929', configured, 'openai/gpt-6.1-terra'],
    ['Haiku', configured, 'ollama/qwen3:8b'],
    ['cheap', configured, 'ollama/tiny'],
    ['opus', configured, 'google/gemini-2.5-pro'],
  ];
  for (const [model, rules, expected] of cases)
    it(`"${model}" in a run with ${rules.runModel} → ${expected}`, () =>
      assert.equal(resolveAgentModel({ model }, rules).id, expected));

  it('is the first of a list that means something', () => {
    const agent = { model: 'GPT-5 (copilot)', fallbackModels: ['Claude Haiku 4.5 (copilot)', 'sonnet'] };
    assert.equal(resolveAgentModel(agent, configured).id, 'ollama/qwen3:8b');
  });

  it('is explained', () => {
    const reasons = (model: string) => resolveAgentModel({ model }, configured).reason;
    assert.equal(reasons('inherit'), "the run's model");
    assert.equal(reasons('sonnet'), '"sonnet" stands for it in the configuration');
    assert.match(reasons('opus'), /"opus" stands for no model here \(`models\.tiers` can say which\)/);
  });
});
