/**
 * What a command line of an agent proves: which checks it runs, and whether its exit code is that of a check. Errs on the
 * side of proving nothing.
 */

export type Subject = 'tests' | 'types' | 'lint' | 'build' | 'format';

export interface CheckedCommand {
  /** The simple command, its words joined by single spaces. */
  readonly command: string;
  readonly subject: Subject | undefined;
  /** It names what to check, so it does not speak for everything. */
  readonly isPartial: boolean;
  /** The line's success is the success of this command. */
  readonly provesSuccess: boolean;
  /** The line's failure is the failure of this command. */
  readonly provesFailure: boolean;
}

/** The simple commands of a line, in order. */
export function commandsIn(line: string): CheckedCommand[] {
  const parts = split(line);
  const lasting = parts.filter(({ words }) => !isPlumbing(words));
  return parts.map(({ words, joinedBy }, at) => {
    const after = parts.slice(at).map((part) => part.joinedBy);
    const provesSuccess = after.every((join) => join === '&&' || join === '');
    const bare = program(words);
    const subject = subjectOf(bare);
    return {
      command: bare.join(' '),
      subject,
      isPartial: subject !== undefined && isPartial(bare, subject),
      provesSuccess,
      provesFailure: provesSuccess && joinedBy === '' && lasting.length === 1,
    };
  });
}

/** Whether a line may have changed files of the worktree, other than what checks write. */
export function mayChangeFiles(line: string): boolean {
  return split(line).some(({ words, redirects }) => {
    if (redirects) return true;
    const bare = program(words);
    if (isPlumbing(words) || bare.length === 0) return false;
    if (bare.some((word) => /^(--fix|--write|-w|-i|--in-place|--update|-u)$/.test(word))) return true;
    return subjectOf(bare) === undefined && !isReading(bare);
  });
}

interface Part {
  readonly words: readonly string[];
  /** What stands between it and the next: `&&`, `||`, `|`, `;`, `&`; empty for the last. */
  readonly joinedBy: string;
  readonly redirects: boolean;
}

