import { createHash } from 'node:crypto';
import type { Finding, Range } from '../../core/model/gate';

/** What a parser reads out of a tool's output; a finding without its gate and fingerprint. */
export interface Problem {
  /** Relative to the root of the tree, with `/`. */
  readonly file?: string;
  readonly range?: Range;
  readonly severity: Finding['severity'];
  readonly rule?: string;
  readonly message: string;
  /**
   * What makes it the same problem in another tree, where the message says more than that (a test's failure text
   * varies from run to run; its name does not). Default: file, rule and message.
   */
  readonly identity?: string;
}

export const MAX_FINDINGS = 2000;

/**
 * Names, orders, deduplicates and bounds problems. Errors come first, so that what blocks is never what is cut. The
 * fingerprint is a digest of gate, identity and the ordinal among equals in the order of their place.
 */
export function toFindings(
  gate: string,
  problems: readonly Problem[],
  limit = MAX_FINDINGS,
): { findings: Finding[]; truncated: number } {
  const sorted = withoutRepetitions([...problems].sort(byPlace));
  const counts = new Map<string, number>();
  const findings = sorted.map((problem): Finding => {
    const identity = problem.identity ?? identityOf(problem);
    const ordinal = (counts.get(identity) ?? 0) + 1;
    counts.set(identity, ordinal);
    const { identity: _, ...rest } = problem;
    return { gate, ...rest, fingerprint: digest([gate, identity, String(ordinal)]) };
  });
  const important = findings.sort((a, b) => rank(a.severity) - rank(b.severity));
  return { findings: important.slice(0, limit), truncated: Math.max(0, important.length - limit) };
}

/** A range of one character, for tools that give only a place. Tools that count from 0 or give none are put on line 1. */
export function at(line: number, column = 1): Range {
  const startLine = positive(line);
  const startColumn = positive(column);
  return { startLine, startColumn, endLine: startLine, endColumn: startColumn + 1 };
}

/** A range from a tool's own numbers; falls back to one character where the end is missing or before the start. */
export function between(line: number, column: number, endLine?: number, endColumn?: number): Range {
  const start = at(line, column);
  if (endLine === undefined || endColumn === undefined || !Number.isInteger(endLine + endColumn))
    return start;
  if (endLine < start.startLine || (endLine === start.startLine && endColumn <= start.startColumn))
    return start;
  return { ...start, endLine, endColumn: positive(endColumn) };
}

function positive(value: number): number {
  return Number.isInteger(value) && value > 0 ? value : 1;
}

function identityOf(problem: Problem): string {
  return JSON.stringify([problem.file ?? '', problem.rule ?? '', withoutPlaces(problem.message)]);
}

/** Messages quote places now and then ("already declared at line 12", "a.ts:3:4"), which move with every edit. */
function withoutPlaces(message: string): string {
  return message
    .replace(/\b(lines?|columns?)\s+\d+/gi, '$1')
    .replace(/:\d+(:\d+)?/g, '')
    .replace(/\(\d+(,\d+)?\)/g, '');
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}

function rank(severity: Finding['severity']): number {
  return severity === 'error' ? 0 : severity === 'warning' ? 1 : 2;
}

function byPlace(a: Problem, b: Problem): number {
  return (
    compare(a.file ?? '', b.file ?? '') ||
    (a.range?.startLine ?? 0) - (b.range?.startLine ?? 0) ||
    (a.range?.startColumn ?? 0) - (b.range?.startColumn ?? 0)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A file that belongs to two projects is reported twice by some tools, at the same place with the same words. */
function withoutRepetitions(sorted: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return sorted.filter((problem) => {
    if (problem.range === undefined) return true;
    const { file, range, rule, message } = problem;
    const key = JSON.stringify([file, range.startLine, range.startColumn, rule, message]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
