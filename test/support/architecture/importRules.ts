import { builtinModules } from 'node:module';
import { dirname, join, sep } from 'node:path';
import * as ts from 'typescript';
import { lineOf, target, visit, type Source } from './sources';

/** Rules on who may import whom. Each returns its violations as sentences that name file and line. */

const builtins = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);

/** Packages without I/O, which base and core may use. */
const corePackages = new Set(['zod', 'yaml', 'picomatch/posix']);

/** The part of the repository a path belongs to: `base`, `core`, `adapters/git`, `compose`, `entry`, `webview` … */
function partOf(path: string): string {
  const [top = '', second = '', third = ''] = path.split('/');
  if (top !== 'src') return top;
  if (second === 'adapters') return `adapters/${third}`;
  if (/^(cli|extension)(\.ts)?$/.test(second)) return 'entry';
  // What else stands at the top belongs to the composition; a relative import names it without its ending.
  return third === '' ? 'compose' : second;
}

function mayImport(from: string, to: string): boolean {
  if (from === to || from === 'entry') return true;
  if (from === 'base') return false;
  if (from === 'webview') return to === 'protocol';
  if (from === 'compose') return !['entry', 'editor', 'commandline'].includes(to);
  if (to === 'base' || to === 'core') return true;
  if (from.startsWith('adapters/')) return to === 'adapters/process';
  return ['gateway', 'commandline', 'editor'].includes(from) && to === 'protocol';
}

export function directions(sources: readonly Source[]): string[] {
  return sources.filter(isProduct).flatMap((source) =>
    source.imports
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map((imported) => ({
        ...imported,
        path: join(dirname(source.path), imported.specifier).split(sep).join('/'),
      }))
      .filter(({ path }) => !mayImport(partOf(source.path), partOf(path)))
      .map(({ path, line }) => `${source.path}:${line} ${partOf(source.path)} must not import ${path}`),
  );
}

function isProduct(source: Source): boolean {
  return /^(src|webview)\//.test(source.path);
}

export function cycles(sources: readonly Source[]): string[] {
  const graph = importGraph(sources);
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (trail.includes(path) || done.has(path)) return;
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) walk(path, []);
  return found;
}

function importGraph(sources: readonly Source[]): Map<string, string[]> {
  const paths = new Set(sources.map(({ path }) => path));
  return new Map(
    sources.map((source) => [
      source.path,
      source.imports.flatMap(({ specifier }) => target(source, specifier, paths) ?? []),
    ]),
  );
}

/** `vscode` is named in `src/editor`, `src/extension.ts` and the suites that run inside the editor; elsewhere in tests as types. */
export function editorApi(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => !/^(src\/editor\/|src\/extension\.ts$|test\/integration\/)/.test(path))
    .flatMap((source) =>
      source.imports
        .filter(
          ({ specifier, isTypeOnly }) =>
            specifier === 'vscode' && !(isTypeOnly && source.path.startsWith('test/')),
        )
        .map(({ line }) => `${source.path}:${line} must not name vscode`),
    );
}

/** Base and core run anywhere: no Node module, no Node global, no package that does I/O. */
export function noNodeInCore(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => /^src\/(base|core)\//.test(path))
    .flatMap((source) => [
      ...source.imports
        .filter(
          ({ specifier }) =>
            !specifier.startsWith('.') && (builtins.has(specifier) || !corePackages.has(specifier)),
        )
        .map(({ specifier, line }) => `${source.path}:${line} must not import ${specifier}`),
      ...nodeGlobals(source),
    ]);
}

function nodeGlobals({ path, tree }: Source): string[] {
  const globals = new Set(['process', 'Buffer', '__dirname', '__filename', 'setImmediate', 'NodeJS']);
  const found: string[] = [];
  visit(tree, (node) => {
    if (!ts.isIdentifier(node) || !globals.has(node.text)) return;
    const { parent } = node;
    const isName =
      (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
      ((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isBindingElement(parent)) &&
        parent.name === node);
    if (!isName) found.push(`${path}:${lineOf(tree, node)} must not use ${node.text}`);
  });
  return found;
}

/** What is reached from an entry must not include these parts: they can be deleted and it still compiles. */
export function closureWithout(sources: readonly Source[], entry: string, forbidden: RegExp): string[] {
  const graph = importGraph(sources);
  if (!graph.has(entry)) return [`${entry} is missing`];
  const reached = new Set<string>();
  const walk = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const next of graph.get(path) ?? []) walk(next);
  };
  walk(entry);
  return [...reached].filter((path) => forbidden.test(path)).map((path) => `${entry} needs ${path}`);
}

/** A worker or child is a program of its own: without its line in the build it would be missing from the package. */
export function programsAreBuilt(sources: readonly Source[], build: string): string[] {
  return sources
    .filter(({ path }) => /^src\/.*(?:Worker|Child)\.ts$/.test(path) && !build.includes(`'${path}'`))
    .map(({ path }) => `esbuild.mjs does not build ${path}`);
}

/** The toolkit is no longer developed: one file registers it, so that one file is to be changed when it goes. */
export function toolkitOnce(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => path !== 'webview/controls.ts')
    .filter(({ imports }) =>
      imports.some(({ specifier }) => specifier.startsWith('@vscode/webview-ui-toolkit')),
    )
    .map(({ path }) => `${path} must not name the toolkit: webview/controls.ts does`);
}
