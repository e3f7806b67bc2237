import type { Problem } from '../findings';
import type { TreePath } from '../treePaths';
import { withoutAnsi } from './ansi';
import { testProblem, type TestReport } from './testReport';

interface Point {
  readonly depth: number;
  readonly ok: boolean;
  readonly name: string;
  readonly directive: 'skip' | 'todo' | undefined;
  /** Names of the subtests it stands in. */
  readonly path: readonly string[];
  readonly notes: string[];
  isParent: boolean;
}

const pointLine = /^( *)(not ok|ok)\b(?:\s+\d+)?(?:\s*-)?\s*(.*)$/;
const planLine = /^1\.\.(\d+)/;

/**
 * Reads TAP 12 to 14, with the nested subtests of node and tap: only leaves count, so that a suite is not a test.
 * Undefined when the text has no TAP in it. Specification: testanything.org.
 */
export function parseTap(text: string, toTreePath: TreePath): TestReport | undefined {
  const reading = read(withoutAnsi(text));
  if (reading.points.length === 0 && reading.plan === undefined && reading.bail === undefined)
    return undefined;
  const leaves = reading.points.filter((point) => !point.isParent);
  const failing = leaves.filter((point) => !point.ok && point.directive === undefined);
  const skipped = leaves.filter((point) => point.directive !== undefined).length;
  const incomplete = incompleteness(reading);
  return {
    passed: leaves.length - failing.length - skipped,
    failed: failing.length,
    skipped,
    problems: failing.map((point) => problemOf(point, toTreePath)),
    ...(incomplete !== undefined && { incomplete }),
  };
}

interface Reading {
  readonly points: Point[];
  plan?: number;
  bail?: string;
}

function read(text: string): Reading {
  const reading: Reading = { points: [] };
  /** Subtests announced by `# Subtest: name`, whose own line comes after their children. */
  const open: string[] = [];
  let current: Point | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, indent = '', status, rest = ''] = pointLine.exec(line) ?? [];
    if (status !== undefined && indent.length % 4 === 0) {
      current = point(indent.length / 4, status === 'ok', rest, open);
      adopt(reading.points, current);
      reading.points.push(current);
      open.length = Math.min(open.length, current.depth);
      continue;
    }
    const [, depth, name] = /^( *)# Subtest: (.*)$/.exec(line) ?? [];
    if (depth !== undefined && name !== undefined) {
      const level = Math.floor(depth.length / 4);
      open.length = Math.min(open.length, level);
      open[level] = name;
      current = undefined;
    } else if (line.startsWith('Bail out!')) {
      reading.bail = line.slice('Bail out!'.length).trim();
    } else if (planLine.test(line)) {
      reading.plan = Number(planLine.exec(line)?.[1]);
    } else if (current && /^\s/.test(line)) {
      current.notes.push(line.trim());
    } else {
      current = undefined;
    }
  }
  return reading;
}

function point(depth: number, ok: boolean, rest: string, open: readonly string[]): Point {
  const [, name = rest, directive] = /^(.*?)\s+#\s*(skip|todo)\b.*$/i.exec(rest) ?? [];
  return {
    depth,
    ok,
    name: name.replace(/\s+# (time|duration)[=_].*$/, '').trim(),
    directive: directive?.toLowerCase() as Point['directive'],
    path: open.slice(0, depth).map((title) => title),
    notes: [],
    isParent: false,
  };
}

/** A point is the result of a subtest when deeper points came since the last point of its own depth. */
function adopt(points: readonly Point[], next: Point): void {
  const previous = points.at(-1);
  if (previous && previous.depth > next.depth) {
    // A failing subtest whose children all pass failed by itself (a hook, a plan): it stays a leaf.
    const children = childrenBefore(points, next.depth);
    next.isParent = next.ok || children.some((child) => !child.ok && child.directive === undefined);
  }
}

function childrenBefore(points: readonly Point[], depth: number): Point[] {
  const children: Point[] = [];
  for (let index = points.length - 1; index >= 0; index--) {
    const candidate = points[index];
    if (candidate === undefined || candidate.depth <= depth) break;
    children.push(candidate);
  }
  return children;
}

function incompleteness({ bail, plan, points }: Reading): string | undefined {
  if (bail !== undefined) return `the tests bailed out${bail === '' ? '' : `: ${bail}`}`;
  const seen = points.filter((one) => one.depth === 0).length;
  if (plan === undefined) return seen === 0 ? undefined : 'the report ends without its plan';
  return seen < plan ? `the plan names ${plan} tests, the report has ${seen}` : undefined;
}

function problemOf(failing: Point, toTreePath: TreePath): Problem {
  const name = [...failing.path, failing.name].filter((part) => part !== '').join(' › ');
  const notes = failing.notes.filter((line) => line !== '---' && line !== '...');
  const field = (key: string) =>
    notes.map((line) => new RegExp(`^${key}: *(.*)$`).exec(line)?.[1]).find((v) => v !== undefined);
  const message =
    unquoted(field('error') ?? field('message') ?? '') ||
    (failing.notes[0] === '---' ? '' : (notes[0] ?? ''));
  const [, path, line, column] =
    /^(.*?):(\d+):(\d+)$/.exec(unquoted(field('location') ?? '')) ?? fileName(field);
  const testFile = failing.path
    .map((title) => (/\.\w+$/.test(title) ? toTreePath(title) : undefined))
    .find(Boolean);
  const file = (path === undefined ? undefined : toTreePath(path)) ?? testFile;
  const failure = `${message}\n${stackLines(notes)}`;
  return testProblem(
    { name, file, failure, line: Number(line ?? 1), column: Number(column ?? 1) },
    toTreePath,
  );
}

/** The form of the `tap` runner: `at:` with `fileName`, `lineNumber` and `columnNumber`. */
function fileName(field: (key: string) => string | undefined): (string | undefined)[] {
  return [
    undefined,
    unquoted(field('fileName') ?? '') || undefined,
    field('lineNumber'),
    field('columnNumber'),
  ];
}

function stackLines(notes: readonly string[]): string {
  return notes
    .filter((line) => /:\d+:\d+\)?'?$/.test(line) && !line.startsWith('location:'))
    .map((line) => `    at ${unquoted(line.replace(/^at:? /, ''))}`)
    .join('\n');
}

function unquoted(value: string): string {
  const text = value.trim();
  if (/^\|-?$/.test(text)) return '';
  return /^'.*'$|^".*"$/s.test(text) ? text.slice(1, -1) : text;
}
