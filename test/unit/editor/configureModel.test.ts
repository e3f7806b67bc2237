import assert from 'node:assert/strict';
import { fail, ok } from '../../../src/base/result';
import type { Failure } from '../../../src/core/model/failure';
import type { FoundModels } from '../../../src/core/model/foundModels';
import { openWindow, type EditorWindow } from '../../support/editorWindow';
import { FakeVsCode } from '../../support/fakeVscode';

/** Answers the questions of the dialogue by their titles; what was offered is kept. */
function answer(window: EditorWindow, picks: string | string[], texts: Record<string, string> = {}) {
  const wanted = [picks].flat();
  const offered: string[][] = [];
  const asked: string[] = [];
  window.vscode.person.pick = (items) => {
    offered.push(items.map(({ label }) => label));
    const wish = wanted.shift();
    return items.find(({ label }) => label === wish);
  };
  window.vscode.person.type = ({ title = '' }) => {
    asked.push(title);
    return texts[Object.keys(texts).find((part) => title.includes(part)) ?? ''];
  };
  return { offered, asked };
}

const refused: Failure = {
  kind: 'model-unavailable',
  model: 'x',
  status: 401,
  retryable: false,
  message: 'The key was refused.',
  remedy: 'Check it.',
};

const ollama: FoundModels = {
  kind: 'server',
  name: 'Ollama at http://127.0.0.1:11434',
  provider: 'ollama',
  models: ['ollama/qwen3:8b'],
  baseUrl: 'http://127.0.0.1:11434/v1',
  place: 'http://127.0.0.1:11434',
};
const claude: FoundModels = {
  kind: 'agent',
  name: 'Claude Code',
  provider: 'acp',
  models: ['acp/claude'],
  place: '/usr/bin/claude',
};
const key: FoundModels = {
  kind: 'key',
  name: 'Anthropic',
  provider: 'anthropic',
  models: [],
  place: 'ANTHROPIC_API_KEY',
};

