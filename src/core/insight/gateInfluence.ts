import type { Deliverable } from '../model/event';

/** What of a result its own gates depend on. */
export interface ChangedFiles {
  readonly files: readonly Pick<Deliverable, 'path' | 'change'>[];
  /** A unified diff of them; may be cut. */
  readonly diff: string;
  /** The manifests (`package.json`) among them, before and after; undefined where there was or is none. */
  readonly manifests: readonly { path: string; before: string | undefined; after: string | undefined }[];
}

/**
 * What the host can see of changes by which a result passes gates that it would not have passed before: what they run or
 * how strict they are, tests that are gone, checks that are turned off in the text. None of it is wrong by itself, so
 * it is said and decides nothing. In sentences.
 */
export function gateInfluence({ files, diff, manifests }: ChangedFiles): string[] {
  const settings = files.map(({ path }) => path).filter((path) => setting.test(path));
  const scripts = manifests.filter(({ before, after }) => differs(before, after)).map(({ path }) => path);
  const gone = files.filter(({ path, change }) => change === 'deleted' && isTest(path));
  return [
    ...said('It changes what gates run or how strict they are', [...scripts, ...settings]),
    ...said(
      'It removes tests',
      gone.map(({ path }) => path),
    ),
    ...said('It turns checks off', marksIn(diff)),
  ];
}

export function isManifest(path: string): boolean {
  return /(^|\/)package\.json$/.test(path);
}

const mostNamed = 10;

function said(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
  return [`${what}: ${names.slice(0, mostNamed).join(', ')}${more}.`];
}

/** Settings of compilers, linters, formatters and runners of tests. */
const setting = new RegExp(
  `(^|/)(${[
    ...['tsconfig[^/]*\\.json', '\\.?(eslint|prettier|mocha|babel|nyc|c8|stylelint)rc[^/]*'],
    ...['(eslint|prettier|vite|vitest|jest|playwright|cypress|ava|karma)\\.config\\.[^/]+'],
    ...[
      '\\.(eslint|prettier)ignore',
      'biome\\.jsonc?',
      'deno\\.jsonc?',
      '\\.swcrc',
      'nx\\.json',
      'turbo\\.json',
    ],
    ...[
      'pyproject\\.toml',
      'setup\\.cfg',
      'tox\\.ini',
      'pytest\\.ini',
      'mypy\\.ini',
      '\\.?ruff\\.toml',
      '\\.flake8',
    ],
    ...['conftest\\.py', 'noxfile\\.py', '\\.golangci\\.[^/]+', '\\.?clippy\\.toml', 'phpunit\\.xml[^/]*'],
    ...['[Mm]akefile', '[Jj]ustfile', 'Rakefile', '\\.rspec', '\\.gitleaks[^/]*'],
  ].join('|')})$`,
);

function isTest(path: string): boolean {
  return /(^|\/)(tests?|specs?|__tests__|e2e)\/|[._-](test|spec)\.[^/]+$|(^|\/)test_[^/]+\.py$|_test\.\w+$/i.test(
    path,
  );
}

/** Fields of a manifest that no gate asks for. */
const plainFields = new Set(
  (
    'name version description keywords author contributors license homepage bugs repository funding dependencies ' +
    'devDependencies peerDependencies optionalDependencies bundledDependencies private files'
  ).split(' '),
);

function differs(before: string | undefined, after: string | undefined): boolean {
  if (before === undefined || after === undefined) return before !== undefined;
  const [one, other] = [tellingFields(before), tellingFields(after)];
  return one === undefined || one !== other;
}

/** Undefined for what is not a manifest. */
function tellingFields(text: string): string | undefined {
  try {
    const fields = Object.entries(JSON.parse(text) as object).filter(([name]) => !plainFields.has(name));
    return JSON.stringify(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
  } catch {
    return undefined;
  }
}

const anywhere =
  /@ts-(nocheck|ignore)\b|\beslint-disable\b[\w-]*|\b(c8|istanbul) ignore\b|#\s*type:\s*ignore|#\s*noqa\b|\bnolint\b/;
const inTests =
  /\b(describe|it|test|suite|context)\.(only|skip)\b|\b(xit|xdescribe|fit|fdescribe)\(|\bmark\.skip\w*|\bt\.Skip\(|#\[ignore\]|@(Disabled|Ignore)\b/;

/** `mark in file`, each once, of the lines a diff adds. */
function marksIn(diff: string): string[] {
  const found = new Set<string>();
  let path = '';
  for (const line of diff.split('\n')) {
    if (line.startsWith('+++ ')) path = line.slice(4).replace(/^b\//, '');
    else if (line.startsWith('+') && !/\.(md|mdx|txt|rst)$/i.test(path)) {
      const mark = anywhere.exec(line) ?? (isTest(path) ? inTests.exec(line) : null);
      if (mark) found.add(`${mark[0]} in ${path}`);
    }
  }
  return [...found];
}
