import type { Word } from './shellWord';

/** What a `find` runs for the files it finds, and what is left of it. */
export interface FindRuns {
  readonly own: readonly Word[];
  readonly inner: readonly (readonly Word[])[];
}

/** Undefined when a command in it has no end. */
export function findRuns(words: readonly Word[]): FindRuns | undefined {
  const own: Word[] = [];
  const inner: Word[][] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (!word) break;
    if (word.kind !== 'literal' || !/^-(exec|execdir|ok|okdir)$/.test(word.text)) {
      own.push(word);
      continue;
    }
    const end = words.findIndex((next, place) => place > at && isEnd(next, words[place - 1]));
    if (end < 0) return undefined;
    const file = foundFile(own, words);
    inner.push(words.slice(at + 1, end).map((part) => (part.text === '{}' ? file : withoutPlace(part))));
    at = end;
  }
  return { own, inner };
}

function isEnd(word: Word, before: Word | undefined): boolean {
  return word.kind === 'literal' && (word.text === ';' || (word.text === '+' && before?.text === '{}'));
}

function withoutPlace(word: Word): Word {
  return word.text.includes('{}') ? { kind: 'dynamic', text: word.text } : word;
}

/** A plain file below where the search begins, where a test before the command makes sure that it is no link. */
function foundFile(before: readonly Word[], words: readonly Word[]): Word {
  const [, start] = words;
  const isPlain = before.some(
    (word, at) => word.kind === 'literal' && word.text === '-type' && before[at + 1]?.text === 'f',
  );
  const mayBeOther = words.some((word) => /^(-o|-or|!|-not|-L|-H|-follow|,|-execdir)$/.test(word.text));
  const isNamed = start?.kind === 'literal' && !start.text.startsWith('-');
  return isPlain && !mayBeOther && isNamed
    ? { kind: 'within', text: start.text }
    : { kind: 'dynamic', text: '{}' };
}
