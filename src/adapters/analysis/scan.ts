import { basename } from 'node:path';
import { moduleFacts, type ModuleFacts } from './moduleFacts';
import {
  isComponent,
  isForeign,
  isScript,
  isText,
  parseManifest,
  readTextFile,
  type Manifest,
  type Skipped,
  type TextFile,
} from './repositoryFiles';
import { parseScript } from './syntaxTree';

/** Everything read from the tracked files of a repository; each file is read once and its text is not kept. */
export interface Scan {
  readonly files: readonly { readonly path: string; readonly lines: number }[];
  readonly modules: ReadonlyMap<string, ModuleFacts>;
  readonly manifests: readonly Manifest[];
  /** Words in configuration, markup and text constants of code that could name a file or a package. */
  readonly mentions: ReadonlySet<string>;
  /** Source files that could not be parsed, with the parser's message. */
  readonly unparsed: readonly Skipped[];
  /** Files without text to look at; only those that one would expect to have some. */
  readonly skipped: readonly Skipped[];
}

const lockfile =
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|composer\.lock|Cargo\.lock|poetry\.lock)$/;
const configuration =
  /\.(json[c5]?|ya?ml|toml|ini|html?|css|s[ac]ss|less|sh|bash|ps1|bat|vue|svelte|astro|mdx|ejs|hbs|njk|graphql|tf|gradle|bazel|bzl)$|(^|\/)(\.[\w.-]+|Makefile|Dockerfile|Procfile|BUILD)$/i;
const maxMentionChars = 512 * 1024;

export async function scanRepository(
  root: string,
  paths: readonly string[],
  onFile: (done: number) => void,
): Promise<Scan> {
  const scan = {
    files: [] as { path: string; lines: number }[],
    modules: new Map<string, ModuleFacts>(),
    manifests: [] as Manifest[],
    mentions: new Set<string>(),
    unparsed: [] as Skipped[],
    skipped: [] as Skipped[],
  };
  for (const [index, path] of paths.entries()) {
    onFile(index);
    if (isForeign(path)) continue;
    const file = await readTextFile(root, path);
    if (!isText(file)) {
      if (isScript(path) || file.reason.startsWith('unreadable')) scan.skipped.push(file);
      continue;
    }
    scan.files.push({ path, lines: file.lines });
    if (isScript(path)) scanScript(file, scan);
    else scanOther(file, scan);
  }
  return scan;
}

type Growing = {
  modules: Map<string, ModuleFacts>;
  manifests: Manifest[];
  mentions: Set<string>;
  unparsed: Skipped[];
};

function scanScript({ path, text }: TextFile, scan: Growing): void {
  const tree = parseScript(path, text, { comments: false });
  // Types in comments name packages and files too: `@type {import('x').Y}`, `@import {Y} from 'x'`.
  for (const [, name] of text.matchAll(/(?:\bimport\(|\bfrom)\s*["']([\w@./-]+)["']/g))
    if (name) scan.mentions.add(name);
  if (!tree.ok) {
    scan.unparsed.push({ path, reason: tree.failure });
    scan.modules.set(path, importsByForm(text));
    addWords(text.slice(0, maxMentionChars), scan.mentions);
    return;
  }
  const facts = moduleFacts(tree.value.program);
  scan.modules.set(path, { ...facts, strings: [] });
  for (const word of facts.strings) scan.mentions.add(word);
}

function scanOther({ path, text }: TextFile, scan: Growing): void {
  if (lockfile.test(path)) return;
  if (basename(path) === 'package.json') {
    const manifest = parseManifest(path, text);
    if (manifest) {
      scan.manifests.push(manifest);
      const {
        dependencies: _1,
        devDependencies: _2,
        peerDependencies: _3,
        optionalDependencies: _4,
        ...rest
      } = manifest.content;
      addWords(JSON.stringify(rest), scan.mentions);
      return;
    }
  }
  if (isComponent(path)) scan.modules.set(path, importsByForm(text));
  if (configuration.test(path)) addWords(text.slice(0, maxMentionChars), scan.mentions);
}

function addWords(text: string, words: Set<string>): void {
  for (const [word] of text.matchAll(/[@\w.~-]+(?:[/:][@\w.~*-]+)*/g))
    if (word.length > 1 && word.length < 200) words.add(word);
}

/** Imports of a component, a page or an unreadable script by their form; good enough to know what it uses, not what it is made of. */
function importsByForm(text: string): ModuleFacts {
  const imports: ModuleFacts['imports'][number][] = [];
  const pattern = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\(\s*|\bsrc=\s*)(["'])([^"'\n]+)\1/g;
  for (const match of text.matchAll(pattern)) {
    const specifier =
      match[0].startsWith('src') && !/^[./@#~]/.test(match[2] ?? '')
        ? `./${match[2] ?? ''}`
        : (match[2] ?? '');
    if (/^(https?:|data:|\/\/)/.test(match[2] ?? '')) continue;
    imports.push({
      specifier: specifier.replace(/^\//, './'),
      line: text.slice(0, match.index).split('\n').length,
      kind: 'lazy',
    });
  }
  return { imports, dynamicPrefixes: [], functions: [], strings: [] };
}
