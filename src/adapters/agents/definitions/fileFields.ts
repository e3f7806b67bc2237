import type { FileProblem } from '../../../core/model/agent';
import type { FileField } from '../../../core/model/agentFile';
import type { FrontMatter } from './frontMatter';

/** The fields of a file as values of the kind that is wanted; whatever is of another kind costs a warning at its place. */
export interface FileFields {
  readonly problems: readonly FileProblem[];
  readonly has: (key: string) => boolean;
  readonly value: (key: string) => unknown;
  /** A text without control characters, trimmed and at most `maxChars` long; undefined where there is none. */
  readonly text: (key: string, maxChars: number) => string | undefined;
  /** A list of texts, also one that is written with commas. */
  readonly strings: (key: string) => string[] | undefined;
  /** A whole number of 1 or more. */
  readonly count: (key: string) => number | undefined;
  readonly flag: (key: string) => boolean | undefined;
  /** @param key where it stands: the place of this field, or the first line */
  readonly warn: (key: string, message: string) => void;
  /** Fields without effect here; a name that is probably a mistyped one is warned of. */
  readonly unused: (known: readonly FileField[]) => { field: string; reason: string }[];
}

export function fileFields(front: FrontMatter, path: string): FileFields {
  const problems: FileProblem[] = [
    ...front.errors.map((problem) => ({ path, severity: 'error' as const, ...problem })),
    ...front.warnings.map((problem) => ({ path, severity: 'warning' as const, ...problem })),
  ];
  const warn = (key: string, message: string) => {
    const { line, column } = front.places.get(key) ?? { line: 1, column: 1 };
    problems.push({ path, line, column, severity: 'warning', message });
  };
  const value = (key: string) => front.fields?.get(key) ?? undefined;
  return {
    problems,
    has: (key) => value(key) !== undefined,
    value,
    text: (key, maxChars) => {
      const given = value(key);
      if (given === undefined) return undefined;
      const text = cleaned(textOf(given));
      if (typeof given !== 'string')
        warn(key, `\`${key}\` is not a text; it was read as "${clip(text, 200)}".`);
      if (text.length > maxChars)
        warn(key, `\`${key}\` has ${text.length} characters; the first ${maxChars} were taken.`);
      return clip(text, maxChars).trim();
    },
    strings: (key) => {
      const given = value(key);
      if (given === undefined) return undefined;
      const parts: unknown = typeof given === 'string' ? given.split(',') : given;
      if (Array.isArray(parts) && parts.every((part) => typeof part === 'string'))
        return [...new Set(parts.map((part) => cleaned(part).trim()).filter((part) => part !== ''))];
      warn(key, `\`${key}\` is not a list of texts; it was left out.`);
      return undefined;
    },
    count: (key) => {
      const given = value(key);
      if (given === undefined) return undefined;
      const number = typeof given === 'string' && /^\d+$/.test(given.trim()) ? Number(given) : given;
      if (typeof number === 'number' && Number.isSafeInteger(number) && number > 0) return number;
      warn(key, `\`${key}\` is not a whole number of 1 or more; it was left out.`);
      return undefined;
    },
    flag: (key) => {
      const given = value(key);
      if (given === undefined || typeof given === 'boolean') return given;
      if (given === 'true' || given === 'false') return given === 'true';
      warn(key, `\`${key}\` is neither true nor false; it was left out.`);
      return undefined;
    },
    warn,
    unused: (known) => unusedOf(front, known, warn),
  };
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((part) => typeof part !== 'object'))
    return value.map(String).join(', ');
  return JSON.stringify(value);
}

/** Control and direction characters would reach terminals and prompts as something else than what is seen. */
export function cleaned(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is taken out
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
}

function clip(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars - 1)}…`;
}

function unusedOf(
  front: FrontMatter,
  known: readonly FileField[],
  warn: FileFields['warn'],
): { field: string; reason: string }[] {
  const byName = new Map(known.map((field) => [field.name, field]));
  return [...(front.fields?.keys() ?? [])].flatMap((name) => {
    const field = byName.get(name);
    if (field) return field.unused === undefined ? [] : [{ field: name, reason: field.unused }];
    const meant = known.find((one) => one.unused === undefined && plain(one.name) === plain(name));
    if (!meant) return [{ field: clip(cleaned(name), 60), reason: 'it is not known here' }];
    warn(name, `\`${name}\` is not known here and has no effect. Did you mean \`${meant.name}\`?`);
    return [];
  });
}

/** Spellings that mean the same field. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[-_]/g, '')
    .replace(/^allowed/, '')
    .replace(/s$/, '');
}
