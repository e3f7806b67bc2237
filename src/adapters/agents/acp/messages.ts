import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';

/** One JSON-RPC message; what is in it is checked by whoever uses it. */
export type Message = Readonly<Record<string, unknown>>;

/** A program whose output cannot be the protocol's. */
export class GarbageError extends Error {
  override readonly name = 'GarbageError';
}

/** Programs print a notice here and there before they speak; more than this is not one. */
const maxGarbageLines = 200;
const maxLineChars = 32 * 1024 * 1024;

/**
 * The messages of a program that writes one JSON object per line (ACP over stdio). Lines that are no object are passed
 * over, in bounded number. Reads on only when the message before was taken, so a flood waits in the program's own pipe.
 */
export async function* messagesOf(output: Readable): AsyncGenerator<Message> {
  let garbage = 0;
  for await (const line of linesOf(output)) {
    if (line.trim() === '') continue;
    const message = objectIn(line);
    if (message) yield message;
    else if (++garbage > maxGarbageLines)
      throw new GarbageError(`It wrote ${garbage} lines that are not JSON: ${line.slice(0, 200)}`);
  }
}

async function* linesOf(output: Readable): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  const pieces: string[] = [];
  let chars = 0;
  for await (const chunk of output) {
    const text = decoder.write(chunk as Buffer);
    const lines = text.split('\n');
    const last = lines.pop() ?? '';
    for (const line of lines) {
      yield [...pieces.splice(0), line].join('');
      chars = 0;
    }
    pieces.push(last);
    chars += last.length;
    if (chars > maxLineChars)
      throw new GarbageError(`It wrote a line of more than ${maxLineChars} characters.`);
  }
  pieces.push(decoder.end());
  yield pieces.join('');
}

function objectIn(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Message)
      : undefined;
  } catch {
    // Not JSON is counted by the caller.
    return undefined;
  }
}
