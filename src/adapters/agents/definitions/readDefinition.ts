import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { decodeText } from '../../../base/decodeText';
import { fail, type Result } from '../../../base/result';
import type { FileProblem } from '../../../core/model/agent';
import { reasonOf } from './findFiles';

const maxBytes = 256 * 1024;

/** The text of a definition's file. Nothing in it is executed. The failure is the problem to show at the file. */
export async function readDefinition(path: string): Promise<Result<string, FileProblem>> {
  const refused = (message: string) =>
    fail<FileProblem>({ path, line: 1, column: 1, severity: 'error', message });
  try {
    const { size } = await stat(path);
    if (size > maxBytes)
      return refused(
        `${basename(path)} is not loaded: ${Math.ceil(size / 1024)} KB is too large for a definition (limit 256 KB).`,
      );
    const decoded = decodeText(await readFile(path));
    return decoded.ok ? decoded : refused(`${basename(path)} is not loaded: ${decoded.failure}.`);
  } catch (error) {
    return refused(`${basename(path)} cannot be read: ${reasonOf(error)}.`);
  }
}

/** What a definition's text holds, whatever is in it: a text no parser is up to is a problem of its file alone. */
export function guarded<T>(path: string, parse: () => T): Result<T, FileProblem> {
  try {
    return { ok: true, value: parse() };
  } catch (error) {
    const message = `${basename(path)} is not loaded: ${reasonOf(error)}.`;
    return fail({ path, line: 1, column: 1, severity: 'error', message });
  }
}
