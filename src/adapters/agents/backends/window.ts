import { wellFormed } from '../../../base/wellFormed';
import type { ModelMessage } from '../../../core/ports';

/**
 * Keeps a conversation within a model's context window: the oldest outputs of tools give way to a marker. The briefing,
 * what the model said and its latest results stay whole. Tokens are the service's own count up to its last answer, and
 * four characters each for what came since; where the service reports none, all of them are estimated.
 */

/** Make room when this share of the window is full, down to the other share, so that it happens rarely (a cache survives). */
export const fullShare = 0.9;
const targetShare = 0.6;
/** The latest messages are kept as they are: about 20,000 tokens. */
const keptChars = 80_000;
export const charsPerToken = 4;
/** An output that is shorter than its marker would be is left as it is. */
const minChars = 200;

/** What a service counted for its last answer, and how many characters of messages that was. */
export interface KnownContext {
  readonly tokens: number;
  readonly chars: number;
}

export interface Measured {
  readonly messages: readonly ModelMessage[];
  /** Characters of each message as it is. */
  readonly sizes: readonly number[];
  /** Outputs of tools in messages before this one are elided. */
  readonly elided: number;
  readonly known?: KnownContext;
}

export interface Window {
  readonly tokens: number;
  /** Characters of what is sent besides the messages: the system prompt and the descriptions of tools. */
  readonly overheadChars: number;
}

/** How many tokens the next request holds when outputs before `boundary` are elided. */
export function tokensWhen(state: Measured, boundary: number, window: Window): number {
  return tokensOf(charsWhen(state, boundary), state.known, window);
}

/** The index before which tool outputs are elided, given the one so far. */
export function elidedThrough(state: Measured, window: Window): number {
  const before = state.elided;
  let chars = charsWhen(state, before);
  if (tokensOf(chars, state.known, window) <= window.tokens * fullShare) return before;
  const last = lastElidable(state.sizes, keptCharsIn(window));
  let boundary = before;
  while (boundary < last && tokensOf(chars, state.known, window) > window.tokens * targetShare) {
    const message = state.messages[boundary];
    if (message) chars -= (state.sizes[boundary] ?? 0) - sizeOf(elide(message));
    boundary++;
  }
  return boundary;
}

/** The messages as they are sent: if they are still too long, what tools returned last is cut as well. */
export function fitted(state: Measured, window: Window): ModelMessage[] {
  const messages = state.messages.map((message, at) => (at < state.elided ? elide(message) : message));
  const excess = tokensWhen(state, state.elided, window) - window.tokens * fullShare;
  return excess > 0 ? shortened(messages, excess * charsPerToken) : messages;
}

/** How much of the latest messages stays as it is, in characters. */
export function keptCharsIn({ tokens }: Window): number {
  return Math.min(keptChars, (tokens * charsPerToken) / 4);
}

export function sizeOf(message: ModelMessage): number {
  switch (message.role) {
    case 'user':
      return message.text.length;
    case 'assistant':
      // What the provider returned holds text and calls as well, and sometimes thinking.
      return Math.max(
        message.text.length,
        JSON.stringify(message.content ?? [message.text, message.toolCalls]).length,
      );
    case 'tool':
      return message.results.reduce((sum, result) => sum + result.output.length, 0);
  }
}

function tokensOf(chars: number, known: KnownContext | undefined, { overheadChars }: Window): number {
  return known
    ? known.tokens + (chars - known.chars) / charsPerToken
    : (overheadChars + chars) / charsPerToken;
}

/** Characters of the messages when outputs before `boundary` are elided. */
export function charsWhen(
  { messages, sizes }: Pick<Measured, 'messages' | 'sizes'>,
  boundary: number,
): number {
  let sum = 0;
  for (const [at, message] of messages.entries())
    sum += at < boundary && message.role === 'tool' ? sizeOf(elide(message)) : (sizes[at] ?? 0);
  return sum;
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

/** Cuts the longest outputs of tools to one common length, so that so many characters less are sent where that is possible. */
function shortened(messages: readonly ModelMessage[], excessChars: number): ModelMessage[] {
  const lengths = messages
    .flatMap((message) => (message.role === 'tool' ? message.results.map(({ output }) => output.length) : []))
    .sort((a, b) => b - a);
  let saved = 0;
  let limit = lengths[0] ?? 0;
  for (let count = 1; count <= lengths.length && saved < excessChars; count++) {
    const next = Math.max(minChars, lengths[count] ?? minChars);
    const wanted = (excessChars - saved) / count;
    const step = Math.min(limit - next, wanted);
    saved += step * count;
    limit -= step;
  }
  const kept = Math.max(minChars, Math.floor(limit) - minChars);
  return messages.map((message) =>
    message.role === 'tool'
      ? {
          role: 'tool',
          results: message.results.map((result) => ({ ...result, output: middleOut(result.output, kept) })),
        }
      : message,
  );
}

/** The beginning and the end of a text that is longer than this. */
export function middleOut(text: string, maxChars: number): string {
  if (text.length <= maxChars + minChars) return text;
  const half = Math.floor(maxChars / 2);
  const cut = text.length - 2 * half;
  return wellFormed(
    `${text.slice(0, half)}\n[… ${cut} characters were left out to save room …]\n${text.slice(-half)}`,
  );
}
