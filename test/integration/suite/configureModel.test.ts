import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { eventually } from '../../support/eventually';

const apiKey = 'sk-integration+secret/1';

/** The command, driven as a person would, against model servers of this test and the editor's own storage. */
describe('enterprise.configureModel in the editor', () => {
  const servers: Server[] = [];
  const { showQuickPick, showInputBox, showErrorMessage } = vscode.window;
  const before = { model: setting('model'), baseUrl: setting('baseUrl'), ollama: process.env['OLLAMA_HOST'] };
  let errors: string[] = [];

  beforeEach(() => {
    errors = [];
    stub('showErrorMessage', (text: string) => {
      errors.push(text);
      return Promise.resolve(undefined);
    });
  });

  afterEach(async () => {
    Object.assign(vscode.window, { showQuickPick, showInputBox, showErrorMessage });
    restore('OLLAMA_HOST', before.ollama);
    await set('model', before.model);
    await set('baseUrl', before.baseUrl);
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('finds a model of the editor, asks it, and saves it for all folders', async () => {
    const fake = vscode.extensions.getExtension<{ answer: unknown }>('enterprise-tests.fake-model');
    const control = (await fake?.activate()) ?? assert.fail('no model');
    control.answer = () => ({ text: 'ready' });
    await eventually(async () => (await vscode.lm.selectChatModels({})).length > 0 || undefined);
    pick('Fake Model');
    assert.equal(await configure(), 'vscode/fake-model');
    assert.equal(inspect('model'), 'vscode/fake-model');
    assert.deepEqual(errors, []);
  });

  it('finds a running Ollama with its models', async () => {
    const origin = await serve(() => true);
    process.env['OLLAMA_HOST'] = origin;
    pick('tiny:1b');
    assert.equal(await configure(), 'ollama/tiny:1b');
    assert.equal(inspect('baseUrl'), `${origin}/v1`);
  });

  it('asks for a key only when the service does, and writes it into no file in plain', async () => {
    const origin = await serve((request) => request.headers.authorization === `Bearer ${apiKey}`);
    pick('OpenAI-compatible', 'tiny:1b');
    const { asked } = type({ address: origin, key: apiKey });
    assert.equal(await configure(), 'openai-compatible/tiny:1b');
    assert.deepEqual(
      asked.map(({ title, password }) => [title, password === true]),
      [
        ['Configure Model: address', false],
        ['Configure Model: API key of OpenAI-compatible', true],
      ],
    );
    assert.deepEqual(filesWith(apiKey), []);
    pick('OpenAI-compatible', 'tiny:1b');
    const again = type({ address: origin });
    assert.equal(await configure(), 'openai-compatible/tiny:1b');
    assert.equal(again.asked.length, 1, 'the key is known by now');
  });

  it('says what is wrong and saves nothing when the model does not answer', async () => {
    const gone = await serve(() => true);
    for (const server of servers.splice(0)) server.close();
    pick('OpenAI-compatible');
    type({ address: gone, 'which model': 'any' });
    assert.equal(await configure(), undefined);
    assert.match(errors.join(), /openai-compatible\/any did not answer.*127\.0\.0\.1/s);
    assert.equal(inspect('model'), before.model === 'offline' ? undefined : before.model);
  });

  function configure(): Thenable<string | undefined> {
    return vscode.commands.executeCommand('enterprise.configureModel');
  }

  function pick(...labels: string[]): void {
    stub('showQuickPick', (items: { label: string }[]) => {
      const wanted = labels.shift();
      const found = items.find(({ label }) => label === wanted);
      assert.ok(found, `${wanted} is not offered: ${items.map(({ label }) => label).join(', ')}`);
      return Promise.resolve(found);
    });
  }

  function type(texts: Record<string, string>): { asked: vscode.InputBoxOptions[] } {
    const asked: vscode.InputBoxOptions[] = [];
    stub('showInputBox', (options: vscode.InputBoxOptions) => {
      asked.push(options);
      const part = Object.keys(texts).find((title) => options.title?.includes(title));
      return Promise.resolve(part === undefined ? undefined : texts[part]);
    });
    return { asked };
  }

  /** A model server that lists one model and says one word, to those it lets in. Resolves with its origin. */
  async function serve(letsIn: (request: IncomingMessage) => boolean): Promise<string> {
    const server = createServer((request, response) => {
      request.resume();
      if (letsIn(request)) answer(request, response);
      else
        response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"no key"}}');
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data: [{ id: 'tiny:1b' }] }));
    return;
  }
  const chunk = (delta: object, finish_reason: string | null) =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'tiny:1b', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(`${chunk({ role: 'assistant', content: 'ready' }, null)}${chunk({}, 'stop')}data: [DONE]\n\n`);
}

function stub(name: 'showQuickPick' | 'showInputBox' | 'showErrorMessage', replacement: unknown): void {
  Object.assign(vscode.window, { [name]: replacement });
}

function setting(key: string): string | undefined {
  return vscode.workspace.getConfiguration('enterprise').get(key);
}

/** What the person's own settings say. */
function inspect(key: string): unknown {
  return vscode.workspace.getConfiguration('enterprise').inspect(key)?.globalValue;
}

async function set(key: string, value: string | undefined): Promise<void> {
  const kept = value === '' || value === 'offline' ? undefined : value;
  await vscode.workspace.getConfiguration('enterprise').update(key, kept, vscode.ConfigurationTarget.Global);
}

function restore(variable: string, value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, variable);
  else process.env[variable] = value;
}

/** Files of the workspace and of the engine's state that hold a text. */
function filesWith(text: string): string[] {
  const folders = [vscode.workspace.workspaceFolders?.[0]?.uri.fsPath, process.env['ENTERPRISE_HOME']];
  return folders
    .flatMap((folder) => (folder === undefined ? [] : filesOf(folder)))
    .filter((file) => {
      const isSmall = statSync(file).size < 50_000_000;
      return isSmall && readFileSync(file, 'latin1').includes(text);
    });
}

function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesOf(path);
    return entry.isFile() ? [path] : [];
  });
}
