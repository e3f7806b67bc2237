import type { ModelMessage } from '../../../core/ports';

/**
 * Keeps a conversation within a model's context window: the oldest outputs of tools give way to a marker. The briefing,
 * what the model said and its latest results stay whole. Tokens are estimated at four characters each.
 */

/** Elide when this share of the window is full, down to the other share, so that it happens rarely (a cache survives). */
const fullShare = 0.9;
const targetShare = 0.6;
/** The latest messages are never elided: about 20,000 tokens. */
const keptChars = 80_000;
/** An output that is shorter than its marker would be is left as it is. */
const minChars = 200;

/** The index before which tool outputs are elided, given the one so far. */
export function elidedThrough(
  messages: readonly ModelMessage[],
  before: number,
  windowTokens: number,
): number {
  const sizes = messages.map((message, at) => sizeOf(at < before ? elide(message) : message));
  let total = sizes.reduce((sum, size) => sum + size, 0);
  const windowChars = windowTokens * 4;
  if (total <= windowChars * fullShare) return before;
  let boundary = before;
  const last = lastElidable(sizes, Math.min(keptChars, windowChars / 4));
  while (boundary < last && total > windowChars * targetShare) {
    const message = messages[boundary];
    if (message) total -= (sizes[boundary] ?? 0) - sizeOf(elide(message));
    boundary++;
  }
  return boundary;
}

/** The messages as they are sent. */
export function fitted(messages: readonly ModelMessage[], boundary: number): ModelMessage[] {
  return messages.map((message, at) => (at < boundary ? elide(message) : message));
}

function lastElidable(sizes: readonly number[], kept: number): number {
  let sum = 0;
  for (let at = sizes.length - 1; at > 0; at--) {
    sum += sizes[at] ?? 0;
    if (sum > kept) return at;
  }
  return 0;
}

function elide(message: ModelMessage): ModelMessage {
  if (message.role !== 'tool') return message;
  const results = message.results.map((result) => {
    const { length } = result.output;
    return length < minChars
      ? result
      : {
          ...result,
          output: `[${length} characters were left out to save room. Call the tool again if you need them.]`,
        };
  });
  return { role: 'tool', results };
}

function sizeOf(message: ModelMessage): number {
  switch (message.role) {
    case 'user':
      return message.text.length;
    case 'assistant':
      // What the provider returned holds text and calls as well, and sometimes thinking.
      return JSON.stringify(message.content ?? [message.text, message.toolCalls]).length;
    case 'tool':
      return message.results.reduce((sum, result) => sum + result.output.length, 0);
  }
}
