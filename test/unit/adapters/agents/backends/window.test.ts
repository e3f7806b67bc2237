import assert from 'node:assert/strict';
import { elidedThrough, fitted } from '../../../../../src/adapters/agents/backends/window';
import type { ModelMessage } from '../../../../../src/core/ports';

const briefing: ModelMessage = { role: 'user', text: 'B'.repeat(1000) };
const said: ModelMessage = { role: 'assistant', text: 'said', toolCalls: [] };
const output = (chars: number): ModelMessage => ({
  role: 'tool',
  results: [{ id: 'a', name: 'read', output: 'x'.repeat(chars), ok: true }],
});

describe('the window of a conversation', () => {
  it('leaves a conversation that fits as it is', () => {
    const messages = [briefing, said, output(1000)];
    assert.equal(elidedThrough(messages, 0, 1000), 0);
    assert.deepEqual(fitted(messages, 0), messages);
  });

  it('elides the oldest outputs until there is room again, and never the briefing or the latest', () => {
    const messages = [briefing, ...Array.from({ length: 10 }, () => [said, output(1000)]).flat()];
    const boundary = elidedThrough(messages, 0, 2500);
    const sent = fitted(messages, boundary);
    assert.deepEqual(sent[0], briefing);
    assert.deepEqual(sent.at(-1), messages.at(-1));
    const first = sent[2]!;
    assert(first.role === 'tool');
    assert.match(first.results[0]!.output, /^\[1000 characters were left out/);
    assert(JSON.stringify(sent).length < 2500 * 4 * 0.75);
  });

  it('stays where it is until the room is used up again', () => {
    const messages = [briefing, ...Array.from({ length: 10 }, () => [said, output(1000)]).flat()];
    const boundary = elidedThrough(messages, 0, 2500);
    assert.equal(elidedThrough([...messages, said, output(1000)], boundary, 2500), boundary);
  });

  it('has nothing to elide in a briefing that is too large by itself', () => {
    assert.equal(elidedThrough([{ role: 'user', text: 'B'.repeat(10_000) }], 0, 1000), 0);
  });
});
