import type { CodeAnalysis } from './codeAnalysis';
import type { Cycle } from './cycles';
import type { DeclaredDependency } from './dependencies';
import { code, grouped, percent, plural, table } from './markdownTable';

/** One sentence of what stands out. */
export function codeSummary(analysis: CodeAnalysis): string {
  const { modules, cycles, orphans, dependencies, tests } = analysis;
  const [main] = analysis.languages;
  const size = `${plural(analysis.trackedFiles, 'tracked file')}${main ? `, mostly ${main.language}` : ''}`;
  if (modules.files === 0) return `${size}; no JavaScript or TypeScript to look into.`;
  return (
    [
      `${size}; ${plural(modules.files, 'module')} with ${plural(modules.imports, 'import')}`,
      plural(cycles.length, 'import cycle'),
      `${plural(orphans.files.length, 'file')} that nothing imports`,
      modules.testFiles === 0
        ? 'no tests'
        : `${percent(tests.reached, tests.sources)} of sources reached by tests`,
      `${plural(dependencies.declared.filter((one) => one.hasNoUse).length, 'dependency', 'dependencies')} without a use`,
    ].join('; ') + '.'
  );
}

/** The Markdown document: facts only, each list short, with how a judgement was made where it is one. */
export function codeReport(analysis: CodeAnalysis): string {
  const sections =
    analysis.modules.files === 0
      ? [languages(analysis), changes(analysis), reading(analysis)]
      : allSections(analysis);
  return `# Code analysis\n\n${codeSummary(analysis)}\n\n${sections.join('\n')}`;
}

function allSections(analysis: CodeAnalysis): string[] {
  return [
    languages(analysis),
    cycleSection(analysis.cycles),
    hotspotSection(analysis),
    changes(analysis),
    sizes(analysis),
    imported(analysis),
    orphanSection(analysis),
    testSection(analysis),
    dependencySection(analysis),
    unresolvedSection(analysis),
    reading(analysis),
  ];
}

function languages({ languages: rows, trackedFiles }: CodeAnalysis): string {
  const cells = rows.map(({ language, files, lines }) => [language, files, lines]);
  return `## Languages\n\n${plural(trackedFiles, 'file')} tracked by git; lines are counted as they are, blank ones included.\n\n${table(['Language', 'Files', 'Lines'], cells, 'No text in a known language.')}`;
}

function cycleSection(cycles: readonly Cycle[]): string {
  const shown = cycles.slice(0, 10).map(({ modules, shortest }, index) => {
    const round = [...shortest, shortest[0] ?? ''].map(code).join(' → ');
    const size =
      modules.length > shortest.length ? ` (a way round in a knot of ${modules.length} modules)` : '';
    return `${index + 1}. ${round}${size}`;
  });
  const more =
    cycles.length > 10 ? `\n\n… and ${cycles.length - 10} more in the JSON file beside this document.` : '';
  const body = cycles.length === 0 ? 'No module imports itself through others.' : shown.join('\n') + more;
  return `## Import cycles\n\nOnly what runs when a module is loaded counts: no types, no \`import()\`, no \`require\` inside a function.\n\n${body}\n`;
}

function hotspotSection({ hotspots, history }: CodeAnalysis): string {
  const rows = hotspots.map(({ file, lines, commits }) => [code(file), lines, commits]);
  return `## Hotspots\n\nLarge files that change often: lines × commits among the last ${plural(history.commits, 'commit')}, tests left out.\n\n${table(['File', 'Lines', 'Commits'], rows, 'No source file changed in the history that is here.', 15)}`;
}

function changes({ mostChanged, history }: CodeAnalysis): string {
  const scope =
    history.reason === undefined
      ? `In the last ${plural(history.commits, 'commit')} (merges left out; a renamed file starts anew).`
      : `No history: ${history.reason}.`;
  const rows = mostChanged.map(({ file, commits, changedLines }) => [code(file), commits, changedLines]);
  return `## Most changed files\n\n${scope}\n\n${table(['File', 'Commits', 'Lines changed'], rows, 'Nothing changed.', 15)}`;
}

