import { fail, ok, type Result } from './result';

/**
 * Bytes of a text file as text: UTF-8 without its byte order mark, lines ended by `\n`. The failure says in words why
 * these bytes are no text.
 */
export function decodeText(bytes: Uint8Array): Result<string, string> {
  if (bytes.includes(0)) return fail('it is a binary file');
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n'));
  } catch {
    // The decoder's only complaint, and its own words say no more than ours.
    return fail('it is not UTF-8 text');
  }
}
