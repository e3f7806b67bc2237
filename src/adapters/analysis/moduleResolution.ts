import { builtinModules } from 'node:module';
import { join, posix, relative, sep } from 'node:path';
import { createPathsMatcher, parseTsconfig } from 'get-tsconfig';
import type { Manifest } from './repositoryFiles';

export type Resolution =
  | { readonly to: 'file'; readonly path: string }
  | { readonly to: 'package'; readonly name: string }
  | { readonly to: 'builtin' }
  /** A path that no tracked file answers to: generated, ignored, or wrong. */
  | { readonly to: 'nothing' }
  /** A name that only a bundler's own configuration explains (`virtual:x`, `$lib`, an alias). */
  | { readonly to: 'unknown' };

export type Resolver = (from: string, specifier: string) => Resolution;

const builtins = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);
const endings = [
  '.ts',
  '.tsx',
  '.d.ts',
  '.mts',
  '.cts',
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
  '.json',
  '.vue',
  '.svelte',
  '.d.mts',
  '.d.cts',
];
/** What TypeScript allows to be written for a source of another ending. */
const sources: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.d.ts', '.jsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts', '.d.mts'],
  '.cjs': ['.cts', '.d.cts'],
};

/**
 * Resolves imports between tracked files as Node, bundlers and TypeScript do: endings, index files, `paths` of the
 * nearest tsconfig, `imports` of the manifest, and names of the repository's own packages (to their sources, when
 * their manifest names build output). Only reads configuration files; the tracked paths decide what exists.
 */
