import { parseYamlText, type Place, type TextProblem } from '../../../base/positionedText';
import { agentFields, skillFields } from '../../../core/model/agentFile';

/** The YAML between two lines of `---` at the start of a Markdown file. Tolerant, because files in the wild need it. */

export interface FrontMatter {
  /** Undefined: the file has no front matter at all. */
  readonly fields: ReadonlyMap<string, unknown> | undefined;
  /** Where each key stands in the file. */
  readonly places: ReadonlyMap<string, Place>;
  readonly warnings: readonly TextProblem[];
  readonly errors: readonly TextProblem[];
  /** The text after the front matter, trimmed. */
  readonly body: string;
}

const knownFields = [...agentFields, ...skillFields];

/** Keys known in files of any tool: only at one of these does a broken front matter begin a new value. */
const knownKeys = new Set(knownFields.map((field) => field.name));

const textKeys = new Set(knownFields.filter((field) => field.isText === true).map((field) => field.name));

/** Splits a file and reads its front matter. `text` has lines ended by `\n` and no byte order mark. */
export function readFrontMatter(text: string): FrontMatter {
  const fence = fenceOf(text.split('\n'));
  if (fence === undefined)
    return { fields: undefined, places: new Map(), warnings: [], errors: [], body: text.trim() };
  const { lines, start, end } = fence;
  if (end === undefined)
    return unreadable(start, 'The front matter that begins here is never closed by a line of `---`.');
  const block = lines.slice(start, end - 1);
  const tooMuch = excessOf(block);
  if (tooMuch !== undefined) return unreadable(start, tooMuch);
  const body = lines.slice(end).join('\n').trim();
  const whole = parseYamlText(block.join('\n'), start + 1);
  if (whole.problems.length === 0) return { ...fieldsOf(whole, start + 1), body };
  return { ...mended(block, start + 1), body };
}

function unreadable(line: number, message: string): FrontMatter {
  return {
    fields: new Map(),
    places: new Map(),
    warnings: [],
    errors: [{ line, column: 1, message }],
    body: '',
  };
}

const maxChars = 32 * 1024;
const maxFields = 200;
const maxDepth = 100;

/** The time a YAML parser takes grows with the square of what it is given. */
function excessOf(block: readonly string[]): string | undefined {
  const chars = block.reduce((sum, line) => sum + line.length + 1, 0);
  if (chars > maxChars) return `The front matter has ${chars} characters; ${maxChars} is the limit.`;
  const fields = block.filter((line) => /^[^\s#-][^:]*:/.test(line)).length;
  if (fields > maxFields) return `The front matter has ${fields} fields; ${maxFields} is the limit.`;
  return depthOf(block) > maxDepth
    ? `The front matter has brackets in more than ${maxDepth} others.`
    : undefined;
}

function depthOf(block: readonly string[]): number {
  let depth = 0;
  let deepest = 0;
  for (const character of block.join('')) {
    if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
  }
  return deepest;
}

interface Fence {
  readonly lines: readonly string[];
  /** Line numbers from 1 of the two fences. */
  readonly start: number;
  readonly end: number | undefined;
}

/** Blank lines and one opening code fence are passed over before the first `---`; a lone rule is no front matter. */
function fenceOf(lines: readonly string[]): Fence | undefined {
  const isPassedOver = (line: string) => line.trim() === '' || /^`{3,}[\w-]*\s*$/.test(line);
  const start = lines.findIndex((line) => !isPassedOver(line)) + 1;
  if (start === 0 || !/^---\s*$/.test(lines[start - 1] ?? '')) return undefined;
  const offset = lines.slice(start).findIndex((line) => /^(?:---|\.\.\.)\s*$/.test(line));
  if (offset >= 0) return { lines, start, end: start + offset + 1 };
  return keyOf(lines[start] ?? '') === undefined ? undefined : { lines, start, end: undefined };
}

type Fields = Omit<FrontMatter, 'body'>;

function fieldsOf(parsed: ReturnType<typeof parseYamlText>, firstLine: number): Fields {
  const value = parsed.value;
  if (value === null || value === undefined)
    return { fields: new Map(), places: new Map(), warnings: [], errors: [] };
  if (typeof value !== 'object' || Array.isArray(value))
    return unreadable(firstLine, 'The front matter is not a list of `key: value` lines.');
  const entries = Object.entries(value as Record<string, unknown>);
  const places = new Map(entries.map(([key]) => [key, parsed.placeOfKey([], key)]));
  return { fields: new Map(entries), places, warnings: [], errors: [] };
}

/**
 * Reads a front matter that is not valid YAML key by key: a text that does not parse (`description: Use when: …`) is
 * taken as it stands, anything else that does not parse is left out. Each costs a warning.
 */
function mended(block: readonly string[], firstLine: number): Fields {
  const fields = new Map<string, unknown>();
  const places = new Map<string, Place>();
  const warnings: TextProblem[] = [];
  for (const { key, lines, line } of chunksOf(block, firstLine)) {
    const parsed = parseYamlText(lines.join('\n'), line);
    const read = fieldsOf(parsed, line).fields;
    if (fields.has(key))
      warnings.push({ line, column: 1, message: `\`${key}\` is given twice; the last one counts.` });
    if (parsed.problems.length === 0 && read?.has(key) === true) {
      fields.set(key, read.get(key));
    } else if (textKeys.has(key)) {
      fields.set(key, plainText(isLong(key) ? lines : lines.slice(0, 1)));
      warnings.push({
        line,
        column: 1,
        message: `The value of \`${key}\` is not valid YAML (${why(parsed.problems)}); it was read as plain text. Put it in quotes.`,
      });
    } else {
      const at = parsed.problems[0] ?? { line, column: 1 };
      warnings.push({
        line: at.line,
        column: at.column,
        message: `\`${key}\` is not valid YAML (${why(parsed.problems)}) and was left out.`,
      });
    }
    places.set(key, { line, column: 1 });
  }
  if (fields.size > 0) return { fields, places, warnings, errors: [] };
  const parsed = parseYamlText(block.join('\n'), firstLine);
  return {
    fields,
    places,
    warnings,
    errors: parsed.problems.map(({ line, column, message }) => ({
      line,
      column,
      message: `The front matter is not valid YAML: ${message}`,
    })),
  };
}

/** Of a text that is no valid YAML, only these are expected to go on after their first line. */
function isLong(key: string): boolean {
  return key === 'description' || key === 'initialPrompt';
}

function why(problems: readonly TextProblem[]): string {
  return problems[0]?.message ?? 'it has no value of its own';
}

interface Chunk {
  readonly key: string;
  readonly lines: string[];
  readonly line: number;
}

function chunksOf(block: readonly string[], firstLine: number): Chunk[] {
  const chunks: Chunk[] = [];
  block.forEach((text, index) => {
    const key = keyOf(text);
    if (key !== undefined) chunks.push({ key, lines: [text], line: firstLine + index });
    else chunks.at(-1)?.lines.push(text);
  });
  return chunks;
}

function keyOf(line: string): string | undefined {
  const key = /^([A-Za-z][\w-]*):(?:\s|$)/.exec(line)?.[1];
  return key !== undefined && knownKeys.has(key) ? key : undefined;
}

function plainText(lines: readonly string[]): string {
  const [first = '', ...rest] = lines;
  const value = [first.replace(/^[\w-]+:\s*/, ''), ...rest].join('\n').trim();
  const quoted = /^(["'])([\s\S]*)\1$/.exec(value);
  return quoted?.[2] ?? value.replace(/^[|>][+-]?\s*\n/, '');
}
