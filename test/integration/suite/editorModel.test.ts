import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { EnterpriseApi } from '../../../src/editor/publicApi';
import { languageModels } from '../../../src/editor/languageModels';
import { eventually } from '../../support/eventually';

interface Asked {
  readonly messages: readonly vscode.LanguageModelChatRequestMessage[];
  readonly tools: readonly string[];
}

interface Answer {
  readonly text?: string;
  readonly calls?: readonly { name: string; input: object }[];
}

/** What test/fixtures/fake-model-extension exports. */
interface FakeModel {
  requests: Asked[];
  cancelled: number;
  answer: (asked: Asked, token: vscode.CancellationToken) => Answer | Promise<Answer>;
}

const prompt = 'Write down in NOTES.md that prices are in cents.';
const plan = {
  rationale: 'One file says it.',
  tasks: [
    {
      id: 'note',
      title: 'Note the unit of prices',
      agent: 'implementer',
      prompt,
      scope: ['NOTES.md'],
      acceptance: ['NOTES.md says that prices are in cents'],
      gates: ['types'],
    },
  ],
};

/** The provider `vscode/…` against a model that another extension registered in this real editor. */
describe('a model of the editor', () => {
  let api: EnterpriseApi;
  let fake: FakeModel;
  let root: string;

  before(async () => {
    api = await exportsOf<EnterpriseApi>('enterprise-execution.enterprise-execution-engine');
    fake = await exportsOf<FakeModel>('enterprise-tests.fake-model');
    root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail('no folder is open');
    await eventually(async () => (await vscode.lm.selectChatModels({})).length > 0 || undefined);
  });

  beforeEach(() => {
    fake.requests.length = 0;
    fake.cancelled = 0;
  });

  it('is listed with its id', async () => {
    const listed = await languageModels(vscode).list();
    assert.deepEqual(
      listed.filter(({ vendor }) => vendor === 'fake'),
      [{ id: 'vscode/fake-model', name: 'Fake Model', vendor: 'fake' }],
    );
  });

  it('plans and does a whole run, from the task to the delivered file', async () => {
    fake.answer = scripted;
    const { runId } = await vscode.commands.executeCommand<{ runId: string }>('enterprise.runTask', {
      task: 'Note in which unit prices are',
      model: 'vscode/fake-model',
      approvePlan: true,
      deliver: 'auto',
    });
    const ended = await api.waitForRun(runId);
    assert.equal(ended.state.name, 'delivered', JSON.stringify(ended.failures));
    assert.equal(readFileSync(join(root, 'NOTES.md'), 'utf8'), 'Prices are in cents.\n');
    const [first] = fake.requests.filter(({ tools }) => tools.includes('write'));
    assert.ok(first);
    assert.ok(
      first.messages.slice(0, 2).every(({ role }) => role === vscode.LanguageModelChatMessageRole.User),
      'the text of the system stands first, as the user’s',
    );
    assert.ok(first.messages.map(textOf).join('\n').includes(prompt), 'the prompt arrives word for word');
    const { usage } = ended;
    assert.ok(usage.inputTokens > 0 && usage.modelCalls >= 3);
    assert.equal(usage.costUsd, null, 'the editor says no price');
    await vscode.commands.executeCommand('enterprise.undoRun', runId);
  });

  it('is told when its call is cancelled, and the caller does not wait for it', async () => {
    const stopping = new AbortController();
    fake.answer = () => {
      setImmediate(() => stopping.abort());
      return new Promise(() => undefined);
    };
    const answered = await call('vscode/fake-model', stopping.signal);
    assert.ok(!answered.ok);
    assert.equal(answered.failure.kind, 'cancelled');
    await eventually(() => fake.cancelled === 1 || undefined);
  });

  it('fails by name when it reports an error, and when there is no such model', async () => {
    fake.answer = () => Promise.reject(new Error('Too many requests, try later'));
    const limited = await call('vscode/fake-model');
    assert.ok(!limited.ok && limited.failure.kind === 'model-unavailable');
    assert.deepEqual([limited.failure.status, limited.failure.retryable], [429, true]);
    const missing = await call('vscode/nothing');
    assert.ok(!missing.ok);
    assert.match(missing.failure.message, /the editor offers .*vscode\/fake-model/);
  });

  function call(model: string, signal = new AbortController().signal) {
    const request = { model, system: 'S', messages: [{ role: 'user' as const, text: 'T' }], tools: [] };
    return languageModels(vscode).complete(request, signal);
  }
});

function scripted({ messages, tools }: Asked): Answer {
  if (tools.includes('submit_plan')) return { calls: [{ name: 'submit_plan', input: plan }] };
  const isWritten = messages.some(({ content }) =>
    content.some((part) => part instanceof vscode.LanguageModelToolResultPart),
  );
  return isWritten
    ? { calls: [{ name: 'finish', input: { summary: 'NOTES.md says it.' } }] }
    : {
        text: 'I write it down.',
        calls: [{ name: 'write', input: { path: 'NOTES.md', content: 'Prices are in cents.\n' } }],
      };
}

function textOf({ content }: vscode.LanguageModelChatRequestMessage): string {
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}

async function exportsOf<T>(id: string): Promise<T> {
  const extension = vscode.extensions.getExtension<T>(id);
  assert.ok(extension, `${id} is not there`);
  return extension.activate();
}