/** Quotes are honoured; substitutions and blocks are taken as words, which then are no known command. */
function split(line: string): Part[] {
  const parts: Part[] = [];
  let words: string[] = [];
  let redirects = false;
  const end = (joinedBy: string) => {
    if (words.length > 0) parts.push({ words, joinedBy, redirects });
    else if (joinedBy !== '' && joinedBy !== ';' && parts.length > 0)
      parts.push({ words: ['?'], joinedBy, redirects });
    [words, redirects] = [[], false];
  };
  for (const [token] of line.matchAll(tokens)) {
    if (/^(&&|\|\||\||;|&|\n)$/.test(token)) end(token === '\n' ? ';' : token);
    else if (/^\d?&?>/.test(token)) redirects ||= !/^(2>&1|\d?>&\d|\d?&?>{1,2}\s*\/dev\/null)$/.test(token);
    else if (!/^\s+$/.test(token)) words.push(token.replace(/^(["'])(.*)\1$/s, '$2'));
  }
  end('');
  // A semicolon or a line break at the end joins nothing.
  const last = parts.at(-1);
  return last?.joinedBy === ';' ? [...parts.slice(0, -1), { ...last, joinedBy: '' }] : parts;
}

const tokens =
  /\d?>&\d|\d?&?>{1,2}\s*[^\s;&|]*|&&|\|\||[|;&\n]|[^\S\n]+|(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s|;&>"'\\])+|./gs;

/** Changes of folder and of the environment neither check nor change anything. */
function isPlumbing(words: readonly string[]): boolean {
  return /^(cd|export|set|source|\.|pushd|popd|true|:)$/.test(words[0] ?? '');
}

/** Without assignments and without what only starts another program. */
function program(words: readonly string[]): string[] {
  const rest = [...words];
  for (;;) {
    const first = rest[0] ?? '';
    if (/^\w+=/.test(first) || /^(time|env|command|exec|nice)$/.test(first)) rest.shift();
    else if (first === 'timeout') rest.splice(0, 2);
    else if (/^(npx|bunx|pnpx)$/.test(first)) dropRunner(rest, 1);
    else if (
      /^(pnpm|yarn|npm|bun|poetry|uv|pipenv|bundle)$/.test(first) &&
      /^(exec|run|x|dlx)$/.test(rest[1] ?? '')
    ) {
      // `npm run test` is a script of that name; of the others the program itself follows.
      if (/^(npm|pnpm|yarn|bun)$/.test(first) && rest[1] === 'run') return ['npm', 'run', ...rest.slice(2)];
      dropRunner(rest, 2);
    } else return rest;
    if (rest.length === 0) return rest;
  }
}

function dropRunner(rest: string[], count: number): void {
  rest.splice(0, count);
  while (/^--?[a-z]/.test(rest[0] ?? '')) rest.shift();
}

const known: readonly (readonly [Subject, RegExp])[] = [
  [
    'format',
    /^(prettier\b.* (--check|-c|-l)\b|cargo fmt\b.*--check|ruff format\b.*--check|gofmt -l|npm run \S*format\S*check|npm run check:format)/,
  ],
  ['tests', /^(npm|pnpm|yarn|bun|deno) (t|test)\b/],
  ['tests', /^npm run (test|tests|unit)(\b|:)/],
  ['tests', /^(jest|vitest|mocha|ava|tap|karma|pytest|tox|nox|rspec|phpunit|ctest)\b/],
  ['tests', /^node\b.* --test\b|^python3? -m (pytest|unittest)\b|^playwright test\b|^cypress run\b/],
  [
    'tests',
    /^(go|cargo|dotnet|mix|swift) test\b|^cargo nextest\b|^(\.\/)?(mvnw?|gradlew?)\b.* (test|verify|check)\b/,
  ],
  ['tests', /^make (test|tests|check)\b/],
  ['build', /^npm run build(\b|:)|^(pnpm|yarn) build\b|^tsc (-b|--build)\b/],
  [
    'build',
    /^(cargo|go|dotnet|swift) build\b|^(\.\/)?(mvnw?|gradlew?)\b.* (package|compile|install|build|assemble)\b/,
  ],
  ['build', /^make( (all|build))?$|^(vite|next|webpack|rollup|esbuild) ?(build)?/],
  [
    'types',
    /^(tsc|vue-tsc|mypy|pyright|flow)\b|^cargo check\b|^npm run \S*(types?|typecheck|type-check|tsc)\S*/,
  ],
  [
    'lint',
    /^(eslint|stylelint|flake8|pylint|golangci-lint|rubocop|biome)\b|^ruff( check)?\b|^cargo clippy\b|^npm run \S*lint\S*/,
  ],
];

function subjectOf(words: readonly string[]): Subject | undefined {
  const text = words.join(' ');
  return known.find(([, pattern]) => pattern.test(text))?.[0];
}

/** Paths and filters after the program. */
function isPartial(words: readonly string[], subject: Subject): boolean {
  const rest = words.slice(1);
  if (subject === 'build') return false;
  if (
    rest.some((word) =>
      /^(-k|-t|-g|--grep|--filter|--testNamePattern|-run|--run|-p|--project|--package)\b/.test(word),
    )
  )
    return !(
      subject === 'types' && rest.every((word) => /^(-p|--project|--noEmit|\.|tsconfig\S*)$/.test(word))
    );
  return rest.some(
    (word) => !word.startsWith('-') && /[/*]|\.\w+$/.test(word) && !/^\.(\/\.\.\.)?$/.test(word),
  );
}

function isReading(words: readonly string[]): boolean {
  const [first = '', second = ''] = words;
  if (first === 'git') return /^(status|diff|log|show|blame|ls-files|grep|rev-parse|branch)$/.test(second);
  return /^(ls|cat|head|tail|grep|rg|egrep|find|wc|sort|uniq|echo|printf|pwd|which|type|file|stat|du|df|diff|cmp|tree|less|date|sleep|jq|cut|tr|test|\[|true|false|env|ps|curl)$/.test(
    first,
  );
}
