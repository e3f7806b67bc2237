import { posix } from 'node:path';
import { ok, type Result } from '../../base/result';
import { exportedNames } from './docComments';
import { trackedFiles } from './gitQueries';
import { readMarkdown, type CodeSample, type MarkdownFacts } from './markdown';
import type { Progress } from './progress';
import {
  isDeclaration,
  isForeign,
  isScript,
  isSupport,
  isTest,
  isText,
  readTextFile,
  type Skipped,
} from './repositoryFiles';
import { parseScript } from './syntaxTree';

/** What `documentation.json` holds. Paths are relative to the root of the repository; lists are complete. */
export interface DocumentationAnalysis {
  readonly schemaVersion: 1;
  readonly readme?: string;
  /** Folders of the repository's own packages without a README. */
  readonly packagesWithoutReadme: readonly string[];
  readonly exports: { readonly total: number; readonly documented: number };
  readonly files: readonly FileDocumentation[];
  readonly documents: number;
  readonly links: { readonly checked: number; readonly broken: readonly BrokenLink[] };
  readonly samples: { readonly checked: number; readonly broken: readonly BrokenSample[] };
  readonly unparsed: readonly Skipped[];
}

export interface FileDocumentation {
  readonly file: string;
  readonly exports: number;
  readonly documented: number;
  readonly undocumented: readonly { readonly name: string; readonly line: number; readonly kind: string }[];
}

export interface BrokenLink {
  readonly file: string;
  readonly line: number;
  readonly target: string;
  readonly why: 'no such file' | 'no such heading';
}

export interface BrokenSample {
  readonly file: string;
  readonly line: number;
  readonly language: string;
  readonly message: string;
}

export async function analyseDocumentation(
  root: string,
  progress: Progress,
): Promise<Result<DocumentationAnalysis, string>> {
  progress(1, 'listing tracked files');
  const listed = await trackedFiles(root);
  if (!listed.ok) return listed;
  const paths = listed.value.filter((path) => !isForeign(path));
  const files: FileDocumentation[] = [];
  const documents = new Map<string, MarkdownFacts>();
  const unparsed: Skipped[] = [];
  for (const [index, path] of paths.entries()) {
    progress(2 + (90 * index) / paths.length, `reading ${index} of ${paths.length} files`);
    const isSource = isScript(path) && !isTest(path) && !isSupport(path) && !isDeclaration(path);
    if (!isSource && !isDocument(path)) continue;
    const file = await readTextFile(root, path);
    if (!isText(file)) continue;
    if (isSource) addSource(path, file.text, files, unparsed);
    else documents.set(path, readMarkdown(file.text));
  }
  progress(95, 'checking links and samples');
  return ok(summarise(paths, files, documents, unparsed));
}

/** Markdown that people read; tests of Markdown tools are full of what is broken on purpose. */
function isDocument(path: string): boolean {
  return /\.(md|markdown)$/i.test(path) && !isTest(path) && !/(^|\/)(__)?fixtures?(__)?\//.test(path);
}

function addSource(path: string, text: string, files: FileDocumentation[], unparsed: Skipped[]): void {
  const tree = parseScript(path, text, { comments: true });
  if (!tree.ok) {
    unparsed.push({ path, reason: tree.failure });
    return;
  }
  const names = exportedNames(tree.value.program).filter(({ kind }) => kind !== 'value');
  if (names.length === 0) return;
  const undocumented = names
    .filter(({ isDocumented }) => !isDocumented)
    .map(({ name, line, kind }) => ({ name, line, kind }));
  files.push({
    file: path,
    exports: names.length,
    documented: names.length - undocumented.length,
    undocumented,
  });
}

function summarise(
  paths: readonly string[],
  files: readonly FileDocumentation[],
  documents: ReadonlyMap<string, MarkdownFacts>,
  unparsed: readonly Skipped[],
): DocumentationAnalysis {
  const readme = paths.find((path) => /^readme(\.\w+)?$/i.test(path));
  const add = (field: 'exports' | 'documented') => files.reduce((total, file) => total + file[field], 0);
  return {
    schemaVersion: 1,
    ...(readme !== undefined && { readme }),
    packagesWithoutReadme: withoutReadme(paths),
    exports: { total: add('exports'), documented: add('documented') },
    files: [...files].sort(
      (a, b) => b.undocumented.length - a.undocumented.length || (a.file < b.file ? -1 : 1),
    ),
    documents: documents.size,
    links: checkLinks(paths, documents),
    samples: checkSamples(documents),
    unparsed,
  };
}

function withoutReadme(paths: readonly string[]): string[] {
  const readmes = new Set(
    paths.filter((path) => /(^|\/)readme(\.\w+)?$/i.test(path)).map((path) => posix.dirname(path)),
  );
  const manifests = paths.filter(
    (path) =>
      /^(packages|apps|libs|modules|plugins)\/[^/]+(\/[^/]+)?\/package\.json$/.test(path) &&
      !isTest(path) &&
      !isSupport(path),
  );
  return manifests.map((path) => posix.dirname(path)).filter((folder) => !readmes.has(folder));
}

