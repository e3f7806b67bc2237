import { posix } from 'node:path';
import type { ModuleGraph } from './moduleGraph';
import { isComponent, isDeclaration, isScript, isSupport, isTest } from './repositoryFiles';
import type { Scan } from './scan';

export interface Orphans {
  /** Source files that nothing in the repository imports or names. */
  readonly files: readonly string[];
  /** Folders where several files are like that: more likely loaded by folder than forgotten. */
  readonly folders: readonly { readonly folder: string; readonly files: number }[];
}

/** Names that tools and frameworks look for themselves. */
const entryName =
  /^(index|main|cli|server|client|app|start|entry[\w-]*|extension|worker|preload|setup[\w-]*|bootstrap|polyfills?|gulpfile|gruntfile|jakefile|service-?worker|sw|middleware|instrumentation|_?(app|document|error|layout|page|route|loading|template|default|not-found|global-error|\+?(page|layout|server|error)[\w.]*))$/i;
/** Folders whose files are routes, in the conventions of the usual frameworks. */
const routed = /(^|\/)(pages|app|routes|api|functions|commands|plugins|middleware|server\/api)\//;

/**
 * Decided by exclusion: not a test, not configuration, an example or a script, not a usual entry, not imported by any
 * module, not below a path that is completed at run time, and its name without ending stands in no path-like text of
 * any code, manifest, configuration or page.
 */
export function findOrphans(scan: Scan, graph: ModuleGraph): Orphans {
  const named = namesOf(scan.mentions);
  const candidates = [...scan.modules.keys()].filter((path) => {
    if (!isScript(path) || isComponent(path) || isDeclaration(path) || isTest(path) || isSupport(path))
      return false;
    const stem = stemOf(path);
    if (entryName.test(stem) || routed.test(path) || named.has(stem)) return false;
    if ((graph.importers.get(path) ?? []).length > 0) return false;
    return !graph.dynamic.some((prefix) => prefix !== '' && path.startsWith(prefix));
  });
  return byFolder(candidates.sort());
}

function stemOf(path: string): string {
  return posix.basename(path).replace(/(\.d)?\.\w+$/, '');
}

/** Last parts of words that look like a path or a file name. */
function namesOf(mentions: ReadonlySet<string>): Set<string> {
  const names = new Set<string>();
  for (const word of mentions) {
    if (!/[/.]/.test(word)) continue;
    const last = word.split(/[/:]/).at(-1) ?? '';
    names.add(last);
    names.add(last.replace(/(\.d)?\.\w+$/, ''));
  }
  return names;
}

function byFolder(candidates: readonly string[]): Orphans {
  const folders = new Map<string, string[]>();
  for (const path of candidates) {
    const folder = posix.dirname(path);
    folders.set(folder, [...(folders.get(folder) ?? []), path]);
  }
  const crowded = [...folders].filter(([, files]) => files.length >= 5);
  const files = [...folders].filter(([, members]) => members.length < 5).flatMap(([, members]) => members);
  return {
    files: files.sort(),
    folders: crowded.map(([folder, members]) => ({ folder, files: members.length })),
  };
}