export function createResolver(
  root: string,
  tracked: ReadonlySet<string>,
  manifests: readonly Manifest[],
): Resolver {
  const packages = new Map(
    manifests.flatMap((manifest) =>
      manifest.name === undefined ? [] : [[manifest.name, manifest] as const],
    ),
  );
  const byFolder = new Map(manifests.map((manifest) => [manifest.folder, manifest]));
  const pathsFor = pathAliases(root, tracked);
  const file = (path: string): Resolution | undefined => {
    const found = probe(tracked, path);
    return found === undefined ? undefined : { to: 'file', path: found };
  };
  return (from, specifier) => {
    const plain = specifier.replace(/[?#].*$/, (query, at: number) => (at === 0 ? query : ''));
    if (plain.startsWith('.')) {
      const path = posix.join(posix.dirname(from), plain);
      if (/(^|\/)node_modules\//.test(path)) return { to: 'unknown' };
      const folder = path.replace(/^\.?\/?|\/$/g, '');
      const inFolder = byFolder.get(folder === '.' ? '' : folder);
      return file(path) ?? (inFolder && packageFile(inFolder, '', file)) ?? { to: 'nothing' };
    }
    if (builtins.has(plain)) return { to: 'builtin' };
    for (const candidate of pathsFor(from, plain)) {
      const found = file(candidate);
      if (found) return found;
    }
    if (plain.startsWith('#')) return throughImports(from, plain, manifests, file);
    const name = packageName(plain);
    if (name === undefined) return { to: 'unknown' };
    const own = packages.get(name);
    const inside = own && packageFile(own, plain.slice(name.length + 1), file);
    return inside ?? { to: 'package', name };
  };
}

function probe(tracked: ReadonlySet<string>, path: string): string | undefined {
  const clean = posix.normalize(path).replace(/\/$/, '');
  if (clean.startsWith('..')) return undefined;
  if (tracked.has(clean)) return clean;
  const ending = posix.extname(clean);
  const stem = clean.slice(0, clean.length - ending.length);
  const written = (sources[ending] ?? []).map((other) => stem + other);
  const added = endings.map((other) => clean + other);
  const index = endings.map((other) =>
    clean === '' || clean === '.' ? `index${other}` : `${clean}/index${other}`,
  );
  return [...written, ...added, ...index].find((candidate) => tracked.has(candidate));
}

/** The name of a package in a specifier; undefined when no package can be called that. */
export function packageName(specifier: string): string | undefined {
  const [first = '', second] = specifier.split('/');
  const name = first.startsWith('@') ? `${first}/${second ?? ''}` : first;
  return /^(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i.test(name) ? name : undefined;
}

/** A file of one of the repository's own packages: where its manifest points, or the source that stands for it. */
function packageFile(
  manifest: Manifest,
  subpath: string,
  file: (path: string) => Resolution | undefined,
): Resolution | undefined {
  const at = (path: string) => posix.join(manifest.folder, path);
  const { exports, main, module, types, source } = manifest.content;
  const targets =
    subpath === ''
      ? [source, ...leaves(pick(exports, '.')), module, main, types]
      : leaves(pick(exports, `./${subpath}`));
  const paths = targets.filter((target): target is string => typeof target === 'string');
  const places = [
    ...paths,
    ...paths.flatMap(fromBuild),
    ...(subpath === ''
      ? ['src/index', 'src/main', 'lib/index', 'index', 'src']
      : [subpath, `src/${subpath}`, `lib/${subpath}`]),
  ];
  for (const place of places) {
    const found = file(at(place));
    if (found) return found;
  }
  return undefined;
}

/** `dist/esm/a.js` is made from `src/a.ts`. */
function fromBuild(path: string): string[] {
  const inner = path
    .replace(/^\.\//, '')
    .replace(/^(dist|build|lib|out|es|esm|cjs)\/((esm|cjs|es|lib|src)\/)?/, '');
  const stem = inner.replace(/\.d\.[cm]?ts$|\.[cm]?js$/, '');
  return [`src/${stem}`, stem];
}

function pick(exports: unknown, key: string): unknown {
  if (typeof exports !== 'object' || exports === null) return key === '.' ? exports : undefined;
  const table = exports as Record<string, unknown>;
  if (key in table) return table[key];
  return key === '.' && !Object.keys(table).some((name) => name.startsWith('.')) ? table : undefined;
}

function leaves(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [value];
  return Object.values(value).flatMap(leaves);
}

function throughImports(
  from: string,
  specifier: string,
  manifests: readonly Manifest[],
  file: (path: string) => Resolution | undefined,
): Resolution {
  const owner = nearest(from, manifests);
  const { imports } = owner?.content ?? {};
  if (!owner || typeof imports !== 'object' || imports === null) return { to: 'unknown' };
  for (const [pattern, target] of Object.entries(imports)) {
    const [before = '', after] = pattern.split('*');
    const matches =
      after === undefined ? specifier === pattern : specifier.startsWith(before) && specifier.endsWith(after);
    if (!matches) continue;
    const star = specifier.slice(before.length, after ? -after.length : undefined);
    for (const leaf of leaves(target)) {
      const path = typeof leaf === 'string' ? leaf.replaceAll('*', star) : '';
      const found = [path, ...fromBuild(path)]
        .map((one) => file(posix.join(owner.folder, one)))
        .find(Boolean);
      if (found) return found;
    }
  }
  return { to: 'unknown' };
}

/** The manifest whose folder holds a file, the deepest one. */
export function nearest(path: string, manifests: readonly Manifest[]): Manifest | undefined {
  let best: Manifest | undefined;
  for (const manifest of manifests) {
    const holds = manifest.folder === '' || path.startsWith(`${manifest.folder}/`);
    if (holds && (best === undefined || manifest.folder.length > best.folder.length)) best = manifest;
  }
  return best;
}

type Aliases = (from: string, specifier: string) => string[];

/** `paths` and `baseUrl` of the nearest tsconfig.json or jsconfig.json; a broken one has none. */
function pathAliases(root: string, tracked: ReadonlySet<string>): Aliases {
  const matchers = new Map<string, ((specifier: string) => string[]) | undefined>();
  const matcherIn = (folder: string): ((specifier: string) => string[]) | undefined => {
    const known = matchers.get(folder);
    if (known || matchers.has(folder)) return known;
    const config = ['tsconfig.json', 'jsconfig.json']
      .map((name) => posix.join(folder, name))
      .find((path) => tracked.has(path));
    const matcher =
      config === undefined
        ? folder === ''
          ? undefined
          : matcherIn(parentOf(folder))
        : readMatcher(join(root, config));
    matchers.set(folder, matcher);
    return matcher;
  };
  return (from, specifier) => {
    const found = matcherIn(parentOf(from))?.(specifier) ?? [];
    return found
      .map((path) => relative(root, path).split(sep).join('/'))
      .filter((path) => !path.startsWith('..'));
  };
}

function readMatcher(path: string): ((specifier: string) => string[]) | undefined {
  try {
    return createPathsMatcher({ path, config: parseTsconfig(path) }) ?? undefined;
  } catch {
    return undefined; // It extends a package that is not installed, or is a fixture: it explains no import.
  }
}

function parentOf(path: string): string {
  const parent = posix.dirname(path);
  return parent === '.' ? '' : parent;
}
