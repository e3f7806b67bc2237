import assert from 'node:assert/strict';
import type { Failure } from '../../src/core/model/failure';
import type { ModelAnswer, ModelMessage, ModelProvider, ModelRequest } from '../../src/core/ports';
import type { ModelScript, Scripted, ScriptedRequest, StreamFault } from '../support/modelScript';

export interface ProviderUnderTest {
  readonly provider: ModelProvider;
  readonly model: string;
  readonly requests: readonly ScriptedRequest[];
  close(): Promise<void>;
}

/** What every `ModelProvider` promises. `open` gives one that talks to the scripted model. */
export function modelProviderContract(
  name: string,
  open: (script: ModelScript, stallTimeoutMs: number) => Promise<ProviderUnderTest>,
): void {
  describe(`ModelProvider: ${name}`, () => {
    let opened: ProviderUnderTest | undefined;
    afterEach(async () => {
      await opened?.close();
      opened = undefined;
    });

    async function complete(
      scripted: Scripted | ModelScript,
      messages?: ModelMessage[],
      signal = new AbortController().signal,
    ) {
      opened = await open(typeof scripted === 'function' ? scripted : () => scripted, patienceOf(scripted));
      const deltas: string[] = [];
      const result = await opened.provider.complete(request(opened.model, messages), signal, (delta) =>
        deltas.push(delta),
      );
      return { result, deltas, requests: opened.requests };
    }

    async function answerOf(scripted: Scripted): Promise<ModelAnswer> {
      const { result } = await complete(scripted);
      assert(result.ok, JSON.stringify(result));
      return result.value;
    }

    async function failureOf(scripted: Scripted): Promise<Failure> {
      const { result } = await complete(scripted);
      assert(!result.ok, 'the call should have failed');
      return result.failure;
    }

    it('gives the text whole, and piece by piece while it arrives', async () => {
      const { result, deltas } = await complete({
        text: 'Hello, world',
        usage: { input: 12, output: 3, cached: 4 },
      });
      assert(result.ok);
      assert.equal(result.value.text, 'Hello, world');
      assert.equal(deltas.join(''), 'Hello, world');
      const { inputTokens, outputTokens, cachedInputTokens } = result.value.usage;
      assert.deepEqual([inputTokens, outputTokens, cachedInputTokens], [12, 3, 4]);
    });

    it('sends the system prompt, the conversation and the tools', async () => {
      const { requests } = await complete({ text: 'ok' });
      assert.equal(requests[0]!.system, 'You are careful.');
      assert.equal(requests[0]!.prompt, 'Task: greet');
      assert.deepEqual(requests[0]!.tools, ['read']);
    });

    it('gives tool calls in order with their arguments', async () => {
      const answer = await answerOf({
        text: 'Reading.',
        toolCalls: [
          { id: 'a', name: 'read', input: { path: 'x' } },
          { id: 'b', name: 'read', input: {} },
        ],
      });
      assert.deepEqual(answer.toolCalls, [
        { id: 'a', name: 'read', input: { path: 'x' } },
        { id: 'b', name: 'read', input: {} },
      ]);
      assert.equal(answer.finishReason, 'tool-calls');
    });

    it('gives arguments that are no JSON as the text they are', async () => {
      const answer = await answerOf({ toolCalls: [{ id: 'a', name: 'read', rawArguments: '{"path": "x' }] });
      assert.deepEqual(answer.toolCalls, [{ id: 'a', name: 'read', input: '{"path": "x' }]);
    });

    it('carries a whole conversation, also one with garbage in it, back to the model', async () => {
      const script: ModelScript = ({ step }) =>
        step === 0
          ? { text: 'Look.', toolCalls: [{ id: 'a', name: 'read', rawArguments: '{"pa' }] }
          : { text: 'Done.' };
      const first = await complete(script);
      assert(first.result.ok);
      const { text, toolCalls, content } = first.result.value;
      const history: ModelMessage[] = [
        ...request('').messages,
        { role: 'assistant', text, toolCalls, content },
        { role: 'tool', results: [{ id: 'a', name: 'read', output: 'not JSON', ok: false }] },
        { role: 'user', text: 'Go on.' },
      ];
      const second = await opened!.provider.complete(
        request(opened!.model, history),
        new AbortController().signal,
      );
      assert(second.ok, JSON.stringify(second));
      const seen = opened!.requests[1]!;
      assert.equal(seen.messages[1]!.text, 'Look.');
      assert.equal(seen.messages[1]!.toolCalls[0]!.id, 'a');
      assert.deepEqual(seen.toolOutputs, ['not JSON']);
      assert.equal(seen.messages.at(-1)!.text, 'Go on.');
    });

    it('gives an empty answer as an answer without text', async () => {
      const answer = await answerOf({});
      assert.equal(answer.text, '');
      assert.deepEqual(answer.toolCalls, []);
    });

    it('waits for a slow start that is within the stall limit', async () => {
      assert.equal((await answerOf({ text: 'late', startAfterMs: 20 })).text, 'late');
    });

    for (const status of [429, 500, 529]) {
      it(`names a ${status} as worth a retry`, async () => {
        const failure = await failureOf({ status, headers: { 'retry-after': '2' } });
        assert(failure.kind === 'model-unavailable', failure.kind);
        assert.deepEqual([failure.status, failure.retryable, failure.retryAfterMs], [status, true, 2000]);
      });
    }

    it('names a refused key as not worth a retry', async () => {
      const failure = await failureOf({ status: 401 });
      assert(failure.kind === 'model-unavailable');
      assert.deepEqual([failure.status, failure.retryable], [401, false]);
    });

    const faults: [StreamFault, Failure['kind']][] = [
      ['cut', 'model-unavailable'],
      ['ended', 'model-unavailable'],
      ['stall', 'model-unavailable'],
      ['error', 'model-unavailable'],
      ['malformed', 'model-misbehaved'],
    ];
    for (const [fault, kind] of faults) {
      it(`never takes an answer with the fault "${fault}" for a whole one`, async () => {
        const failure = await failureOf({ text: 'Hello, world', fault });
        assert.equal(failure.kind, kind, failure.message);
        if (failure.kind === 'model-unavailable') assert.equal(failure.retryable, true);
      });
    }

    it('never takes tool calls of a cut answer for whole ones', async () => {
      const failure = await failureOf({
        toolCalls: [{ name: 'read', input: { path: 'x' } }],
        fault: 'ended',
      });
      assert.equal(failure.kind, 'model-unavailable');
    });

    it('gives up on a service that never answers', async () => {
      const failure = await failureOf({ silent: true });
      assert(failure.kind === 'model-unavailable');
      assert.equal(failure.retryable, true);
    });

    it('ends promptly with `cancelled` when it is aborted in the middle of an answer', async () => {
      const controller = new AbortController();
      const script: ModelScript = () => {
        setImmediate(() => controller.abort());
        return { text: 'Hello', fault: 'stall' };
      };
      const { result } = await complete(script, undefined, controller.signal);
      assert(!result.ok);
      assert.equal(result.failure.kind, 'cancelled');
    });

    it('calls nobody when it is aborted before it starts', async () => {
      const { result, requests } = await complete({ text: 'no' }, undefined, AbortSignal.abort());
      assert(!result.ok);
      assert.equal(result.failure.kind, 'cancelled');
      assert.equal(requests.length, 0);
    });
  });
}

function request(
  model: string,
  messages: readonly ModelMessage[] = [{ role: 'user', text: 'Task: greet' }],
): ModelRequest {
  const inputSchema = {
    type: 'object',
    properties: { path: { type: 'string' } },
    additionalProperties: false,
  };
  return {
    model,
    system: 'You are careful.',
    messages,
    tools: [{ name: 'read', description: 'Reads a file.', inputSchema }],
  };
}

/** Short where silence is what is tested; elsewhere long enough for a busy machine. */
function patienceOf(scripted: Scripted | ModelScript): number {
  if (typeof scripted === 'function') return 20_000;
  const isSilent = 'silent' in scripted || ('fault' in scripted && scripted.fault === 'stall');
  return isSilent ? 250 : 20_000;
}
