import { createModelProvider } from '../../src/adapters/models/modelProvider';
import { startAnthropicServer } from '../support/anthropicServer';
import { startGoogleServer } from '../support/googleServer';
import type { ModelScript } from '../support/modelScript';
import { startOpenAiServer } from '../support/openaiServer';
import { scriptedProvider } from '../support/scriptedProvider';
import type { ScriptedServer } from '../support/scriptedServer';
import { modelProviderContract } from './modelProvider.contract';

function overServer(start: (script: ModelScript) => Promise<ScriptedServer>, model: string) {
  return async (script: ModelScript, stallTimeoutMs: number) => {
    const server = await start(script);
    const provider = createModelProvider({
      baseUrl: server.baseUrl,
      apiKey: 'sk-test-key',
      environment: {},
      stallTimeoutMs,
    });
    return { provider, model, requests: server.requests, close: () => server.close() };
  };
}

modelProviderContract('OpenAI-compatible service', overServer(startOpenAiServer, 'openai-compatible/any'));
modelProviderContract('OpenAI responses', overServer(startOpenAiServer, 'openai/gpt-6.1-sol'));
modelProviderContract('Ollama', overServer(startOpenAiServer, 'ollama/any'));
modelProviderContract('Anthropic', overServer(startAnthropicServer, 'anthropic/claude-sonnet-5-5'));
modelProviderContract('Google', overServer(startGoogleServer, 'google/gemini-2.5-pro'));
modelProviderContract('scripted provider (fake)', async (script, stallTimeoutMs) => {
  const provider = scriptedProvider(script, stallTimeoutMs);
  return { provider, model: 'fake/model', requests: provider.requests, close: async () => {} };
});
