import * as z from 'zod';
import type { Problem } from '../findings';
import type { TreePath } from '../treePaths';
import { jsonOf } from './eslintJson';
import { testProblem, type TestReport } from './testReport';

const reportSchema = z.object({
  numRuntimeErrorTestSuites: z.number().optional(),
  wasInterrupted: z.boolean().optional(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().nullish(),
      assertionResults: z.array(
        z.object({
          fullName: z.string().optional(),
          ancestorTitles: z.array(z.string()).optional(),
          title: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
          location: z.object({ line: z.number(), column: z.number() }).nullish(),
        }),
      ),
    }),
  ),
});

type Suite = z.infer<typeof reportSchema>['testResults'][number];

/** Reads what jest writes with `--json` and vitest with `--reporter=json`; undefined when it is not that. */
export function parseJestJson(text: string, toTreePath: TreePath): TestReport | undefined {
  const report = reportSchema.safeParse(jsonOf(text));
  if (!report.success) return undefined;
  const tests = report.data.testResults.flatMap((suite) => suite.assertionResults);
  const count = (status: string) => tests.filter((test) => test.status === status).length;
  const passed = count('passed');
  const failed = count('failed');
  return {
    passed,
    failed,
    skipped: tests.length - passed - failed,
    problems: report.data.testResults.flatMap((suite) => problemsOf(suite, toTreePath)),
    ...(report.data.wasInterrupted === true && { incomplete: 'the test run was interrupted' }),
  };
}

function problemsOf(suite: Suite, toTreePath: TreePath): Problem[] {
  const file = toTreePath(suite.name);
  const failing = suite.assertionResults.filter((test) => test.status === 'failed');
  if (failing.length === 0 && suite.status === 'failed') {
    const failure = suite.message ?? 'The file could not be loaded.';
    return [testProblem({ name: file ?? suite.name, file, failure }, toTreePath)];
  }
  return failing.map((test) =>
    testProblem(
      {
        name: test.fullName ?? [...(test.ancestorTitles ?? []), test.title].join(' '),
        file,
        failure: (test.failureMessages ?? []).join('\n'),
        line: test.location?.line,
        column: test.location?.column,
      },
      toTreePath,
    ),
  );
}
