import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';

const maxNames = 500;

/**
 * The names of the libraries a repository declares at its root, as its manifests write them: `package.json`,
 * `requirements.txt`, `pyproject.toml`, `Cargo.toml`, `go.mod`, `Gemfile`. Empty where there are none; a manifest that
 * cannot be read has none.
 */
export async function dependencyNames(root: string): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(readers).map(async ([file, read]) => read(await textOf(root, file))),
  );
  return [...new Set(found.flat())].slice(0, maxNames);
}

const readers: Readonly<Record<string, (text: string) => string[]>> = {
  'package.json': packageNames,
  'requirements.txt': (text) => firstGroups(text, /^\s*([A-Za-z0-9][\w.-]*)/gm),
  'pyproject.toml': (text) => [
    ...firstGroups(section(text, /^dependencies\s*=\s*\[/m, /^\]/m), /["']([A-Za-z0-9][\w.-]*)/g),
    ...firstGroups(section(text, /^\[tool\.poetry\.dependencies\]/m, /^\[/m), /^([A-Za-z0-9][\w.-]*)\s*=/gm),
  ],
  'Cargo.toml': (text) =>
    firstGroups(section(text, /^\[dependencies\]/m, /^\[/m), /^([A-Za-z0-9][\w-]*)(?:\.\w+)?\s*=/gm),
  'go.mod': (text) => firstGroups(text, /^\s*(?:require\s+)?([\w.-]+\.[a-z]+\/[\w./-]+)\s+v/gm),
  Gemfile: (text) => firstGroups(text, /^\s*gem\s+["']([\w.-]+)/gm),
};

function packageNames(text: string): string[] {
  const parsed = jsonOf(text);
  if (typeof parsed !== 'object' || parsed === null) return [];
  return ['dependencies', 'devDependencies', 'peerDependencies'].flatMap((key) => {
    const group: unknown = Reflect.get(parsed, key);
    return typeof group === 'object' && group !== null ? Object.keys(group) : [];
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A broken manifest declares nothing; the gates will name it.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function firstGroups(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = '']) => name);
}

/** What stands between a line that opens it and the next that closes it. */
function section(text: string, opens: RegExp, closes: RegExp): string {
  const start = opens.exec(text);
  if (!start) return '';
  const rest = text.slice(start.index + start[0].length);
  const end = closes.exec(rest);
  return end ? rest.slice(0, end.index) : rest;
}

/** Empty for a file that is not there, and for a link: it could show anything of the disk. */
async function textOf(root: string, file: string): Promise<string> {
  const [top, real] = await Promise.all([realpath(root), realpath(join(root, file)).catch(() => '')]);
  if (real !== join(top, file)) return '';
  const text = await readFile(real, 'utf8').catch(() => '');
  return text.length > 1024 * 1024 ? '' : text;
}
