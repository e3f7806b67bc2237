import { lstat, readFile } from 'node:fs/promises';
import { extname, join, posix } from 'node:path';
import { languageOf } from './languages';
import { maxScriptBytes, scriptPattern } from './syntaxTree';

/** One tracked file that holds text. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
  readonly lines: number;
}

export interface Manifest {
  /** Folder of the package, relative to the root; empty for the root's own. */
  readonly folder: string;
  readonly name?: string;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

const maxTextBytes = 2 * 1024 * 1024;

/** Reads a tracked file; a reason in words when it holds no text to look at. */
export async function readTextFile(root: string, path: string): Promise<TextFile | Skipped> {
  try {
    const stat = await lstat(join(root, path));
    if (stat.isSymbolicLink()) return { path, reason: 'a link' };
    if (!stat.isFile()) return { path, reason: 'not a file' };
    const limit = scriptPattern.test(path) ? maxScriptBytes : maxTextBytes;
    if (stat.size > limit) return { path, reason: `larger than ${limit / 1024 / 1024} MB` };
    const bytes = await readFile(join(root, path));
    if (bytes.subarray(0, 8000).includes(0)) return { path, reason: 'binary' };
    const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
    return { path, text, lines: countLines(text) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return {
      path,
      reason: code === 'ENOENT' ? 'tracked but not in the checkout' : `unreadable (${code ?? 'unknown'})`,
    };
  }
}

export function isText(file: TextFile | Skipped): file is TextFile {
  return 'text' in file;
}

function countLines(text: string): number {
  if (text === '') return 0;
  let lines = text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

/** Undefined for a manifest that is not JSON; the package manager would not take it either. */
export function parseManifest(path: string, text: string): Manifest | undefined {
  try {
    const content: unknown = JSON.parse(text);
    if (typeof content !== 'object' || content === null || Array.isArray(content)) return undefined;
    const folder = posix.dirname(path) === '.' ? '' : posix.dirname(path);
    const name = 'name' in content && typeof content.name === 'string' ? content.name : undefined;
    return { folder, content: content as Record<string, unknown>, ...(name !== undefined && { name }) };
  } catch {
    return undefined; // Fixtures of package tools are full of these.
  }
}

/** Code that stands in the repository without being of it: dependencies checked in, build output, minified bundles. */
export function isForeign(path: string): boolean {
  return (
    /(^|\/)(node_modules|bower_components|vendor|third_party|\.yarn)\//.test(path) ||
    /\.min\.[cm]?js$|(^|\/)\.pnp\./.test(path)
  );
}

const testFile =
  /(^|\/)(tests?|__tests__|__mocks__|specs?|e2e|cypress|testing)\/|(^|[/._-])(tests?|specs?|e2e|cy)(-d)?\.[cm]?[jt]sx?$/i;
const supportFile =
  /(^|\/)(fixtures?|__fixtures__|examples?|demos?|samples?|benchmarks?|bench|docs?|website|scripts?|tools?|bin|stories|templates?|playgrounds?|migrations?|codemods?|\.[\w-]+)\/|\.(stories|config|conf|setup|bench)\.[cm]?[jt]sx?$|(^|\/)\.?[\w-]+rc\.[cm]?[jt]s$/i;

export function isTest(path: string): boolean {
  return testFile.test(path);
}

/** Configuration, examples, scripts and the like: started by hand or by tools, not imported. */
export function isSupport(path: string): boolean {
  return supportFile.test(path);
}

export function isScript(path: string): boolean {
  return scriptPattern.test(path);
}

export function isDeclaration(path: string): boolean {
  return /\.d(\.\w+)?\.[cm]?ts$/.test(path);
}

/** Formats that embed scripts or markup and import modules, read by pattern and not by a parser. */
export function isComponent(path: string): boolean {
  return ['.vue', '.svelte', '.astro', '.html', '.htm', '.mdx'].includes(extname(path).toLowerCase());
}

export function isReadable(path: string): boolean {
  return isScript(path) || isComponent(path) || languageOf(path) !== undefined;
}
