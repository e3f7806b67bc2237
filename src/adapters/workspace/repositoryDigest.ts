import { readFile, realpath } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { RepositoryDigest } from '../../core/planning/repositoryDigest';

/**
 * What a planner reads about a repository, from a worktree or a checkout of it. The same files give the same digest, and
 * it stays below about 12,000 characters whatever the size of the repository.
 */
export interface DigestSource {
  /** A folder that shows the commit. */
  readonly root: string;
  /** Tracked paths with `/`. */
  readonly paths: readonly string[];
  /** Subjects of the latest commits, newest first. */
  readonly subjects: readonly string[];
}

const bounds = {
  languages: 12,
  layout: 30,
  manifests: 20,
  scripts: 25,
  instructions: 4,
  instructionChars: 1200,
  lineChars: 90,
};

export async function repositoryDigest({ root, paths, subjects }: DigestSource): Promise<RepositoryDigest> {
  return {
    files: paths.length,
    languages: languagesOf(paths),
    layout: layoutOf(paths),
    manifests: paths.filter((path) => !path.includes('/') && isManifest(path)).slice(0, bounds.manifests),
    scripts: await scriptsOf(root, paths),
    instructions: await instructionsOf(root, paths),
    recentHistory: subjects.slice(0, 15).map(oneLine),
  };
}

/** Names by file extension; an extension that is not here is shown as it is. */
const names: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'TypeScript ts tsx mts cts',
    'JavaScript js jsx mjs cjs',
    'Python py',
    'Go go',
    'Rust rs',
    'Java java',
    'Kotlin kt kts',
    'C# cs',
    'C c h',
    'C++ cc cpp cxx hpp hh',
    'Ruby rb',
    'PHP php',
    'Swift swift',
    'Shell sh bash',
    'HTML html htm',
    'CSS css scss less',
    'Vue vue',
    'Svelte svelte',
    'SQL sql',
    'Markdown md mdx',
    'JSON json',
    'YAML yml yaml',
  ].flatMap((line) => {
    const [language = '', ...extensions] = line.split(' ');
    return extensions.map((extension) => [extension, language]);
  }),
);

function languagesOf(paths: readonly string[]): RepositoryDigest['languages'] {
  const languages = paths
    .map((path) => extname(path).slice(1).toLowerCase())
    .filter((extension) => extension !== '');
  const counted = countBy(languages.map((extension) => names[extension] ?? `.${extension.slice(0, 20)}`));
  return counted.slice(0, bounds.languages).map(([language, files]) => ({ language, files }));
}

/** Folders of the first level, and of the second where there is room, largest first and then in the order of their names. */
function layoutOf(paths: readonly string[]): string[] {
  const folders = paths.flatMap((path) => {
    const parts = path.split('/').slice(0, -1);
    return [1, 2]
      .filter((depth) => parts.length >= depth)
      .map((depth) => `${parts.slice(0, depth).join('/')}/`);
  });
  const counted = countBy(folders);
  const byDepth = [...counted].sort((a, b) => depthOf(a[0]) - depthOf(b[0]));
  const kept = byDepth.slice(0, bounds.layout).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = kept.map(
    ([folder, files]) => `${oneLine(folder)} (${files} ${files === 1 ? 'file' : 'files'})`,
  );
  const left = byDepth.length - kept.length;
  return left > 0 ? [...lines, `… and ${left} more folders`] : lines;
}

function depthOf(folder: string): number {
  return folder.split('/').length;
}

function isManifest(path: string): boolean {
  const known =
    /^(package\.json|tsconfig.*\.json|pyproject\.toml|setup\.(py|cfg)|requirements.*\.txt|go\.mod|Cargo\.toml|pom\.xml|build\.gradle(\.kts)?|Gemfile|composer\.json|Makefile|CMakeLists\.txt|Dockerfile|docker-compose\.ya?ml|pnpm-workspace\.yaml|turbo\.json|nx\.json|lerna\.json|deno\.jsonc?|\.editorconfig)$/;
  return known.test(path) || /^\.?[\w-]+(\.config\.\w+|rc(\.\w+)?)$/.test(path);
}

async function scriptsOf(root: string, paths: readonly string[]): Promise<RepositoryDigest['scripts']> {
  if (!paths.includes('package.json')) return [];
  const scripts = readScripts(await textOf(root, 'package.json'));
  return scripts
    .slice(0, bounds.scripts)
    .map(([name, command]) => ({ name: oneLine(name), command: oneLine(command) }));
}

function readScripts(text: string): [string, string][] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // A broken manifest has no scripts to tell; the gates will name it.
    return [];
  }
  const scripts =
    typeof parsed === 'object' && parsed !== null && 'scripts' in parsed ? parsed.scripts : undefined;
  if (typeof scripts !== 'object' || scripts === null) return [];
  return Object.entries(scripts).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

/** The most specific first; of a README only the head is of use. */
const instructionFiles = [
  'AGENTS.md',
  'CLAUDE.md',
  '.github/copilot-instructions.md',
  'CONTRIBUTING.md',
  'README.md',
];

async function instructionsOf(
  root: string,
  paths: readonly string[],
): Promise<RepositoryDigest['instructions']> {
  const byName = new Map(paths.map((path) => [path.toLowerCase(), path]));
  const present = instructionFiles.flatMap((name) => byName.get(name.toLowerCase()) ?? []);
  const texts = await Promise.all(
    present
      .slice(0, bounds.instructions)
      .map(async (path) => ({ path, text: cut(await textOf(root, path)) })),
  );
  return texts.filter(({ text }) => text !== '');
}

function cut(text: string): string {
  const trimmed = text.trim();
  return trimmed.length <= bounds.instructionChars
    ? trimmed
    : `${trimmed.slice(0, bounds.instructionChars)}\n…`;
}

/** A name or a subject in one line of bounded length. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= bounds.lineChars ? line : `${line.slice(0, bounds.lineChars - 1)}…`;
}

/** Empty for a file that is not here (a sparse checkout), and for a link: it could show a planner anything of the disk. */
async function textOf(root: string, path: string): Promise<string> {
  const [top, file] = await Promise.all([realpath(root), realpath(join(root, path)).catch(() => undefined)]);
  return file === join(top, path) ? readFile(file, 'utf8').catch(() => '') : '';
}

/** Most first, equal numbers in the order of the keys. */
function countBy(keys: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
