import assert from 'node:assert/strict';
import {
  knownWindowOf,
  modelProblem,
  modelsFor,
  type ModelAccess,
} from '../../../../src/adapters/models/modelAccess';
import { startAnthropicServer } from '../../../support/anthropicServer';
import { startOpenAiServer } from '../../../support/openaiServer';
import { scriptedProvider } from '../../../support/scriptedProvider';
import type { ScriptedServer } from '../../../support/scriptedServer';

/** Which address and which key a model is called with. */
describe('access to models', () => {
  const variables = ['ENTERPRISE_API_KEY', 'ENTERPRISE_BASE_URL', 'ANTHROPIC_API_KEY', 'OPENAI_API_KEY'];
  const before = new Map(variables.map((name) => [name, process.env[name]]));
  const servers: ScriptedServer[] = [];

  beforeEach(() => {
    for (const name of variables) Reflect.deleteProperty(process.env, name);
  });
  afterEach(async () => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    for (const server of servers.splice(0)) await server.close();
  });

  async function anthropic(): Promise<ScriptedServer> {
    const server = await startAnthropicServer(() => ({ text: 'ok' }));
    servers.push(server);
    return server;
  }

  function access(settings: Partial<ModelAccess>): ModelAccess {
    return { configuredModel: 'offline', tiers: {}, fallbacks: [], ...settings };
  }

  async function call(runModel: string, model: string, settings: Partial<ModelAccess>) {
    const request = { model, system: '', messages: [{ role: 'user' as const, text: 'T' }], tools: [] };
    return modelsFor(runModel, access(settings)).complete(request, new AbortController().signal);
  }

  it('is with the key stored for the provider of the very model, whatever the run’s is', async () => {
    const server = await anthropic();
    process.env['ENTERPRISE_API_KEY'] = 'for-the-run';
    const settings = {
      configuredModel: 'anthropic/configured',
      baseUrl: server.baseUrl,
      apiKey: (provider: string) => Promise.resolve(`stored-for-${provider}`),
    };
    assert((await call('openai/of-the-run', 'anthropic/of-the-agent', settings)).ok);
    assert.equal(server.requests[0]!.headers['x-api-key'], 'stored-for-anthropic');
  });

  it('gives the engine’s own variables to the provider of the run’s model only', async () => {
    const server = await anthropic();
    Object.assign(process.env, {
      ENTERPRISE_API_KEY: 'for-the-run',
      ENTERPRISE_BASE_URL: 'http://127.0.0.1:9',
    });
    const settings = { configuredModel: 'anthropic/configured', baseUrl: server.baseUrl };
    const answered = await call('openai/of-the-run', 'anthropic/of-the-agent', settings);
    assert(!answered.ok && /no API key for anthropic/.test(answered.failure.message));
    process.env['ANTHROPIC_API_KEY'] = 'its-own';
    assert((await call('openai/of-the-run', 'anthropic/of-the-agent', settings)).ok);
    assert.equal(server.requests[0]!.headers['x-api-key'], 'its-own');
  });

  it('sends nothing of another provider to the configured address', async () => {
    const server = await startOpenAiServer(() => ({ text: 'no' }));
    servers.push(server);
    const settings = { configuredModel: 'openai/configured', baseUrl: server.baseUrl };
    const answered = await call('openai/configured', 'openai-compatible/other', settings);
    assert(!answered.ok && answered.failure.kind === 'usage');
    assert.equal(server.requests.length, 0);
  });

  it('goes to the provider an entry brings, which tells its windows too', async () => {
    const own = { ...scriptedProvider(() => ({ text: 'mine' })), windowOf: () => 50_000 };
    const settings = { providers: { vscode: own } };
    const answered = await call('offline', 'vscode/any', settings);
    assert(answered.ok && answered.value.text === 'mine');
    assert.equal(await modelProblem('vscode/any', access(settings)), undefined);
    assert.equal(knownWindowOf('vscode/any', access(settings)), 50_000);
    assert.equal(knownWindowOf('anthropic/claude-opus-5-5', access(settings)), 1_000_000);
  });

  it('says that the editor’s models are in the editor only', async () => {
    const problem = await modelProblem('vscode/any', access({}));
    assert.match(problem?.message ?? '', /vscode\/any is a model of the editor/);
  });
});
