import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const names = z.record(z.string(), z.string()).optional().catch(undefined);
const manifestSchema = z.looseObject({
  name: z.string().optional().catch(undefined),
  version: z.string().optional().catch(undefined),
  packageManager: z.string().optional().catch(undefined),
  scripts: names,
  dependencies: names,
  devDependencies: names,
  peerDependencies: names,
  optionalDependencies: names,
});
export type Manifest = z.infer<typeof manifestSchema>;

/** What gates need to know of a tree before anything of it runs: only files at its root are read. */
export interface Repository {
  /** Absolute. */
  readonly root: string;
  readonly manifest?: Manifest;
  /** Why there is no manifest, in words. */
  readonly manifestProblem?: string;
  /** Names of the files and folders at the root. */
  readonly entries: ReadonlySet<string>;
  /** The first of the names that is at the root. */
  first(candidates: readonly (string | RegExp)[]): string | undefined;
  script(name: string): string | undefined;
  /** Whether package.json has a top-level key of this name (`eslintConfig`, `prettier`). */
  hasKey(name: string): boolean;
  declares(dependency: string): boolean;
  /** The version in the tree's own node_modules. */
  installed(dependency: string): string | undefined;
  /** Absolute path of a program in the tree's node_modules/.bin. */
  program(name: string): string | undefined;
  isFile(path: string): boolean;
  text(path: string): string | undefined;
}

export function readRepository(root: string): Repository {
  const entries = new Set(rootEntries(root));
  const { manifest, problem } = readManifest(root, entries);
  const dependencies = {
    ...manifest?.peerDependencies,
    ...manifest?.optionalDependencies,
    ...manifest?.dependencies,
    ...manifest?.devDependencies,
  };
  return {
    root,
    ...(manifest && { manifest }),
    ...(problem !== undefined && { manifestProblem: problem }),
    entries,
    first: (candidates) => firstOf([...entries].sort(), candidates),
    script: (name) => (Object.hasOwn(manifest?.scripts ?? {}, name) ? manifest?.scripts?.[name] : undefined),
    hasKey: (name) => manifest !== undefined && Object.hasOwn(manifest, name),
    declares: (dependency) => Object.hasOwn(dependencies, dependency),
    installed: (dependency) => installedVersion(root, dependency),
    program: (name) => programPath(root, name),
    isFile: (path) => isFileAt(join(root, path)),
    text: (path) => readText(join(root, path)),
  };
}

function rootEntries(root: string): string[] {
  try {
    return readdirSync(root);
  } catch {
    return []; // Gone or unreadable: no gate applies, and each says what it looked for.
  }
}

function readManifest(root: string, entries: ReadonlySet<string>): { manifest?: Manifest; problem?: string } {
  if (!entries.has('package.json')) return { problem: 'there is no package.json at the root' };
  const text = readText(join(root, 'package.json'));
  if (text === undefined) return { problem: 'package.json cannot be read' };
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(text.replace(/^\uFEFF/, '')));
    return parsed.success ? { manifest: parsed.data } : { problem: 'package.json is not a JSON object' };
  } catch (error) {
    return { problem: `package.json is not valid JSON (${(error as Error).message})` };
  }
}

function firstOf(entries: readonly string[], candidates: readonly (string | RegExp)[]): string | undefined {
  for (const candidate of candidates) {
    const found = entries.find((entry) =>
      typeof candidate === 'string' ? entry === candidate : candidate.test(entry),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function installedVersion(root: string, dependency: string): string | undefined {
  const text = readText(join(root, 'node_modules', dependency, 'package.json'));
  if (text === undefined) return undefined;
  const version = /"version"\s*:\s*"([^"]+)"/.exec(text)?.[1];
  return version ?? 'unknown';
}

function programPath(root: string, name: string): string | undefined {
  const path = join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
  return existsSync(path) ? path : undefined;
}

/** What a tool printed can be anything: a name that no file system takes is no file. */
function isFileAt(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // Absent for every caller, whatever the reason.
  }
}
