import { XMLParser } from 'fast-xml-parser';
import type { Problem } from '../findings';
import type { TreePath } from '../treePaths';
import { testProblem, type TestReport } from './testReport';

/** An element as the parser gives it: attributes with `@`, text as `#text`, children by name (lists where repeated). */
type Element = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: true,
  isArray: (name) => ['testsuite', 'testcase', 'failure', 'error'].includes(name),
});

/**
 * Reads JUnit XML (the format of Ant's JUnit task, written by nearly every runner); undefined when it is not that. What
 * `file`, `classname` and the suite's name say about the file is used when they name one of the tree.
 */
export function parseJUnit(text: string, toTreePath: TreePath): TestReport | undefined {
  // The parser is lenient; a report that was cut off does not end with its root.
  if (!/<\/?testsuites?[^<>]*>\s*$/.test(text)) return undefined;
  const root = parser.parse(text) as Element;
  const top = elements(root['testsuites'])[0] ?? root;
  if (root['testsuites'] === undefined && root['testsuite'] === undefined) return undefined;
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const problems: Problem[] = [];
  const visit = (suite: Element, names: readonly string[], file: string | undefined) => {
    for (const test of elements(suite['testcase'])) {
      const outcome = outcomeOf(test);
      if (!isUnloaded(test)) counts[outcome]++;
      if (outcome === 'failed') problems.push(problemOf(test, names, file, toTreePath));
    }
    for (const inner of elements(suite['testsuite'])) {
      const name = attribute(inner, 'name') ?? '';
      visit(inner, [...names, name], fileIn(inner, ['file', 'name'], toTreePath) ?? file);
    }
  };
  visit(top, [], undefined);
  return { ...counts, problems };
}

function outcomeOf(test: Element): 'passed' | 'failed' | 'skipped' {
  if (test['failure'] !== undefined || test['error'] !== undefined) return 'failed';
  return test['skipped'] === undefined ? 'passed' : 'skipped';
}

/** pytest's word for a file that could not be imported, which it writes as if it were a test. */
const unloaded = 'collection failure';

function isUnloaded(test: Element): boolean {
  return elements(test['error']).some((error) => attribute(error, 'message') === unloaded);
}

function problemOf(
  test: Element,
  suites: readonly string[],
  suiteFile: string | undefined,
  toTreePath: TreePath,
): Problem {
  const file = fileIn(test, ['file', 'classname'], toTreePath) ?? suiteFile;
  const name = [
    ...suites.filter((suite) => toTreePath(suite) !== file),
    attribute(test, 'name') ?? 'unnamed test',
  ].join(' › ');
  const failures = [...asList(test['failure']), ...asList(test['error'])];
  const failure = failures
    .map((one) => (typeof one === 'string' ? one : failureText(one as Element)))
    .join('\n');
  return testProblem({ name, file, failure, line: Number(attribute(test, 'line') ?? 1) }, toTreePath);
}

function failureText(failure: Element): string {
  const message = attribute(failure, 'message') ?? '';
  const body = typeof failure['#text'] === 'string' ? failure['#text'] : '';
  // pytest marks the lines of the error itself; the others are source and stack.
  const error = message === unloaded ? body.match(/^E {2,}\S.*$/gm)?.at(-1) : undefined;
  if (error !== undefined) return `could not be loaded: ${error.slice(1).trim()}`;
  return body.includes(message) && body.trimStart().startsWith(message) ? body : `${message}\n${body}`;
}

function fileIn(element: Element, attributes: readonly string[], toTreePath: TreePath): string | undefined {
  for (const name of attributes) {
    const value = attribute(element, name);
    const file =
      value !== undefined && /\.\w+$/.test(value) && !/\s/.test(value) ? toTreePath(value) : undefined;
    if (file !== undefined) return file;
  }
  return undefined;
}

function attribute(element: Element, name: string): string | undefined {
  const value = element[`@${name}`];
  return typeof value === 'string' ? value : undefined;
}

function elements(value: unknown): Element[] {
  return asList(value).filter((one): one is Element => typeof one === 'object' && one !== null);
}

function asList(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}
