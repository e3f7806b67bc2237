import assert from 'node:assert/strict';
import type { ModelMessage, ModelRequest } from '../../../src/core/ports';
import { languageModels } from '../../../src/editor/languageModels';
import type { VsCode } from '../../../src/editor/vscodeApi';

class Text {
  constructor(readonly value: string) {}
}
class Call {
  constructor(
    readonly callId: string,
    readonly name: string,
    readonly input: object,
  ) {}
}
class Outcome {
  constructor(
    readonly callId: string,
    readonly content: Text[],
  ) {}
}
type Part = Text | Call | Outcome;
interface Message {
  readonly role: string;
  readonly content: readonly Part[];
}

const message = (role: string) => (content: string | Part[]) => ({
  role,
  content: typeof content === 'string' ? [new Text(content)] : content,
});

interface Token {
  isCancelled: boolean;
}
type Answer = (messages: readonly Message[], token: Token) => AsyncIterable<unknown> | Promise<never>;

/** The part of the editor's API that has language models; one model, which answers as told. */
function editor(answer: Answer, models = [{ id: 'm', vendor: 'v', family: 'f' }]) {
  const sent: Message[][] = [];
  class CancellationTokenSource {
    readonly token: Token = { isCancelled: false };
    cancel(): void {
      this.token.isCancelled = true;
    }
    dispose(): void {
      // Nothing is held.
    }
  }
  const chats = models.map((model) => ({
    ...model,
    name: model.id,
    version: '1',
    maxInputTokens: 9000,
    sendRequest: async (messages: Message[], _options: unknown, token: Token) => {
      sent.push(messages);
      return Promise.resolve({ stream: await answer(messages, token) });
    },
  }));
  const api = {
    lm: { selectChatModels: () => Promise.resolve(chats) },
    LanguageModelChatMessage: { User: message('user'), Assistant: message('assistant') },
    LanguageModelTextPart: Text,
    LanguageModelToolCallPart: Call,
    LanguageModelToolResultPart: Outcome,
    CancellationTokenSource,
  };
  return { api: api as unknown as VsCode, sent };
}

async function* parts(...all: unknown[]): AsyncIterable<unknown> {
  for (const part of all) yield await Promise.resolve(part);
}

function request(messages: ModelMessage[], model = 'vscode/m'): ModelRequest {
  return { model, system: 'You are careful.', messages, tools: [] };
}
const user: ModelMessage = { role: 'user', text: 'Task' };
const open = () => new AbortController().signal;

describe('the models of the editor', () => {
  it('answer with text and calls, in pieces too, with an estimate of the tokens and no price', async () => {
    const { api } = editor(() =>
      parts(new Text('Hel'), new Text('lo'), new Call('1', 'read', { path: 'x' }), {}),
    );
    const deltas: string[] = [];
    const models = languageModels(api);
    const answered = await models.complete(request([user]), open(), (delta) => deltas.push(delta));
    assert(answered.ok);
    const { text, toolCalls, usage, finishReason } = answered.value;
    assert.deepEqual([text, deltas, finishReason], ['Hello', ['Hel', 'lo'], 'tool-calls']);
    assert.deepEqual(toolCalls, [{ id: '1', name: 'read', input: { path: 'x' } }]);
    assert.deepEqual([usage.isEstimate, usage.costUsd], [true, null]);
    assert.equal(models.windowOf('vscode/m'), 9000);
  });

  it('get the system’s text as the first message, calls and results as the editor’s parts', async () => {
    const { api, sent } = editor(() => parts(new Text('Done.')));
    await languageModels(api).complete(
      request([
        user,
        { role: 'assistant', text: '', toolCalls: [{ id: '1', name: 'read', input: 'no object' }] },
        { role: 'tool', results: [{ id: '1', name: 'read', output: 'file', ok: true }] },
        { role: 'assistant', text: '', toolCalls: [] },
      ]),
      open(),
    );
    assert.deepEqual(sent[0], [
      { role: 'user', content: [new Text('You are careful.')] },
      { role: 'user', content: [new Text('Task')] },
      { role: 'assistant', content: [new Call('1', 'read', { unparsed: 'no object' })] },
      { role: 'user', content: [new Outcome('1', [new Text('file')])] },
      { role: 'assistant', content: [new Text('(no answer)')] },
    ]);
  });

  it('are found by id, by vendor and id, and by family', async () => {
    const two = [
      { id: 'same', vendor: 'a', family: 'x' },
      { id: 'same', vendor: 'b', family: 'y' },
    ];
    const { api } = editor(() => parts(new Text('ok')), two);
    const models = languageModels(api);
    assert.deepEqual(
      (await models.list()).map(({ id }) => id),
      ['vscode/a/same', 'vscode/b/same'],
    );
    for (const id of ['same', 'b/same', 'y'])
      assert((await models.complete(request([user], `vscode/${id}`), open())).ok, id);
  });

  const errors: [string, Error, { retryable: boolean; status?: number }, RegExp][] = [
    [
      'consent',
      Object.assign(new Error('no'), { code: 'NoPermissions' }),
      { retryable: false },
      /may not use it.*consent/s,
    ],
    ['gone', Object.assign(new Error('x'), { code: 'NotFound' }), { retryable: false }, /no longer has it/],
    ['quota', Object.assign(new Error('x'), { code: 'Blocked' }), { retryable: false }, /quota/],
    [
      'rate',
      new Error('failed', { cause: new Error('Rate limit exceeded') }),
      { retryable: true, status: 429 },
      /Rate limit exceeded/,
    ],
    ['other', new Error('socket closed'), { retryable: true }, /socket closed/],
  ];
  for (const [what, error, facts, expected] of errors) {
    it(`say why they cannot be used: ${what}`, async () => {
      const { api } = editor(() => Promise.reject(error));
      const answered = await languageModels(api).complete(request([user]), open());
      assert(!answered.ok && answered.failure.kind === 'model-unavailable');
      const { retryable, status, message: text, remedy = '' } = answered.failure;
      assert.deepEqual({ retryable, ...(status === undefined ? {} : { status }) }, facts);
      assert.match(`${text} ${remedy}`, expected);
    });
  }

  it('fail, and are stopped, when an answer breaks off in silence', async () => {
    let token: Token | undefined;
    const { api } = editor((_messages, given) => {
      token = given;
      return (async function* () {
        yield new Text('Hel');
        await new Promise(() => undefined);
      })();
    });
    const answered = await languageModels(api, 30).complete(request([user]), open());
    assert(!answered.ok && answered.failure.kind === 'model-unavailable');
    assert.match(answered.failure.message, /sent nothing for 0\.03 s/);
    assert.equal(token?.isCancelled, true);
  });

  it('are not asked when the call is aborted before', async () => {
    const { api, sent } = editor(() => parts());
    const answered = await languageModels(api).complete(request([user]), AbortSignal.abort());
    assert(!answered.ok);
    assert.equal(answered.failure.kind, 'cancelled');
    assert.equal(sent.length, 0);
  });
});