/** Relative links only: what is on the network is not this repository's to break. */
function checkLinks(
  paths: readonly string[],
  documents: ReadonlyMap<string, MarkdownFacts>,
): DocumentationAnalysis['links'] {
  const existing = new Set(paths.flatMap(withParents));
  const broken: BrokenLink[] = [];
  let checked = 0;
  for (const [file, facts] of documents) {
    for (const { target, line } of facts.links) {
      if (isElsewhere(target)) continue;
      checked++;
      const why = whyBroken(file, target, existing, documents);
      if (why) broken.push({ file, line, target, why });
    }
  }
  return { checked, broken };
}

/** Addresses, and paths from the root of a web site, which only the site's generator understands. */
function isElsewhere(target: string): boolean {
  return /^([a-z][\w+.-]*:|\/|\{|<|\$|%7B)/i.test(target) || target.includes('{{');
}

function whyBroken(
  file: string,
  target: string,
  existing: ReadonlySet<string>,
  documents: ReadonlyMap<string, MarkdownFacts>,
): BrokenLink['why'] | undefined {
  const [path = '', anchor] = target.split('#', 2).map(decoded);
  const place =
    path === ''
      ? file
      : posix.normalize(posix.join(posix.dirname(file), path.replace(/\?.*$/, ''))).replace(/\/$/, '');
  if (place.startsWith('..')) return undefined; // A page of the repository's web site, such as ../../issues.
  const found = [
    place,
    `${place}.md`,
    `${place}.mdx`,
    place.replace(/\.html$/, '.md'),
    `${place}/index.md`,
  ].find((one) => existing.has(one));
  if (found === undefined && place !== '.') return 'no such file';
  const facts = found === undefined ? undefined : documents.get(found);
  if (
    facts === undefined ||
    anchor === undefined ||
    anchor === '' ||
    /^(L\d+|:~:|user-content-)/.test(anchor)
  )
    return undefined;
  return facts.anchors.has(anchor.toLowerCase()) ? undefined : 'no such heading';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A percent sign that encodes nothing stands for itself.
  }
}

function withParents(path: string): string[] {
  const parents = [path];
  for (let parent = posix.dirname(path); parent !== '.' && parent !== '/'; parent = posix.dirname(parent))
    parents.push(parent);
  return parents;
}

const scriptNames: Readonly<Record<string, string>> = {
  js: 'a.jsx',
  javascript: 'a.jsx',
  mjs: 'a.mjs',
  cjs: 'a.cjs',
  jsx: 'a.jsx',
  ts: 'a.ts',
  typescript: 'a.ts',
  mts: 'a.mts',
  cts: 'a.cts',
  tsx: 'a.tsx',
};

function checkSamples(documents: ReadonlyMap<string, MarkdownFacts>): DocumentationAnalysis['samples'] {
  const broken: BrokenSample[] = [];
  let checked = 0;
  for (const [file, { samples }] of documents) {
    for (const sample of samples) {
      if (!isChecked(sample)) continue;
      checked++;
      const message = sampleError(sample);
      if (message !== undefined) broken.push({ file, line: sample.line, language: sample.language, message });
    }
  }
  return { checked, broken };
}

/** Samples with an ellipsis in place of code are sketches; nobody expects them to parse. */
function isChecked({ language, text }: CodeSample): boolean {
  if (text.trim() === '' || /…|^\s*\.\.\.\s*$|[{(,[]\s*\.\.\.\s*[})\],]/m.test(text)) return false;
  return language === 'json' ? !/^\s*(\/\/|#)/m.test(text) : Object.hasOwn(scriptNames, language);
}

/** A sample may show a part of a class or an object: it is wrong only when no reading of it parses. */
function sampleError({ language, text }: CodeSample): string | undefined {
  if (language === 'json') return jsonError(text);
  const path = scriptNames[language] ?? 'a.ts';
  const first = parseScript(path, text, { comments: false });
  const error = first.ok ? recovered(first.value.errors) : first.failure;
  if (error === undefined || readings(text).some((reading) => parses(path, reading))) return undefined;
  return error;
}

function readings(text: string): string[] {
  const parts = [`(${text}\n)`, `({${text}\n})`, `class A {${text}\n}`];
  return text.trimStart().startsWith('<') ? [...parts, `<>${text}\n</>`] : parts;
}

function parses(path: string, text: string): boolean {
  const tree = parseScript(path, text, { comments: false });
  return tree.ok && recovered(tree.value.errors) === undefined;
}

/** Two samples in one block may declare the same name; that is no error of a reader's. */
function recovered(
  errors: readonly { readonly code?: string; readonly reasonCode?: string }[] | null | undefined,
): string | undefined {
  const error = errors?.find(
    ({ reasonCode }) =>
      reasonCode !== 'VarRedeclaration' &&
      reasonCode !== 'DuplicateExport' &&
      reasonCode !== 'DuplicateDefaultExport',
  );
  return error && 'message' in error ? String(error.message) : undefined;
}

function jsonError(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.split('\n')[0] : String(error);
  }
}
