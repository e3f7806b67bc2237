import assert from 'node:assert/strict';
import { windowTokensOf } from '../../../../src/adapters/agents/backends/contextWindows';
import { editToolsFor, untoldTools } from '../../../../src/adapters/tools/editTools';
import { openBench } from '../../../support/toolSession';

describe('the tools for changes', () => {
  it('are those a family of models writes best', () => {
    for (const model of ['openai/gpt-5-codex', 'openai/gpt-6.1-sol', 'openai-compatible/codex-mini'])
      assert.equal(editToolsFor(model), 'patch', model);
    for (const model of ['anthropic/claude-opus-5-5', 'google/gemini-3-pro', 'vscode/claude-sonnet-5'])
      assert.equal(editToolsFor(model), 'edit', model);
    for (const model of ['openai/gpt-4o', 'ollama/gpt-oss:20b', 'ollama/qwen3-coder', 'fake/model'])
      assert.equal(editToolsFor(model), 'both', model);
  });

  it('follow the configuration, the longest beginning first', () => {
    const own = { 'openai/*': 'edit', 'openai/gpt-6*': 'both', 'ollama/x': 'patch' } as const;
    assert.equal(editToolsFor('openai/gpt-5', own), 'edit');
    assert.equal(editToolsFor('openai/gpt-6-sol', own), 'both');
    assert.equal(editToolsFor('ollama/x', own), 'patch');
  });

  it('are never taken from an agent that may use no others', () => {
    assert.deepEqual([...untoldTools('patch', new Set(['edit', 'read']))], []);
    assert.deepEqual([...untoldTools('edit', new Set(['apply_patch']))], []);
  });

  it('that a model is not told about work all the same', async () => {
    const bench = await openBench({ context: { model: 'openai/gpt-6-sol' } });
    const told = bench.session.specs.map((spec) => spec.name);
    assert(told.includes('apply_patch') && !told.includes('edit') && !told.includes('write'));
    assert.deepEqual(
      bench.session.unlisted?.map((spec) => spec.name),
      ['edit', 'write'],
    );
    assert((await bench.call('write', { path: 'a', content: 'x' })).ok);
    await bench.close();
  });
});

describe('the context window', () => {
  it('is what the vendor says, unless the configuration says otherwise', () => {
    assert.equal(windowTokensOf('anthropic/claude-opus-5-5'), 1_000_000);
    assert.equal(windowTokensOf('anthropic/claude-haiku-4-5'), 200_000);
    assert.equal(windowTokensOf('openai/gpt-6.1-sol'), 922_000);
    assert.equal(windowTokensOf('ollama/llama4'), 128_000);
    assert.equal(windowTokensOf('ollama/llama4', { 'ollama/*': 8192 }), 8192);
    assert.equal(windowTokensOf('ollama/llama4', { 'ollama/*': 8192, 'ollama/llama4': 4096 }), 4096);
  });
});
