import * as z from 'zod';
import type { TreePath } from '../treePaths';
import { jsonOf } from './eslintJson';
import { testProblem, type TestReport } from './testReport';

const reportSchema = z.object({
  stats: z.object({ passes: z.number(), pending: z.number(), failures: z.number() }),
  failures: z.array(
    z.object({
      fullTitle: z.string(),
      file: z.string().nullish(),
      err: z.object({ message: z.string().optional(), stack: z.string().optional() }).optional(),
    }),
  ),
});

/** Reads mocha's `json` reporter, from its file or from output that has other lines around it; undefined when there is none. */
export function parseMochaJson(text: string, toTreePath: TreePath): TestReport | undefined {
  const start = text.search(/^\{\s*"stats"/m);
  const end = text.lastIndexOf('}');
  if (start < 0) return undefined;
  const report = reportSchema.safeParse(jsonOf(text.slice(start, end + 1)));
  if (!report.success) return undefined;
  const { stats, failures } = report.data;
  return {
    passed: stats.passes,
    failed: stats.failures,
    skipped: stats.pending,
    problems: failures.map((test) =>
      testProblem(
        {
          name: test.fullTitle,
          file: test.file ? toTreePath(test.file) : undefined,
          failure: test.err?.stack ?? test.err?.message ?? '',
        },
        toTreePath,
      ),
    ),
  };
}
