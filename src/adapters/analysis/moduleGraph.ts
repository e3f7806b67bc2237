import { posix } from 'node:path';
import type { Graph } from './cycles';
import { createResolver, packageName } from './moduleResolution';
import { isComponent, isDeclaration } from './repositoryFiles';
import type { Scan } from './scan';

export interface PackageUse {
  readonly file: string;
  readonly line: number;
  readonly isType: boolean;
}

export interface ModuleGraph {
  /** What each module imports, of any kind, without repetitions. */
  readonly all: Graph;
  /** What each module loads at the moment it is loaded itself: no `import()`, no types. */
  readonly loading: Graph;
  readonly importers: ReadonlyMap<string, readonly string[]>;
  /** Uses of packages that are not the repository's own. */
  readonly packages: ReadonlyMap<string, readonly PackageUse[]>;
  readonly imports: number;
  /** Relative imports that no tracked file answers to. */
  readonly unresolved: readonly { file: string; line: number; specifier: string }[];
  /** Folders and beginnings of paths that are completed while the program runs. */
  readonly dynamic: readonly string[];
}

export function buildGraph(root: string, tracked: ReadonlySet<string>, scan: Scan): ModuleGraph {
  const resolve = createResolver(root, tracked, scan.manifests);
  const all = new Map<string, Set<string>>();
  const loading = new Map<string, Set<string>>();
  const packages = new Map<string, PackageUse[]>();
  const unresolved: { file: string; line: number; specifier: string }[] = [];
  const dynamic = new Set<string>();
  let imports = 0;
  for (const [file, facts] of scan.modules) {
    const targets = new Set<string>();
    const loaded = new Set<string>();
    for (const { specifier, line, kind } of facts.imports) {
      imports++;
      const resolution = resolve(file, specifier);
      if (resolution.to === 'file') {
        targets.add(resolution.path);
        if (kind === 'static' && !isDeclaration(resolution.path)) loaded.add(resolution.path);
      } else if (resolution.to === 'package') {
        const uses = packages.get(resolution.name) ?? [];
        packages.set(resolution.name, [...uses.slice(0, 999), { file, line, isType: kind === 'type' }]);
      } else if (resolution.to === 'nothing' && !isComponent(file)) {
        unresolved.push({ file, line, specifier });
      }
    }
    for (const prefix of facts.dynamicPrefixes) addDynamic(file, prefix, dynamic);
    all.set(file, targets);
    loading.set(file, loaded);
  }
  const arrays = (sets: ReadonlyMap<string, ReadonlySet<string>>) =>
    new Map([...sets].map(([file, targets]) => [file, [...targets].sort()]));
  return {
    all: arrays(all),
    loading: arrays(loading),
    importers: reverse(all),
    packages,
    imports,
    unresolved,
    dynamic: [...dynamic].sort(),
  };
}

/** Only a beginning that names a folder says something; `require(name)` could be anything. */
function addDynamic(file: string, prefix: string, dynamic: Set<string>): void {
  if (prefix.startsWith('.')) dynamic.add(posix.normalize(posix.join(posix.dirname(file), prefix)));
  else if (prefix.startsWith('/')) dynamic.add(prefix.slice(1));
  else if (packageName(prefix) === undefined && prefix !== '') dynamic.add(prefix.replace(/^[@~]\//, ''));
}

function reverse(graph: ReadonlyMap<string, ReadonlySet<string>>): Map<string, string[]> {
  const importers = new Map<string, string[]>();
  for (const [file, targets] of graph) {
    for (const target of targets) {
      if (target === file) continue;
      const known = importers.get(target);
      if (known) known.push(file);
      else importers.set(target, [file]);
    }
  }
  return importers;
}

/** Every module that can be reached from some modules. */
export function reachable(graph: Graph, from: Iterable<string>): Set<string> {
  const seen = new Set(from);
  const queue = [...seen];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    for (const target of graph.get(node) ?? []) {
      if (seen.has(target)) continue;
      seen.add(target);
      queue.push(target);
    }
  }
  return seen;
}
