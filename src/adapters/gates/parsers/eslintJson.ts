import * as z from 'zod';
import { between, type Problem } from '../findings';
import type { TreePath } from '../treePaths';

const place = z.number().nullish();
const reportSchema = z.array(
  z.object({
    filePath: z.string(),
    messages: z.array(
      z.object({
        ruleId: z.string().nullish(),
        severity: z.union([z.number(), z.string()]).optional(),
        fatal: z.boolean().optional(),
        message: z.string(),
        line: place,
        column: place,
        endLine: place,
        endColumn: place,
      }),
    ),
  }),
);

/** Reads ESLint's `json` format (also xo's); undefined when it is not that. */
export function parseEslintJson(text: string, toTreePath: TreePath): Problem[] | undefined {
  const report = reportSchema.safeParse(jsonOf(text));
  if (!report.success) return undefined;
  return report.data.flatMap(({ filePath, messages }) => {
    const file = toTreePath(filePath);
    return messages.map((found): Problem => ({
      ...(file && { file }),
      range: between(
        found.line ?? 1,
        found.column ?? 1,
        found.endLine ?? undefined,
        found.endColumn ?? undefined,
      ),
      severity: found.severity === 1 || found.severity === 'warning' ? 'warning' : 'error',
      rule: found.ruleId ?? (found.fatal ? 'parse' : 'eslint'),
      message: found.message,
    }));
  });
}

/** The JSON value in a text; undefined when there is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: the caller says so in its own words
  }
}
