import assert from 'node:assert/strict';
import { fail, ok } from '../../../src/base/result';
import { openWindow, type EditorWindow } from '../../support/editorWindow';

/** Answers the questions of the dialogue by their titles. */
function answer(window: EditorWindow, provider: string, texts: Record<string, string>): void {
  window.vscode.person.pick = (items) => items.find(({ label }) => label === provider);
  window.vscode.person.type = ({ title = '' }) =>
    texts[Object.keys(texts).find((part) => title.includes(part)) ?? ''];
}

describe('enterprise.configureModel', () => {
  it('tries the model with a real call, then keeps model, address and key, the key in the secret storage only', async () => {
    const window = openWindow();
    window.modelAnswer = ok('ready');
    answer(window, 'OpenAI-compatible', {
      address: 'https://models.test/v1',
      'which model': 'coder',
      key: 's3cret',
    });
    assert.equal(await window.vscode.run('enterprise.configureModel'), 'openai-compatible/coder');
    assert.deepEqual(window.tried, [
      { model: 'openai-compatible/coder', baseUrl: 'https://models.test/v1', apiKey: 's3cret' },
    ]);
    assert.equal(window.vscode.settings.get('enterprise.model'), 'openai-compatible/coder');
    assert.equal(window.vscode.settings.get('enterprise.baseUrl'), 'https://models.test/v1');
    assert.ok(![...window.vscode.settings.values()].includes('s3cret'));
    await window.vscode.run('enterprise.runTask', { task: 'Tidy up' });
    const { apiKey, settings } = window.opened[0]?.options ?? assert.fail();
    assert.equal(settings.model, 'openai-compatible/coder');
    assert.equal(await apiKey('openai-compatible', 'https://models.test/v1'), 's3cret');
    assert.equal(
      await apiKey('openai-compatible', 'https://other.test/v1'),
      undefined,
      'a key goes to its own address only',
    );
  });

  it('keeps nothing when the model does not answer, unless the person insists', async () => {
    const window = openWindow();
    window.modelAnswer = fail({
      kind: 'model-unavailable',
      model: 'x',
      retryable: false,
      message: 'The key was refused.',
      remedy: 'Check it.',
    });
    answer(window, 'Anthropic', { 'which model': 'claude', key: 'wrong' });
    assert.equal(await window.vscode.run('enterprise.configureModel'), undefined);
    assert.match(window.vscode.shown[0]?.text ?? '', /did not answer\. The key was refused\. Check it\./);
    assert.equal(window.vscode.settings.size, 0);
    window.vscode.person.button = () => 'Save Anyway';
    assert.equal(await window.vscode.run('enterprise.configureModel'), 'anthropic/claude');
  });

  it('offers to run without a model, which needs no call', async () => {
    const window = openWindow();
    answer(window, 'No model', {});
    assert.equal(await window.vscode.run('enterprise.configureModel'), 'offline');
    assert.deepEqual(window.tried, []);
  });

  it('needs no key for a model on this machine', async () => {
    const window = openWindow();
    window.modelAnswer = ok('ready');
    answer(window, 'Ollama', { address: 'http://127.0.0.1:11434', 'which model': 'qwen' });
    assert.equal(await window.vscode.run('enterprise.configureModel'), 'ollama/qwen');
    assert.deepEqual(window.tried, [{ model: 'ollama/qwen', baseUrl: 'http://127.0.0.1:11434' }]);
  });

  it('makes the next run use it, also where an engine is open already', async () => {
    const window = openWindow();
    await window.vscode.run('enterprise.doctor');
    window.modelAnswer = ok('ready');
    answer(window, 'Anthropic', { 'which model': 'claude', key: 'k' });
    await window.vscode.run('enterprise.configureModel');
    await window.vscode.run('enterprise.runTask', { task: 'Tidy up' });
    assert.deepEqual(
      window.opened.map(({ engine, options }) => [options.settings.model, engine.isDisposed]),
      [
        ['offline', true],
        ['anthropic/claude', false],
      ],
    );
  });
});
