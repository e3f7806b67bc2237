import { LineCounter, isMap, isNode, isPair, isScalar, parseDocument, type Document } from 'yaml';
import type * as z from 'zod';

/** YAML and JSON read so that every complaint can be shown at its place. Knows texts and schemas; reads no files. */

/** Lines and columns count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface TextProblem extends Place {
  readonly message: string;
}

export interface ParsedText {
  /** Undefined when `problems` is not empty. */
  readonly value: unknown;
  readonly problems: readonly TextProblem[];
  /** The place of the value at a path; where there is none, that of the closest value around it. */
  placeOf(path: readonly PropertyKey[]): Place;
  /** The place of a key inside the map at a path. */
  placeOfKey(path: readonly PropertyKey[], key: string): Place;
}

/** Parses YAML 1.2 (of which JSON is a part). `firstLine` is the line number of the text's first line in its file. */
export function parseYamlText(text: string, firstLine = 1): ParsedText {
  if (isTooDeep(text)) return unread('it is nested too deeply.', firstLine);
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true });
  const place = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: line + firstLine - 1, column: col };
  };
  const problems = document.errors.map((error) => ({
    ...place(error.pos[0]),
    message: sentence(error.message),
  }));
  const lookups = {
    placeOf: (path: readonly PropertyKey[]) => place(offsetOf(document, path)),
    placeOfKey: (path: readonly PropertyKey[], key: string) => place(keyOffset(document, path, key)),
  };
  if (problems.length > 0) return { value: undefined, problems, ...lookups };
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown, problems, ...lookups };
  } catch (error) {
    // The library throws for aliases that multiply beyond measure.
    const message = error instanceof Error ? error.message : String(error);
    return { value: undefined, problems: [{ ...place(0), message: sentence(message) }], ...lookups };
  }
}

const maxDepth = 300;

/** The time of the parser grows with the square of the depth, so that a hostile file would take minutes. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const mark of text) {
    if (mark === '[' || mark === '{') depth++;
    else if ((mark === ']' || mark === '}') && depth > 0) depth--;
    if (depth > maxDepth) return true;
  }
  return /(?:[-?:][ \t]+){300}/.test(text);
}

function unread(message: string, line: number): ParsedText {
  const place = () => ({ line, column: 1 });
  return { value: undefined, problems: [{ ...place(), message }], placeOf: place, placeOfKey: place };
}

/** Parses strict JSON: what other JSON readers would reject is a problem here too. */
export function parseJsonText(text: string): ParsedText {
  const positions = parseYamlText(text);
  const message = jsonComplaint(text);
  if (message === undefined) return { ...positions, value: JSON.parse(text) as unknown, problems: [] };
  const short = message
    .replace(/ in JSON at position .*$/s, '')
    .replace(/,? ?(?:\.{3})?"[^]*" ?(?:\.{3})? is not valid JSON$/, '');
  const problem = {
    ...placeAt(text, offsetOfComplaint(text)),
    message: `This is not valid JSON: ${sentence(short)}`,
  };
  return { ...positions, value: undefined, problems: [problem] };
}

function jsonComplaint(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Where JSON stops being JSON. The engine names the offset of only some errors; for the others it is the end of the
 * longest beginning that could still be continued, found by halving.
 */
function offsetOfComplaint(text: string): number {
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (couldContinue(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return Math.min(good, text.length);
}

function couldContinue(beginning: string): boolean {
  const message = jsonComplaint(beginning);
  if (message === undefined || /end of JSON input|Unterminated string/.test(message)) return true;
  return Number(/at position (\d+)/.exec(message)?.[1] ?? -1) >= beginning.length;
}

export type CheckedText<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly TextProblem[] };

/** Checks a parsed text against a schema; each issue becomes a problem at the place it is about. */
export function checkText<T>(parsed: ParsedText, schema: z.ZodType<T>): CheckedText<T> {
  if (parsed.problems.length > 0) return { ok: false, problems: parsed.problems };
  const checked = schema.safeParse(parsed.value);
  if (checked.success) return { ok: true, value: checked.data };
  return { ok: false, problems: checked.error.issues.flatMap((issue) => problemsOf(parsed, issue)) };
}

function problemsOf(parsed: ParsedText, issue: z.core.$ZodIssue): TextProblem[] {
  const where = issue.path.length > 0 ? `\`${pathText(issue.path)}\`: ` : '';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      ...parsed.placeOfKey(issue.path, key),
      message: `${where}unknown key \`${key}\``,
    }));
  }
  return [{ ...parsed.placeOf(issue.path), message: `${where}${issue.message}` }];
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text ? `${text}.${String(key)}` : String(key);
  }, '');
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function keyOffset(document: Document, path: readonly PropertyKey[], key: string): number {
  const map: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(map)
    ? map.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
    : undefined;
  return pair && isScalar(pair.key) && pair.key.range ? pair.key.range[0] : offsetOf(document, path);
}

function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

function sentence(message: string): string {
  return (message.split('\n')[0] ?? message).trim();
}
