import { isHarmlessVariable } from './environmentNames';
import { gitPaths } from './gitUse';
import { harmless } from './harmlessCommands';
import { pathsOf, usage, type PathUse } from './optionSpec';
import { looksElsewhere, type Word } from './shellWord';

/**
 * Which paths a command reads and writes, where that can be told.
 * @returns undefined for a program nothing is known of; a text says why this use of a known one is not harmless
 */
export function usesOf(name: string, words: readonly Word[]): PathUse[] | string | undefined {
  const special = Object.hasOwn(specials, name) ? specials[name] : undefined;
  if (special) return special(words);
  const known = harmless.get(name);
  return known && pathsOf(known, words);
}

const specials: Readonly<Record<string, (words: readonly Word[]) => PathUse[] | string>> = {
  git: gitPaths,
  cp: copied,
  mv: moved,
  install: installed,
  ln: linked,
  sed,
  awk,
  gawk: awk,
  mawk: awk,
  dd,
  jq,
  printf,
  set,
  cd,
  read,
  find,
  test,
  date,
  strings,
};

const copyOptions = usage(
  '-fnpuv -t=write --force --no-clobber --verbose --update --target-directory=write',
  'read',
);

/** The last operand is written, and so is what appears in it when it is a folder. */
function copied(words: readonly Word[]): PathUse[] | string {
  return toDestination(words, 'read', copyOptions);
}

function moved(words: readonly Word[]): PathUse[] | string {
  return toDestination(words, 'write', copyOptions);
}

function installed(words: readonly Word[]): PathUse[] | string {
  return toDestination(words, 'read', usage('-Dpv -m=text --mode=text', 'read'));
}

/** A hard link is another name of the same bytes, so that what it leads to counts as written. */
function linked(words: readonly Word[]): PathUse[] | string {
  const uses = toDestination(words, 'write', usage('-sfnvr --symbolic --force', 'read'));
  if (typeof uses === 'string') return uses;
  const [target, destination, , ...more] = uses;
  if (!target || !destination || more.length > 0) return 'it makes several links';
  // A relative target is read from where the link stands.
  const isDeep = destination.word.text.includes('/') && !target.word.text.startsWith('/');
  if (!isDeep) return uses;
  return [{ ...target, word: { kind: 'dynamic', text: target.word.text } }, ...uses.slice(1)];
}

function toDestination(
  words: readonly Word[],
  source: 'read' | 'write',
  options: Parameters<typeof pathsOf>[0],
): PathUse[] | string {
  const uses = pathsOf(options, words);
  if (typeof uses === 'string') return uses;
  const given = uses.find((use) => use.effect === 'write');
  const operands = uses.filter((use) => use.effect === 'read');
  const destination = given ?? operands.pop();
  if (!destination || operands.length === 0) return 'it names no destination';
  if (destination.word.kind !== 'literal') return `${destination.word.text} is only known when it runs`;
  const below = operands.map(({ word, at }): PathUse => {
    const name = word.text.replace(/\/+$/, '').split('/').at(-1) ?? '';
    const kind = word.kind === 'literal' ? 'literal' : 'dynamic';
    return { effect: 'write', at, word: { kind, text: `${destination.word.text}/${name}` } };
  });
  return [
    ...operands.map((use): PathUse => ({ ...use, effect: source })),
    { ...destination, effect: 'write' },
    ...below,
  ];
}

