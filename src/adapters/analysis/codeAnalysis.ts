import { findCycles, type Cycle } from './cycles';
import { analyseDependencies, type Dependencies } from './dependencies';
import { churnOf, trackedFiles, type Churn } from './gitQueries';
import { languageTable, type LanguageRow } from './languages';
import { buildGraph, reachable, type ModuleGraph } from './moduleGraph';
import { findOrphans, type Orphans } from './orphans';
import { isDeclaration, isScript, isSupport, isTest, type Skipped } from './repositoryFiles';
import { scanRepository, type Scan } from './scan';
import type { Progress } from './progress';
import { ok, type Result } from '../../base/result';

/** What `code-analysis.json` holds. Paths are relative to the root of the repository; lists are complete. */
export interface CodeAnalysis {
  readonly schemaVersion: 1;
  readonly trackedFiles: number;
  readonly languages: readonly LanguageRow[];
  /** Absent with a reason where git has no history to look at. */
  readonly history: { readonly commits: number; readonly reason?: string };
  readonly modules: { readonly files: number; readonly imports: number; readonly testFiles: number };
  readonly cycles: readonly Cycle[];
  readonly largestFiles: readonly { readonly file: string; readonly lines: number }[];
  readonly largestFunctions: readonly {
    readonly file: string;
    readonly line: number;
    readonly name: string;
    readonly lines: number;
  }[];
  readonly mostChanged: readonly ChangedFile[];
  /** Lines × commits: what is both large and often touched. */
  readonly hotspots: readonly (ChangedFile & { readonly lines: number; readonly score: number })[];
  readonly mostImported: readonly { readonly file: string; readonly importers: number }[];
  readonly orphans: Orphans;
  readonly tests: {
    /** Source files that a test imports, directly or through others. */
    readonly reached: number;
    readonly sources: number;
    readonly notReached: readonly string[];
  };
  readonly dependencies: Dependencies;
  readonly unresolvedImports: ModuleGraph['unresolved'];
  readonly unparsed: readonly Skipped[];
  readonly skipped: readonly Skipped[];
}

export interface ChangedFile {
  readonly file: string;
  readonly commits: number;
  readonly changedLines: number;
}

const historyDepth = 500;

export async function analyseCode(root: string, progress: Progress): Promise<Result<CodeAnalysis, string>> {
  progress(1, 'listing tracked files');
  const paths = await trackedFiles(root);
  if (!paths.ok) return paths;
  const history = await churnOf(root, historyDepth);
  const scan = await scanRepository(root, paths.value, (done) =>
    progress(
      5 + (85 * done) / Math.max(1, paths.value.length),
      `reading ${done} of ${paths.value.length} files`,
    ),
  );
  progress(90, 'resolving imports');
  const graph = buildGraph(root, new Set(paths.value), scan);
  progress(97, 'finding cycles and unused files');
  const churn: Churn = history.ok ? history.value : { commits: 0, byFile: new Map() };
  const analysis = summarise(paths.value.length, scan, graph, churn);
  return ok(history.ok ? analysis : { ...analysis, history: { commits: 0, reason: history.failure } });
}

export function summarise(tracked: number, scan: Scan, graph: ModuleGraph, churn: Churn): CodeAnalysis {
  const scripts = [...scan.modules.keys()].filter(isScript);
  const linesOf = new Map(scan.files.map(({ path, lines }) => [path, lines]));
  const changed = [...churn.byFile]
    .filter(([file]) => linesOf.has(file) && !isLock(file))
    .map(([file, { commits, lines }]): ChangedFile => ({ file, commits, changedLines: lines }))
    .sort((a, b) => b.commits - a.commits || b.changedLines - a.changedLines || order(a.file, b.file));
  return {
    schemaVersion: 1,
    trackedFiles: tracked,
    languages: languageTable(scan.files),
    history: { commits: churn.commits },
    modules: { files: scripts.length, imports: graph.imports, testFiles: scripts.filter(isTest).length },
    cycles: testsLast(findCycles(graph.loading), ({ modules }) => modules[0] ?? ''),
    largestFiles: scripts
      .map((file) => ({ file, lines: linesOf.get(file) ?? 0 }))
      .sort((a, b) => b.lines - a.lines || order(a.file, b.file)),
    largestFunctions: largestFunctions(scan),
    mostChanged: changed,
    hotspots: hotspots(changed, linesOf),
    mostImported: mostImported(graph),
    orphans: findOrphans(scan, graph),
    tests: testReach(scripts, graph),
    dependencies: analyseDependencies(scan, graph),
    unresolvedImports: graph.unresolved,
    unparsed: testsLast(scan.unparsed, ({ path }) => path),
    skipped: scan.skipped,
  };
}

/** What is wrong in a fixture is rarely what anybody looks for. */
function testsLast<T>(items: readonly T[], pathOf: (item: T) => string): T[] {
  return [...items.filter((item) => !isTest(pathOf(item))), ...items.filter((item) => isTest(pathOf(item)))];
}

function isLock(file: string): boolean {
  return /(^|\/)([\w-]*lock[\w-]*\.(json|ya?ml)|[\w-]+\.lock|npm-shrinkwrap\.json)$/.test(file);
}

function largestFunctions(scan: Scan) {
  const all = [...scan.modules].flatMap(([file, facts]) =>
    facts.functions.filter((one) => one.lines >= 30).map((one) => ({ file, ...one })),
  );
  return all
    .filter(({ file }) => !isTest(file))
    .sort((a, b) => b.lines - a.lines || order(a.file, b.file))
    .slice(0, 500);
}

function hotspots(changed: readonly ChangedFile[], linesOf: ReadonlyMap<string, number>) {
  return changed
    .filter(({ file }) => isScript(file) && !isTest(file))
    .map((one) => ({
      ...one,
      lines: linesOf.get(one.file) ?? 0,
      score: one.commits * (linesOf.get(one.file) ?? 0),
    }))
    .sort((a, b) => b.score - a.score || order(a.file, b.file))
    .slice(0, 500);
}

function mostImported(graph: ModuleGraph) {
  return [...graph.importers]
    .map(([file, importers]) => ({ file, importers: importers.length }))
    .sort((a, b) => b.importers - a.importers || order(a.file, b.file))
    .slice(0, 500);
}

function testReach(scripts: readonly string[], graph: ModuleGraph): CodeAnalysis['tests'] {
  const reached = reachable(graph.all, scripts.filter(isTest));
  const sources = scripts.filter((file) => !isTest(file) && !isSupport(file) && !isDeclaration(file));
  const notReached = sources.filter((file) => !reached.has(file)).sort();
  return { reached: sources.length - notReached.length, sources: sources.length, notReached };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