function sizes({ largestFiles, largestFunctions }: CodeAnalysis): string {
  const files = largestFiles.map(({ file, lines }) => [code(file), lines]);
  const functions = largestFunctions.map(({ file, line, name, lines }) => [
    code(name),
    code(`${file}:${line}`),
    lines,
  ]);
  return [
    `## Largest files\n\n${table(['File', 'Lines'], files, 'No modules.', 15)}`,
    `## Largest functions\n\nOutside of tests, from 30 lines.\n\n${table(['Function', 'Where', 'Lines'], functions, 'None has 30 lines.', 15)}`,
  ].join('\n');
}

function imported({ mostImported }: CodeAnalysis): string {
  const rows = mostImported.map(({ file, importers }) => [code(file), importers]);
  return `## Most imported modules\n\n${table(['Module', 'Imported by'], rows, 'No module of the repository is imported.', 15)}`;
}

function orphanSection({ orphans }: CodeAnalysis): string {
  const how =
    'Decided by exclusion: no module imports the file, no path completed at run time leads to it, and its name stands in no path in code, ' +
    'manifests, configuration or pages. Tests, configuration, scripts, examples, type declarations and usual entry names are left out.';
  const files = table(
    ['File'],
    orphans.files.map((file) => [code(file)]),
    'None.',
  );
  const folders = orphans.folders.map(({ folder, files: number }) => [code(`${folder}/`), number]);
  const grouping =
    folders.length === 0
      ? ''
      : `\nFolders with five or more such files, probably loaded by folder:\n\n${table(['Folder', 'Files'], folders, '')}`;
  return `## Files that nothing imports\n\n${how}\n\n${files}${grouping}`;
}

function testSection({ tests, modules }: CodeAnalysis): string {
  if (modules.testFiles === 0) return '## Tests\n\nNo file is recognised as a test by its name or folder.\n';
  const reached = `${plural(tests.reached, 'source file')} of ${grouped(tests.sources)} (${percent(tests.reached, tests.sources)}) can be reached from a test by imports. This is not coverage: an imported line need not run.`;
  const rows = tests.notReached.map((file) => [code(file)]);
  return `## Tests\n\n${plural(modules.testFiles, 'file')} in tests. ${reached}\n\n${table(['Not reached by any test'], rows, 'Every source file is reached.')}`;
}

function dependencySection({ dependencies: { declared, undeclared } }: CodeAnalysis): string {
  const unused = declared
    .filter((one) => one.hasNoUse)
    .map((one) => [code(one.name), one.section, code(one.manifest)]);
  const missing = undeclared.map(({ name, files, file, line, manifest }) => [
    code(name),
    files,
    code(`${file}:${line}`),
    code(manifest),
  ]);
  const used = declared
    .filter((one) => one.importedBy > 0)
    .sort((a: DeclaredDependency, b) => b.importedBy - a.importedBy);
  const isMany = new Set(declared.map(({ manifest }) => manifest)).size > 1;
  const rows = used.map(({ name, range, section, importedBy, manifest }) => [
    code(name),
    range,
    section,
    ...(isMany ? [code(manifest)] : []),
    importedBy,
  ]);
  const columns = ['Package', 'Range', 'Section', ...(isMany ? ['Manifest'] : []), 'Files that import it'];
  return [
    `## Dependencies\n\n${plural(declared.length, 'declared dependency', 'declared dependencies')}${isMany ? ' in all manifests' : ''}; manifests of tests, examples and benchmarks are left out.\n\n${table(columns, rows, 'None is imported.')}`,
    `### Declared without a use\n\nNot imported by any module of the package, and its name stands in no script, configuration or text constant. A tool may still load it by itself.\n\n${table(['Package', 'Section', 'Manifest'], unused, 'None.')}`,
    `### Imported without being declared\n\nIn code outside of tests and examples; neither the package's manifest nor one above it names them.\n\n${table(['Package', 'Files', 'First import', 'Manifest'], missing, 'None.')}`,
  ].join('\n');
}

function unresolvedSection({ unresolvedImports }: CodeAnalysis): string {
  const rows = unresolvedImports.map(({ file, line, specifier }) => [
    code(`${file}:${line}`),
    code(specifier),
  ]);
  return `## Relative imports without a tracked file\n\nThe file may be generated by a build, ignored by git, or missing.\n\n${table(['Where', 'Import'], rows, 'None.')}`;
}

function reading({ unparsed, skipped }: CodeAnalysis): string {
  const rows = [...unparsed, ...skipped].map(({ path, reason }) => [code(path), reason]);
  return `## Not read\n\n${table(['File', 'Why'], rows, 'Everything could be read.')}`;
}
