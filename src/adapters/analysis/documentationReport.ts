import type { DocumentationAnalysis } from './documentationAnalysis';
import { code, grouped, percent, plural, table } from './markdownTable';

/** One sentence of what stands out. */
export function documentationSummary({
  exports,
  links,
  samples,
  readme,
  documents,
}: DocumentationAnalysis): string {
  return (
    [
      readme === undefined ? 'No README at the root' : plural(documents, 'Markdown document'),
      exports.total === 0
        ? 'no exported functions, classes or types'
        : `${percent(exports.documented, exports.total)} of ${grouped(exports.total)} exported functions, classes and types have a doc comment`,
      links.checked === 0
        ? 'no relative links'
        : `${plural(links.broken.length, 'broken link')} of ${grouped(links.checked)}`,
      samples.checked === 0
        ? 'no code samples in JavaScript, TypeScript or JSON'
        : `${plural(samples.broken.length, 'code sample')} of ${grouped(samples.checked)} that ${samples.broken.length === 1 ? 'does' : 'do'} not parse`,
    ].join('; ') + '.'
  );
}

export function documentationReport(analysis: DocumentationAnalysis): string {
  const sections = [
    readmes(analysis),
    comments(analysis),
    links(analysis),
    samples(analysis),
    unread(analysis),
  ];
  return `# Documentation\n\n${documentationSummary(analysis)}\n\n${sections.join('\n')}`;
}

function readmes({ readme, packagesWithoutReadme }: DocumentationAnalysis): string {
  const root =
    readme === undefined ? 'There is no README at the root.' : `${code(readme)} is the README at the root.`;
  const rows = packagesWithoutReadme.map((folder) => [code(folder)]);
  return `## README\n\n${root}\n${rows.length === 0 ? '' : `\n${table(['Package without a README'], rows, '')}`}`;
}

function comments({ exports, files }: DocumentationAnalysis): string {
  const rows = files
    .filter((file) => file.undocumented.length > 0)
    .map((file) => [
      code(file.file),
      file.exports,
      file.documented,
      file.undocumented
        .slice(0, 3)
        .map(({ name }) => code(name))
        .join(', '),
    ]);
  const share = `${grouped(exports.documented)} of ${grouped(exports.total)} (${percent(exports.documented, exports.total)}) exported functions, classes and types outside of tests have a \`/** … */\` before them.`;
  if (exports.total === 0)
    return '## Doc comments\n\nNo JavaScript or TypeScript file exports a function, class or type.\n';
  return `## Doc comments\n\n${share}\n\n${table(['File', 'Exports', 'Documented', 'Without, for example'], rows, 'No exported name lacks one.')}`;
}

function links({ links: { checked, broken } }: DocumentationAnalysis): string {
  const rows = broken.map(({ file, line, target, why }) => [code(`${file}:${line}`), code(target), why]);
  if (checked === 0) return '## Links\n\nNo document has a relative link.\n';
  return `## Links\n\n${plural(checked, 'relative link')} checked against the tracked files and their headings.\n\n${table(['Where', 'Target', 'Why'], rows, 'All of them resolve.')}`;
}

function samples({ samples: { checked, broken } }: DocumentationAnalysis): string {
  const rows = broken.map(({ file, line, language, message }) => [
    code(`${file}:${line}`),
    language,
    message,
  ]);
  if (checked === 0)
    return '## Code samples\n\nNo document has a sample in JavaScript, TypeScript or JSON.\n';
  return `## Code samples\n\n${plural(checked, 'sample')} in JavaScript, TypeScript and JSON parsed; sketches with an ellipsis are left out.\n\n${table(['Where', 'Language', 'Message'], rows, 'All of them parse.')}`;
}

function unread({ unparsed }: DocumentationAnalysis): string {
  return unparsed.length === 0
    ? ''
    : `## Not read\n\n${table(
        ['File', 'Why'],
        unparsed.map(({ path, reason }) => [code(path), reason]),
        '',
      )}`;
}
