import assert from 'node:assert/strict';
import { machineConfigSchema, projectConfigSchema } from '../../../../src/adapters/config/configSchema';
import { mergeConfig } from '../../../../src/adapters/config/mergeConfig';

const models = { tiers: { sonnet: 'openai/gpt-6.1-sol' }, fallbacks: ['ollama/qwen3:8b'] };

describe('the models of the configuration', () => {
  it('are those of the machine', () => {
    const machine = machineConfigSchema.parse({ models });
    assert.deepEqual(mergeConfig(machine, {}).config.models, models);
  });

  it('are never those of a repository: it must not decide where code is sent', () => {
    assert.equal(projectConfigSchema.safeParse({ models }).success, false);
  });

  const wrong: [string, unknown][] = [
    ['a tier that names no provider', { tiers: { sonnet: 'gpt-6.1-sol' } }],
    ['a stand-in that is no model', { fallbacks: ['offline'] }],
    ['a word nobody knows', { tier: {} }],
  ];
  for (const [what, value] of wrong)
    it(`are refused: ${what}`, () =>
      assert.equal(machineConfigSchema.safeParse({ models: value }).success, false));
});
