import * as z from 'zod';
import type { AttemptOutcome } from '../../../core/ports';

/**
 * How the program that analyses a code base talks: on standard error one JSON object per line,
 * `{"percent": 0-100, "activity": "…"}`, while it works; on standard output, when it is done, one JSON object
 * `{"summary": "…", "documents": [{"name": "file.md", "text": "…"}]}`; exit code 0.
 */
export type AnalysisCommand = (of: 'code' | 'documentation') => {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

const progressSchema = z.object({
  percent: z.number().min(0).max(100).optional(),
  activity: z.string().min(1),
});

const resultSchema = z.object({
  summary: z.string().min(1),
  /** A document becomes a file of the report: a plain name, no path. */
  documents: z.array(z.object({ name: z.string().regex(/^[\w-][\w.-]*$/), text: z.string() })),
});

/** Undefined for a line that is something else: a warning of the runtime, a stack. */
export function analysisProgress(line: string): { activity: string; percent?: number } | undefined {
  const said = progressSchema.safeParse(jsonOf(line));
  if (!said.success) return undefined;
  const { activity, percent } = said.data;
  return percent === undefined ? { activity } : { activity, percent };
}

export function readAnalysis(stdout: string): AttemptOutcome | undefined {
  const result = resultSchema.safeParse(jsonOf(stdout));
  return result.success ? result.data : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
