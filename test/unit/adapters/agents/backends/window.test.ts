import assert from 'node:assert/strict';
import {
  elidedThrough,
  fitted,
  sizeOf,
  tokensWhen,
  type Window,
} from '../../../../../src/adapters/agents/backends/window';
import type { ModelMessage } from '../../../../../src/core/ports';

const briefing: ModelMessage = { role: 'user', text: 'B'.repeat(1000) };
const said: ModelMessage = { role: 'assistant', text: 'said', toolCalls: [] };
const output = (chars: number): ModelMessage => ({
  role: 'tool',
  results: [{ id: 'a', name: 'read', output: 'x'.repeat(chars), ok: true }],
});

const measured = (messages: readonly ModelMessage[], elided = 0) => ({
  messages,
  sizes: messages.map(sizeOf),
  elided,
});
const window = (tokens: number): Window => ({ tokens, overheadChars: 0 });
const long = [briefing, ...Array.from({ length: 10 }, () => [said, output(1000)]).flat()];

describe('the window of a conversation', () => {
  it('leaves a conversation that fits as it is', () => {
    const messages = [briefing, said, output(1000)];
    assert.equal(elidedThrough(measured(messages), window(1000)), 0);
    assert.deepEqual(fitted(measured(messages), window(1000)), messages);
  });

  it('elides the oldest outputs until there is room again, and never the briefing or the latest', () => {
    const boundary = elidedThrough(measured(long), window(2500));
    const sent = fitted(measured(long, boundary), window(2500));
    assert.deepEqual(sent[0], briefing);
    assert.deepEqual(sent.at(-1), long.at(-1));
    const first = sent[2]!;
    assert(first.role === 'tool');
    assert.match(first.results[0]!.output, /^\[1000 characters were left out/);
    assert(JSON.stringify(sent).length < 2500 * 4 * 0.75);
  });

  it('stays where it is until the room is used up again', () => {
    const boundary = elidedThrough(measured(long), window(2500));
    assert.equal(elidedThrough(measured([...long, said, output(1000)], boundary), window(2500)), boundary);
  });

  it('has nothing to elide in a briefing that is too large by itself', () => {
    const messages: ModelMessage[] = [{ role: 'user', text: 'B'.repeat(10_000) }];
    assert.equal(elidedThrough(measured(messages), window(1000)), 0);
  });

  it('counts what is sent besides the messages, and believes the count of the service', () => {
    const state = measured([briefing, said, output(1000)]);
    const own = tokensWhen(state, 0, { tokens: 1000, overheadChars: 4000 });
    assert.equal(Math.round(own), Math.round((4000 + sizeOf(briefing) + sizeOf(said) + 1000) / 4));
    const known = { ...state, known: { tokens: 700, chars: sizeOf(briefing) + sizeOf(said) } };
    assert.equal(tokensWhen(known, 0, window(1000)), 950);
  });

  it('cuts what tools returned last where nothing else makes it fit, the longest most', () => {
    const results = [10_000, 300, 6000].map((chars, at) => ({
      id: `${at}`,
      name: 'read',
      output: `<${'x'.repeat(chars)}>`,
      ok: true,
    }));
    const messages: ModelMessage[] = [briefing, said, { role: 'tool', results }];
    const sent = fitted(measured(messages), window(2000));
    assert(sent.reduce((sum, message) => sum + sizeOf(message), 0) <= 2000 * 4 * 0.9);
    const last = sent[2]!;
    assert(last.role === 'tool');
    assert.match(last.results[0]!.output, /^<x+\n\[… \d+ characters were left out to save room …\]\nx+>$/);
    assert.equal(last.results[1]!.output, results[1]!.output);
  });
});
