import type { GateContext } from './gate';
import { parseJestJson } from './parsers/jestJson';
import { parseMochaJson } from './parsers/mochaJson';
import { parseTap } from './parsers/tap';
import { combine, type TestReport } from './parsers/testReport';
import { readReportFile } from './reportFile';
import type { ToolRun } from './toolBench';
import type { TreePath } from './treePaths';

/** Where a runner's report is and what form it has; without a path it is what the runner printed. */
export type ReportReader =
  | { readonly kind: 'jest' | 'mocha'; readonly path: string }
  | { readonly kind: 'tap'; readonly path?: string };

export function jsonReport(kind: 'jest' | 'mocha', path: string): ReportReader {
  return { kind, path };
}

/** Undefined when there is no report, or none that can be read. @param scratch where the runner was told to put it */
export async function readReport(
  reader: ReportReader,
  run: ToolRun,
  { scratch, toTreePath }: Pick<GateContext, 'scratch' | 'toTreePath'>,
): Promise<TestReport | undefined> {
  const written = reader.path === undefined ? undefined : await readReportFile(reader.path, [scratch]);
  switch (reader.kind) {
    case 'jest':
      return written === undefined ? undefined : parseJestJson(written, toTreePath);
    case 'mocha':
      return parseMochaJson(written ?? run.stdout, toTreePath);
    case 'tap':
      return written === undefined && run.truncated ? undefined : parseTap(written ?? run.stdout, toTreePath);
  }
}

const summaries: readonly RegExp[] = [
  /^\s*(?<passed>\d+) passing\b[^]*?(?:^\s*(?<skipped>\d+) pending\b[^]*?)?(?:^\s*(?<failed>\d+) failing\b|(?![^]))/m,
  /^Tests:\s+(?:(?<failed>\d+) failed, )?(?:(?<skipped>\d+) (?:skipped|todo), )*(?:(?<passed>\d+) passed, )?\d+ total/m,
  /^\s*Tests\s+(?:(?<failed>\d+) failed \| )?(?:(?<passed>\d+) passed)?(?: \| (?<skipped>\d+) skipped)?.*\(\d+\)/m,
  /^[ℹ#] tests \d+\n(?:[ℹ#] suites \d+\n)?[ℹ#] pass (?<passed>\d+)\n[ℹ#] fail (?<failed>\d+)\n(?:[ℹ#] cancelled \d+\n)?(?:[ℹ#] skipped (?<skipped>\d+))?/m,
];

/** Counts of tests in output that nobody asked for a report: TAP, or the closing lines of the usual runners. */
export function countsIn(output: string, toTreePath: TreePath): TestReport | undefined {
  if (/^(TAP version|1\.\.\d+$)/m.test(output)) return parseTap(output, toTreePath);
  const found = summaries.flatMap((summary) => [...output.matchAll(new RegExp(summary, 'gm'))]);
  if (found.length === 0) return undefined;
  return combine(
    found.map(({ groups }) => ({
      passed: Number(groups?.['passed'] ?? 0),
      failed: Number(groups?.['failed'] ?? 0),
      skipped: Number(groups?.['skipped'] ?? 0),
      problems: [],
    })),
  );
}
