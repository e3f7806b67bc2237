import assert from 'node:assert/strict';
import { resolveService, type ModelSettings } from '../../../../src/adapters/models/modelService';

function resolved(model: string, settings: Partial<ModelSettings> = {}) {
  const result = resolveService(model, { environment: {}, ...settings });
  assert(result.ok, JSON.stringify(result));
  return result.value;
}

function refused(model: string, settings: Partial<ModelSettings> = {}) {
  const result = resolveService(model, { environment: {}, ...settings });
  assert(!result.ok, 'should be refused');
  return result.failure;
}

describe('resolveService', () => {
  it('keeps slashes in the model’s name', () => {
    const service = resolved('openai-compatible/meta/llama', { baseUrl: 'http://127.0.0.1:1/v1/' });
    assert.deepEqual([service.modelName, service.baseUrl], ['meta/llama', 'http://127.0.0.1:1/v1']);
  });

  it('takes settings before ENTERPRISE_ variables, and those before the provider’s usual ones', () => {
    const environment = { ENTERPRISE_API_KEY: 'b', ANTHROPIC_API_KEY: 'c' };
    assert.equal(resolved('anthropic/x', { apiKey: 'a', environment }).apiKey, 'a');
    assert.equal(resolved('anthropic/x', { environment }).apiKey, 'b');
    assert.equal(resolved('anthropic/x', { environment: { ANTHROPIC_API_KEY: 'c' } }).apiKey, 'c');
    assert.equal(resolved('google/x', { environment: { GEMINI_API_KEY: 'g' } }).apiKey, 'g');
  });

  it('never hands the key and address of the chosen provider to another one', () => {
    const settings = {
      model: 'openai-compatible/x',
      apiKey: 'secret',
      baseUrl: 'http://127.0.0.1:1/v1',
      environment: { OPENAI_API_KEY: 'o' },
    };
    const service = resolved('openai/gpt', settings);
    assert.deepEqual([service.apiKey, service.baseUrl], ['o', undefined]);
  });

  it('names the variables when a key is missing', () => {
    const failure = refused('anthropic/x');
    assert(failure.kind === 'model-unavailable');
    assert.equal(failure.retryable, false);
    assert.match(failure.remedy ?? '', /ANTHROPIC_API_KEY/);
  });

  it('asks for the address of an openai-compatible service, and needs no key there', () => {
    assert.match(refused('openai-compatible/x').remedy ?? '', /ENTERPRISE_BASE_URL/);
    assert.equal(resolved('openai-compatible/x', { baseUrl: 'http://127.0.0.1:1/v1' }).apiKey, undefined);
  });

  it('refuses an address that is none', () => {
    assert.equal(refused('openai-compatible/x', { baseUrl: 'file:///etc/passwd' }).kind, 'usage');
    assert.equal(refused('openai-compatible/x', { baseUrl: 'localhost' }).kind, 'usage');
  });

  it('refuses an address with a query or a password, and does not repeat the password', () => {
    const failure = refused('openai-compatible/x', { baseUrl: 'http://me:hidden@127.0.0.1:1/v1' });
    assert.equal(failure.kind, 'usage');
    assert.doesNotMatch(JSON.stringify(failure), /hidden/);
    assert.equal(refused('openai-compatible/x', { baseUrl: 'http://127.0.0.1:1/v1?a=b' }).kind, 'usage');
  });

  it('adds the version to a bare origin where a service always has one', () => {
    assert.equal(
      resolved('anthropic/x', { apiKey: 'k', baseUrl: 'http://127.0.0.1:1' }).baseUrl,
      'http://127.0.0.1:1/v1',
    );
    assert.equal(
      resolved('anthropic/x', { apiKey: 'k', baseUrl: 'https://proxy/anthropic' }).baseUrl,
      'https://proxy/anthropic',
    );
  });

  it('finds Ollama where it listens', () => {
    const at = (host?: string) => resolved('ollama/qwen', { environment: { OLLAMA_HOST: host } }).baseUrl;
    assert.equal(at(), 'http://127.0.0.1:11434/v1');
    assert.equal(at('0.0.0.0'), 'http://127.0.0.1:11434/v1');
    assert.equal(at('box:1234'), 'http://box:1234/v1');
    assert.equal(at('https://box.example/ollama/v1'), 'https://box.example/ollama/v1');
  });

  for (const model of ['vscode/copilot', 'acp/claude', 'offline', 'gpt-5', 'nowhere/x', 'anthropic/', '/x']) {
    it(`says what works instead of "${model}"`, () => {
      const failure = refused(model, { apiKey: 'k' });
      assert.equal(failure.kind, 'usage');
      assert.match(failure.remedy ?? '', /<model>/);
    });
  }
});