/** Scripts that print, delete or replace lines. `e`, `w`, `r` and the flags of the same names run and write. */
const sedScript =
  /^(\s*((\d+|\$|\/[^/\\\n]*\/)(,\s*(\d+|\$|\/[^/\\\n]*\/))?)?\s*!?([pdq=]|s([/|,#])((?!\7)[^\\\n]|\\.)*\7((?!\7)[^\\\n]|\\.)*\7[gpIi0-9]*)?\s*(;|$))+$/;

/** Some systems take a delimiter in brackets as a character, others as the end. */
const bracketed = /\[[^\]]*[/|,#]/;

function sed(words: readonly Word[]): PathUse[] | string {
  const inPlace = words.some(
    (word) => word.kind === 'literal' && /^(-[nErsz]*i|--in-place$)/.test(word.text),
  );
  const plain = words.filter((word) => !/^(-i|--in-place)$/.test(word.text));
  const uses = pathsOf(
    usage('-nErsz -e=text --quiet --regexp-extended --expression=text', 'pattern read'),
    plain,
  );
  if (typeof uses === 'string') return uses;
  for (const script of scriptsOf(plain)) {
    if (script?.kind !== 'literal') return 'its script is only known when it runs';
    if (script.text.length > 500 || !sedScript.test(script.text) || bracketed.test(script.text))
      return 'its script may do more than edit';
  }
  return uses.map((use) => ({ ...use, effect: inPlace ? 'write' : 'read' }));
}

/** The values of `-e`, else the first operand. */
function scriptsOf(words: readonly Word[]): (Word | undefined)[] {
  const given = words.flatMap((word, at) =>
    /^(-[nErsz]*e|--expression)$/.test(word.text) ? [words[at + 1]] : [],
  );
  const joined = words.some((word) => /^(-[nErsz]*e.|--expression=)/.test(word.text));
  if (joined) return [undefined];
  return given.length > 0 ? given : [words.slice(1).find((word) => !word.text.startsWith('-'))];
}

function awk(words: readonly Word[]): PathUse[] | string {
  const uses = pathsOf(usage('-F=text -v=text', 'pattern read'), words);
  if (typeof uses === 'string') return uses;
  let at = 1;
  while (words[at]?.text.startsWith('-')) at += /^-[Fv]$/.test(words[at]?.text ?? '') ? 2 : 1;
  const script = words[at];
  // After the script everything is a file for awk, whatever it begins with.
  if (words.slice(at + 1).some(({ text }) => /^-./.test(text)))
    return 'it names a file that looks like an option';
  const isPlain =
    script?.kind === 'literal' &&
    !/[|><@\\]|system|getline|close|fflush|ARG|ENVIRON|PROCINFO|load|include/.test(script.text);
  return isPlain ? uses : 'its script may do more than print';
}

function dd(words: readonly Word[]): PathUse[] | string {
  const uses: PathUse[] = [];
  for (const [at, word] of words.entries()) {
    if (at === 0) continue;
    const [, key = '', value = ''] = /^(\w+)=([^]*)$/.exec(word.text) ?? [];
    if (word.kind !== 'literal' || !/^(if|of|bs|ibs|obs|count|skip|seek|status|conv)$/.test(key))
      return `${word.text} is not known to be harmless`;
    const effect = key === 'if' ? 'read' : key === 'of' ? 'write' : undefined;
    if (effect) uses.push({ effect, at, word: { kind: 'literal', text: value } });
  }
  return uses;
}

function jq(words: readonly Word[]): PathUse[] | string {
  const uses = pathsOf(
    usage('-cerRsSnajM --raw-output --compact-output --sort-keys --slurp', 'pattern read'),
    words,
  );
  if (typeof uses === 'string') return uses;
  const filter = words.slice(1).find((word) => !word.text.startsWith('-'));
  const isPlain =
    filter?.kind === 'literal' && !/import|include|input|env|\$__|debug|stderr|halt/.test(filter.text);
  return isPlain ? uses : 'its filter may read more than the files it is given';
}

/** `-v` gives a variable a value. */
function printf([, format, ...values]: readonly Word[]): PathUse[] | string {
  if (values.some(looksElsewhere)) return 'it lists names outside the folder it runs in';
  return format?.kind === 'literal' && !format.text.startsWith('-') ? [] : 'its format is not a plain text';
}

function set(words: readonly Word[]): PathUse[] | string {
  const line = words
    .slice(1)
    .map((word) => (word.kind === 'literal' ? word.text : '?'))
    .join(' ');
  return /^-[eux]+(o pipefail)?$|^-o pipefail$/.test(line) ? [] : 'it changes how the shell works';
}

/** Where it leads is for the reader; here it is only a folder that is looked at. */
function cd(words: readonly Word[]): PathUse[] | string {
  const [, target] = words;
  return words.length === 2 && target
    ? [{ effect: 'read', word: target, at: 1 }]
    : 'it changes to a folder that is not named';
}

function read(words: readonly Word[]): PathUse[] | string {
  const names = words.slice(1).filter((word) => word.text !== '-r');
  const isPlain = names.every((word) => word.kind === 'literal' && isHarmlessVariable(word.text));
  return isPlain ? [] : 'it reads into a variable that may decide what runs';
}

function test(words: readonly Word[]): PathUse[] | string {
  const computes = words.some((word) => word.kind === 'literal' && /^-(v|R)$/.test(word.text));
  return computes ? 'it tests more than files and texts' : [];
}

/** Any operand but a format sets the clock. */
function date(words: readonly Word[]): PathUse[] | string {
  const isShown = words.slice(1).every(({ kind, text }) => kind === 'literal' && /^(-[uR]+$|\+)/.test(text));
  return isShown ? [] : 'it may set the clock';
}

/** `@file` is read for options and names of files. */
function strings(words: readonly Word[]): PathUse[] | string {
  const isIndirect = words.some(({ kind, text }) => kind !== 'literal' || text.startsWith('@'));
  return isIndirect
    ? 'it may read names of files from a file'
    : pathsOf(usage('-a -n=text -t=text', 'read'), words);
}

const findTests = new Set(
  '-name -iname -path -ipath -wholename -regex -iregex -type -maxdepth -mindepth -size -mtime -mmin -ctime -cmin -atime -amin -perm -regextype'.split(
    ' ',
  ),
);
const findWords = new Set(
  '! ( ) -not -a -and -o -or -print -print0 -prune -empty -xdev -mount -true -false -executable -readable -writable -depth -quit'.split(
    ' ',
  ),
);

/** The tests of find; what it runs for each file was followed before and is left out of `words`. */
function find(words: readonly Word[]): PathUse[] | string {
  let at = 1;
  const uses: PathUse[] = [];
  for (; at < words.length && !/^[-!(]/.test(words[at]?.text ?? ''); at++) {
    const word = words[at];
    if (word) uses.push({ effect: 'read', word, at });
  }
  for (; at < words.length; at++) {
    const word = words[at];
    if (word?.kind !== 'literal') return `${word?.text ?? ''} is only known when it runs`;
    if (findTests.has(word.text)) {
      if (words[++at]?.kind !== 'literal') return `${word.text} has a value that is only known when it runs`;
    } else if (word.text === '-newer') {
      const file = words[++at];
      if (file) uses.push({ effect: 'read', word: file, at });
    } else if (!findWords.has(word.text)) return `find ${word.text} does more than look`;
  }
  return uses;
}
