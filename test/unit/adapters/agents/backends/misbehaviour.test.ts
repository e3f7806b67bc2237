import assert from 'node:assert/strict';
import type { ToolOutcome } from '../../../../../src/core/ports';
import { fakeToolbox } from '../../../../support/fakeToolbox';
import { inOrder, type Scripted } from '../../../../support/modelScript';
import { failureOf, look, play } from '../../../../support/playAttempt';

describe('a model that misbehaves', () => {
  const garbage: Scripted = { toolCalls: [{ name: 'look', rawArguments: '{"at": ' }] };
  const unknown: Scripted = { toolCalls: [{ name: 'fly', input: {} }] };
  const missing: Scripted = { toolCalls: [{ name: 'finish', input: {} }] };

  it('is told what was wrong with its call, and nothing is done', async () => {
    const played = await play(inOrder(garbage, unknown, missing, { text: 'Done.' }));
    assert(played.result.ok);
    assert.match(
      played.provider.requests[1]!.toolOutputs[0]!,
      /not a JSON object: "\{\\"at\\": "\. Nothing was done/,
    );
    assert.match(played.provider.requests[2]!.toolOutputs[0]!, /no tool "fly"\. There are: look, finish/);
    assert.match(played.provider.requests[3]!.toolOutputs[0]!, /finish needs summary/);
    assert.deepEqual(played.box.calls, []);
  });

  it('is given up after the third correction in a row', async () => {
    const played = await play(({ index }) => ({ toolCalls: [{ name: 'look', rawArguments: `{${index}` }] }));
    assert.equal(failureOf(played).kind, 'model-misbehaved');
    assert.equal(played.provider.requests.length, 4);
  });

  it('has its corrections counted anew after a good call', async () => {
    const played = await play(
      inOrder(garbage, unknown, garbage, look(1), garbage, unknown, garbage, { text: 'Done.' }),
    );
    assert(played.result.ok);
  });

  it('is warned at the third same call with the same result, and stopped at the fifth', async () => {
    const played = await play(() => look('again'));
    const failure = failureOf(played);
    assert.equal(failure.kind, 'agent-stuck');
    assert.equal(played.box.calls.length, 5);
    assert.doesNotMatch(played.provider.requests[2]!.toolOutputs[0]!, /The engine/);
    assert.match(
      played.provider.requests[3]!.toolOutputs[0]!,
      /^seen again\n\n\[The engine: this is the 3rd time/,
    );
    assert.equal(played.box.closed, 1);
  });

  it('is stopped as well when it alternates between calls', async () => {
    const played = await play(({ index }) => look(index % 2));
    assert.equal(failureOf(played).kind, 'agent-stuck');
    assert.equal(played.box.calls.length, 9);
  });

  it('is not stuck when results differ, or when it changed something in between', async () => {
    let changes = 0;
    const box = fakeToolbox({
      look: () => ({ ok: true, output: 'same' }),
      edit: (): ToolOutcome => ({ ok: true, output: `edited ${++changes}` }),
    });
    const played = await play(
      ({ index }) =>
        index === 14 ? { text: 'Done.' } : index % 2 ? { toolCalls: [{ name: 'edit', input: {} }] } : look(1),
      { box },
    );
    assert(played.result.ok, JSON.stringify(played.result));
  });

  it('is stopped by the limit on steps when it never repeats itself', async () => {
    const played = await play(({ index }) => look(index));
    const failure = failureOf(played);
    assert(failure.kind === 'budget-exceeded');
    assert.equal(failure.limit, '200 steps');
    assert.equal(played.provider.requests.length, 200);
  });
});
