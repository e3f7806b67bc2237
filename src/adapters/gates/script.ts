import type { Repository } from './repository';

/** A word of a shell command with its place in the text, quotes removed. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** One command of a script: `FOO=1 c8 mocha test/*.js`. */
export interface Command {
  /** As it is written; what is run. */
  readonly text: string;
  /** The program and its arguments, without leading assignments and carriers such as `npx` and `cross-env`. */
  readonly words: readonly Word[];
}

const operators = /[|;&<>()`\n]/;

/**
 * Splits a script at its `&&` into simple commands. Undefined when it is more than that (pipes, redirections,
 * substitutions): such a script can only be run as it is.
 */
export function splitScript(script: string): Command[] | undefined {
  const parts: string[] = [];
  let part = '';
  let quote = '';
  for (let index = 0; index < script.length; index++) {
    const char = script.charAt(index);
    if (char === '\\' && quote !== "'") {
      part += char + script.charAt(++index);
      continue;
    }
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (quote === '"' && (char === '`' || script.startsWith('$(', index))) return undefined;
    } else if (char === '"' || char === "'") {
      quote = char;
    } else if (script.startsWith('&&', index)) {
      parts.push(part);
      part = '';
      index++;
      continue;
    } else if (operators.test(char) || script.startsWith('$(', index)) {
      return undefined;
    }
    part += char;
  }
  if (quote !== '') return undefined;
  const commands = [...parts, part].map((text) => text.trim()).filter((text) => text !== '');
  return commands.map((text) => ({ text, words: withoutCarriers(wordsOf(text)) }));
}

/**
 * The commands a script of the manifest comes down to: `npm run x` and `run-s a b` are followed, with their `pre` and
 * `post` scripts. Undefined when one of them is more than simple commands.
 */
export function expandScript(repository: Repository, name: string, depth = 0): Command[] | undefined {
  if (depth > 5) return undefined;
  const commands: Command[] = [];
  for (const script of [`pre${name}`, name, `post${name}`]) {
    const text = repository.script(script);
    if (text === undefined) continue;
    const split = splitScript(text);
    if (split === undefined) return undefined;
    for (const command of split) {
      const followed = follow(repository, command, depth);
      if (followed === undefined) return undefined;
      commands.push(...followed);
    }
  }
  return commands;
}

function follow(repository: Repository, command: Command, depth: number): Command[] | undefined {
  const scripts = scriptsCalled(command);
  if (scripts === undefined) return [command];
  const expanded = scripts.map((script) =>
    repository.script(script) === undefined ? undefined : expandScript(repository, script, depth + 1),
  );
  return expanded.includes(undefined) ? undefined : expanded.flatMap((one) => one ?? []);
}

/** Names of the scripts a command runs; undefined when it is no such command or passes arguments on. */
function scriptsCalled(command: Command): string[] | undefined {
  const [program = '', ...rest] = command.words.map((word) => word.text);
  const args = rest.filter((word) => !/^(-s|--silent|-l|--sequential|--serial)$/.test(word));
  if (/^(run-s|npm-run-all)$/.test(program))
    return args.every((arg) => /^[\w:.-]+$/.test(arg) && !arg.startsWith('-')) ? args : undefined;
  if (!/^(npm|pnpm|yarn|bun)$/.test(program)) return undefined;
  const [verb = '', script] = args;
  if (/^(run|run-script)$/.test(verb))
    return args.length === 2 && script !== undefined ? [script] : undefined;
  if (program !== 'bun' && /^(test|t)$/.test(verb) && args.length === 1) return ['test'];
  return undefined;
}

function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g)) {
    const plain = match[0].replace(/\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, escaped, double, single) =>
      String(escaped ?? double ?? single),
    );
    words.push({ text: plain, start: match.index, end: match.index + match[0].length });
  }
  return words;
}

const isAssignment = (word: Word) => /^\w+=/.test(word.text);

function withoutCarriers(words: readonly Word[]): readonly Word[] {
  let rest = words;
  while (rest[0] !== undefined) {
    const [first, second] = rest.map((word) => word.text);
    if (isAssignment(rest[0]) || /^(env|cross-env|cross-env-shell|npx|bunx)$/.test(first ?? ''))
      rest = rest.slice(1);
    else if (/^(pnpm|yarn)$/.test(first ?? '') && second === 'exec') rest = rest.slice(2);
    else if (first === 'npm' && second === 'exec') rest = rest.slice(rest[2]?.text === '--' ? 3 : 2);
    else break;
  }
  return rest;
}

/** The name of a program, however it is written: `./node_modules/.bin/mocha`, `node node_modules/mocha/bin/mocha.js`. */
export function programName(word: string): string {
  const inPackage = /node_modules[\\/](?!\.bin)((?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(word)?.[1];
  if (inPackage !== undefined) return inPackage;
  return (word.split(/[\\/]/).at(-1) ?? word).replace(/\.(cmd|exe|[cm]?js)$/, '');
}

/** The command without some of its words. */
export function withoutWords(
  command: Command,
  isUnwanted: (word: string, previous: string) => boolean,
): Command {
  const { words } = command;
  const unwanted = words.filter(
    (word, index) => index > 0 && isUnwanted(word.text, words[index - 1]?.text ?? ''),
  );
  const text = unwanted.reduceRight(
    (line, { start, end }) => line.slice(0, start).trimEnd() + line.slice(end),
    command.text,
  );
  const [again] = splitScript(text) ?? [];
  return again ?? command;
}

/** The command line with arguments put behind one of its words, or at the end. */
export function withArguments(command: Command, args: readonly string[], behind?: Word): string {
  const at = behind?.end ?? command.text.length;
  return [command.text.slice(0, at), ...args.map(quoted)].join(' ') + command.text.slice(at);
}

/** Quotes a word for the shell that runs it. */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return process.platform === 'win32'
    ? `"${word.replaceAll('"', '""')}"`
    : `'${word.replaceAll("'", `'\\''`)}'`;
}