describe('enterprise.configureModel', () => {
  it('tries the model with a real call, then keeps model, address and key, the key in the secret storage only', async () => {
    const window = openWindow();
    window.modelAnswer = () => ok('ready');
    window.modelList = (apiKey) => (apiKey === 's3cret' ? ok(['coder', 'talker']) : fail(refused));
    const texts = { address: 'https://models.test/v1', key: 's3cret' };
    const { offered } = answer(window, ['OpenAI-compatible', 'coder'], texts);
    assert.equal(await window.vscode.run('enterprise.configureModel'), 'openai-compatible/coder');
    assert.deepEqual(offered[1], ['coder', 'talker', 'Another name…']);
    assert.deepEqual(window.tried, [
      { model: 'openai-compatible/coder', baseUrl: 'https://models.test/v1', apiKey: 's3cret' },
    ]);
    assert.equal(window.vscode.settings.get('enterprise.model'), 'openai-compatible/coder');
    assert.equal(window.vscode.settings.get('enterprise.baseUrl'), 'https://models.test/v1');
    assert.ok(!JSON.stringify([...window.vscode.settings]).includes('s3cret'));
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

  it('offers what is there already, which needs no further question', async () => {
    const window = openWindow();
    window.found = [ollama, claude];
    window.vscode.languageModels.push({ id: 'gpt-5', name: 'GPT-5', vendor: 'copilot', family: 'gpt-5' });
    window.modelAnswer = () => ok('ready');
    const cases: [string, string, string | undefined][] = [
      ['GPT-5', 'vscode/gpt-5', undefined],
      ['qwen3:8b', 'ollama/qwen3:8b', 'http://127.0.0.1:11434/v1'],
      ['Claude Code', 'acp/claude', undefined],
    ];
    for (const [label, model, baseUrl] of cases) {
      const { offered, asked } = answer(window, label);
      assert.equal(await window.vscode.run('enterprise.configureModel'), model);
      assert.deepEqual(offered[0]?.slice(0, 4), ['Found here', 'GPT-5', 'qwen3:8b', 'Claude Code']);
      assert.deepEqual(asked, []);
      assert.equal(window.vscode.settings.get('enterprise.baseUrl'), baseUrl);
      assert.equal(window.tried.at(-1)?.model, model);
    }
  });

  it('asks for no key where the environment has one, nor where a service lists its models without', async () => {
    const window = openWindow();
    window.found = [key];
    window.modelAnswer = () => ok('ready');
    window.modelList = () => ok(['some-model']);
    assert.deepEqual(answer(window, ['Anthropic', 'some-model']).asked, []);
    assert.equal(await window.vscode.run('enterprise.configureModel'), 'anthropic/some-model');
    const { asked } = answer(window, ['OpenAI-compatible', 'some-model'], {
      address: 'http://127.0.0.1:8080',
    });
    assert.equal(await window.vscode.run('enterprise.configureModel'), 'openai-compatible/some-model');
    assert.deepEqual(asked, ['Configure Model: address']);
  });

  it('uses the key that is stored, and asks for another one when it is refused', async () => {
    const window = openWindow();
    await window.vscode.extension.secrets.store('enterprise.apiKey:openai', 'old');
    window.modelList = () => ok(['gpt']);
    window.modelAnswer = (apiKey) => (apiKey === 'new' ? ok('ready') : fail(refused));
    window.vscode.person.button = ({ buttons }) => buttons.find((label) => label === 'Enter Another Key');
    answer(window, ['OpenAI', 'gpt'], { key: 'new' });
    assert.equal(await window.vscode.run('enterprise.configureModel'), 'openai/gpt');
    assert.deepEqual(
      window.tried.map(({ apiKey }) => apiKey),
      ['old', 'new'],
    );
    assert.equal(await window.vscode.extension.secrets.get('enterprise.apiKey:openai'), 'new');
  });

  it('takes a name the service does not list', async () => {
    const window = openWindow();
    window.modelAnswer = () => ok('ready');
    window.modelList = () => ok(['a']);
    answer(window, ['Anthropic', 'Another name…'], { key: 'k', 'which model': 'b' });
    assert.equal(await window.vscode.run('enterprise.configureModel'), 'anthropic/b');
  });

  it('keeps nothing when the model does not answer, unless the person insists', async () => {
    const window = openWindow();
    window.modelAnswer = () => fail(refused);
    answer(window, 'Anthropic', { 'which model': 'claude', key: 'wrong' });
    assert.equal(await window.vscode.run('enterprise.configureModel'), undefined);
    assert.match(window.vscode.shown[0]?.text ?? '', /did not answer\. The key was refused\. Check it\./);
    assert.equal(window.vscode.settings.size, 0);
    assert.deepEqual(window.vscode.extension.secrets.keys(), []);
    window.vscode.person.button = () => 'Save Anyway';
    answer(window, 'Anthropic', { 'which model': 'claude', key: 'wrong' });
    assert.equal(await window.vscode.run('enterprise.configureModel'), 'anthropic/claude');
  });

  it('tries again when the person says so', async () => {
    const window = openWindow();
    const answers = [fail(refused), fail(refused), ok('ready')];
    window.modelAnswer = () => answers.shift() ?? assert.fail();
    window.vscode.person.button = ({ buttons }) => buttons.find((label) => label === 'Try Again');
    answer(window, 'Anthropic', { 'which model': 'claude', key: 'k' });
    assert.equal(await window.vscode.run('enterprise.configureModel'), 'anthropic/claude');
    assert.equal(window.tried.length, 3);
  });

  it('offers to run without a model, which needs no call', async () => {
    const window = openWindow();
    answer(window, 'No model');
    assert.equal(await window.vscode.run('enterprise.configureModel'), 'offline');
    assert.deepEqual(window.tried, []);
  });

  it('needs no key for a model on this machine', async () => {
    const window = openWindow();
    window.modelAnswer = () => ok('ready');
    answer(window, 'Ollama', { address: 'http://127.0.0.1:11434', 'which model': 'qwen' });
    assert.equal(await window.vscode.run('enterprise.configureModel'), 'ollama/qwen');
    assert.deepEqual(window.tried, [{ model: 'ollama/qwen', baseUrl: 'http://127.0.0.1:11434' }]);
  });

  it('makes the next run use it, also where an engine is open already', async () => {
    const window = openWindow();
    await window.vscode.run('enterprise.doctor');
    window.modelAnswer = () => ok('ready');
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
    const [first, second] = window.opened.map(({ options }) => options.paces);
    assert.notEqual(second, first, 'what was refused with the old key is forgotten');
  });

  it('lets the engines of all folders share what is known of a service', async () => {
    const window = openWindow(new FakeVsCode('/repo/shop', '/repo/bank'));
    for (const workspace of ['/repo/shop', '/repo/bank'])
      await window.vscode.run('enterprise.runTask', { task: 'Tidy up', workspace });
    const paces = window.opened.map(({ options }) => options.paces);
    assert.equal(paces.length, 2);
    assert.ok(paces[0]);
    assert.equal(paces[1], paces[0]);
  });
});
