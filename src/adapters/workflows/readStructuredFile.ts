import { readFile, stat } from 'node:fs/promises';
import type * as z from 'zod';
import { decodeText } from '../../base/decodeText';
import { checkText, parseJsonText, parseYamlText, type TextProblem } from '../../base/positionedText';
import { fail, ok, type Result } from '../../base/result';

const maxBytes = 1024 * 1024;

/** Reads a YAML file, or a JSON file by its extension, against a schema. */
export async function readStructuredFile<T>(
  path: string,
  schema: z.ZodType<T>,
): Promise<Result<T, readonly TextProblem[]>> {
  const refused = (message: string) => fail([{ line: 1, column: 1, message }]);
  try {
    if ((await stat(path)).size > maxBytes)
      return refused('The file is larger than 1 MB, which no plan should be.');
    const decoded = decodeText(await readFile(path));
    if (!decoded.ok) return refused(`The file cannot be used: ${decoded.failure}.`);
    const parsed = /\.json$/i.test(path) ? parseJsonText(decoded.value) : parseYamlText(decoded.value);
    const checked = checkText(parsed, schema);
    return checked.ok ? ok(checked.value) : fail(checked.problems);
  } catch (error) {
    return refused(`The file cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
