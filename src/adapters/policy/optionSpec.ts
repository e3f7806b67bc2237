import { looksElsewhere, type Word } from './shellWord';

/** What an argument means for the world: a text has no effect, a path is read or written. */
export type Effect = 'text' | 'read' | 'write';

/** `maybe`: a text that is only taken after `=`. */
type OptionEffect = Effect | 'none' | 'maybe';

/** How a program is used harmlessly; anything else of it asks. */
export interface Usage {
  readonly options: ReadonlyMap<string, OptionEffect>;
  /** Effects of the operands in their order; the last one also of all that follow. */
  readonly operands: readonly Effect[];
  /** The first operand is a pattern unless an option gave one. */
  readonly pattern: boolean;
  /** `-20` is a number. */
  readonly numbers: boolean;
}

export interface PathUse {
  readonly effect: 'read' | 'write';
  readonly word: Word;
  /** Position among the words. */
  readonly at: number;
}

/**
 * A usage from its notation: `-abc` are options without a value, `-n=text` and `--name=text` ones with a value and its
 * effect, `--name?` one whose text can be left out, `-#` a number. The operands are a list like `text read`, of which the last repeats; `pattern read` as grep has.
 */
export function usage(options: string, operands: string): Usage {
  const known = new Map<string, OptionEffect>();
  for (const option of options.split(/\s+/).filter(Boolean)) {
    if (option.endsWith('?')) {
      known.set(option.slice(0, -1), 'maybe');
      continue;
    }
    const [name, effect] = option.split('=') as [string, Effect | undefined];
    if (name.startsWith('--') || effect !== undefined) known.set(name, effect ?? 'none');
    else for (const letter of name.slice(1)) known.set(`-${letter}`, 'none');
  }
  const effects = operands.split(' ').filter((effect) => effect !== '');
  return {
    options: known,
    operands: effects.filter((effect): effect is Effect => effect !== 'pattern'),
    pattern: effects[0] === 'pattern',
    numbers: known.has('-#'),
  };
}

/**
 * The paths a use of a program touches; a text says why it cannot be told.
 * @param words of the command, the program first
 */
export function pathsOf(
  { options, operands, pattern, numbers }: Usage,
  words: readonly Word[],
): PathUse[] | string {
  const list = words.find(looksElsewhere);
  if (options.size === 0 && operands[0] === 'text' && !pattern)
    return list ? `${list.text} lists names outside the folder it runs in` : [];
  const uses: PathUse[] = [];
  const rest: { word: Word; at: number }[] = [];
  let givesPattern = false;
  for (let at = 1; at < words.length; at++) {
    const word = words[at];
    if (!word) break;
    if (word.kind === 'literal' && word.text === '--') {
      words.slice(at + 1).forEach((operand, more) => rest.push({ word: operand, at: at + 1 + more }));
      break;
    }
    if (word.kind === 'stream' || !mayBeOption(word)) {
      rest.push({ word, at });
      continue;
    }
    if (word.kind !== 'literal') return `${word.text} is only known when it runs`;
    if (numbers && /^-\d+$/.test(word.text)) continue;
    const option = readOption(word.text, options);
    if (!option) return `the option ${word.text} is not known to be harmless`;
    givesPattern ||= /^(-e|-f|--regexp|--file|--expression)$/.test(option.name);
    if (option.effect === 'none') continue;
    const value: Word | undefined =
      option.value === undefined ? words[++at] : { kind: 'literal', text: option.value };
    if (!value) return `the option ${option.name} lacks its value`;
    if (!isOneWord(value)) return `${value.text} may become more than the value of ${option.name}`;
    if (option.effect !== 'text') uses.push({ effect: option.effect, word: value, at });
  }
  if (pattern && !givesPattern) rest.shift();
  rest.forEach(({ word, at }, place) => {
    const effect = operands[Math.min(place, operands.length - 1)];
    if (effect === 'read' || effect === 'write') uses.push({ effect, word, at });
  });
  if (operands.length === 0 && rest.length > 0) return `it takes no ${rest[0]?.word.text ?? 'arguments'}`;
  return uses;
}

/** A pattern without a folder in front could become an option: `*` means a file named `-rf` too. */
function mayBeOption({ kind, text }: Word): boolean {
  if (kind === 'literal') return text.startsWith('-') && text !== '-';
  if (kind === 'glob') return /^[-*?[]/.test(text);
  return kind === 'dynamic';
}

/** Unquoted, what is only known when it runs may become several words or none, of which the next would be files. */
function isOneWord({ kind, text }: Word): boolean {
  return kind === 'literal' || kind === 'stream' || (kind === 'dynamic' && /^"[^"@]*"$/.test(text));
}

interface Option {
  readonly name: string;
  readonly effect: Effect | 'none';
  readonly value?: string;
}

function readOption(text: string, options: Usage['options']): Option | undefined {
  if (options.size === 0) return undefined;
  const whole = options.get(text);
  if (whole !== undefined) return { name: text, effect: whole === 'maybe' ? 'none' : whole };
  if (text.startsWith('--')) {
    const [name = '', ...value] = text.split('=');
    const effect = options.get(name);
    if (effect === undefined || effect === 'none' || value.length === 0) return undefined;
    return { name, effect: effect === 'maybe' ? 'text' : effect, value: value.join('=') };
  }
  for (let at = 1; at < text.length; at++) {
    const name = `-${text[at] ?? ''}`;
    const effect = options.get(name);
    if (effect === undefined || effect === 'maybe') return undefined;
    if (effect === 'none') continue;
    const value = text.slice(at + 1);
    return value === '' ? { name, effect } : { name, effect, value };
  }
  return { name: text, effect: 'none' };
}
