import { at, type Problem } from '../findings';
import { placeIn } from '../stackFrame';
import type { TreePath } from '../treePaths';
import { withoutAnsi } from './ansi';

/** What a test runner's own report says. */
export interface TestReport {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** One for each failing test, and for each file that could not be loaded. */
  readonly problems: readonly Problem[];
  /** Set when the report ends before the tests did: it proves nothing. */
  readonly incomplete?: string;
}

export interface FailingTest {
  /** Full name: suites and test. */
  readonly name: string;
  /** The test's file as the runner names it, relative to the tree. */
  readonly file?: string | undefined;
  /** Error text and stack trace; the place is read from it. */
  readonly failure: string;
  /** Where the test stands, used when the stack names no file of the tree. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** A failing test is the same problem in two trees when its file and name are the same, whatever it says this time. */
export function testProblem(test: FailingTest, toTreePath: TreePath): Problem {
  const failure = withoutAnsi(test.failure).trim();
  const place = placeIn(failure, toTreePath, test.file);
  const file = place?.file ?? test.file;
  const range = place?.range ?? (test.file === undefined ? undefined : at(test.line ?? 1, test.column));
  const reason = firstWords(failure);
  return {
    ...(file !== undefined && { file }),
    ...(range && { range }),
    severity: 'error',
    rule: 'test',
    message: reason === '' ? test.name : `${test.name}: ${reason}`,
    identity: JSON.stringify([test.file ?? '', test.name]),
  };
}

export function combine(reports: readonly TestReport[]): TestReport {
  const incomplete = reports.find((report) => report.incomplete !== undefined)?.incomplete;
  return {
    passed: sum(reports, 'passed'),
    failed: sum(reports, 'failed'),
    skipped: sum(reports, 'skipped'),
    problems: reports.flatMap((report) => report.problems),
    ...(incomplete !== undefined && { incomplete }),
  };
}

function sum(reports: readonly TestReport[], field: 'passed' | 'failed' | 'skipped'): number {
  return reports.reduce((total, report) => total + report[field], 0);
}

/** The words before the stack, on one line. */
function firstWords(failure: string): string {
  const words: string[] = [];
  for (const line of failure.split('\n')) {
    if (/^\s*(at\s|❯)/.test(line) || words.length === 4) break;
    if (line.trim() !== '') words.push(line.trim());
  }
  return words.join(' ').slice(0, 400);
}
