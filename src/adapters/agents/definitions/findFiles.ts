import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { FileProblem } from '../../../core/model/agent';
import { compare } from '../../../core/planning/closestNames';

/** A folder in which definitions are looked for. */
export interface DefinitionFolder {
  readonly kind: 'project' | 'home';
  /** The folder the links of a project must not leave. */
  readonly root: string;
  readonly path: string;
  /** `markdown`: every Markdown file; `skill`: the `SKILL.md` of each folder inside it. */
  readonly files: 'markdown' | 'skill';
  /** How many levels of folders inside it are searched. */
  readonly depth: number;
}

export interface FoundFile {
  /** As it was found, absolute. */
  readonly path: string;
  /** The file it is in truth, with every link followed. */
  readonly real: string;
}

export interface FoundFiles {
  /** In the order of their names. */
  readonly files: readonly FoundFile[];
  readonly problems: readonly FileProblem[];
}

const maxFiles = 2_000;
const maxFolders = 5_000;
const outsideMessage = 'Not loaded: it is a link to a place outside the project.';
const skipped = new Set(['.git', 'node_modules']);

/**
 * The files of a folder that could be definitions. A folder that is not there has none. Links are followed once; those of a
 * project only as far as its root, because a file from outside would end up in a model's prompt.
 */
export async function findFiles(folder: DefinitionFolder): Promise<FoundFiles> {
  const files: FoundFile[] = [];
  const problems: FileProblem[] = [];
  const seen = new Set<string>();
  const complain = (path: string, message: string) =>
    problems.push({ path, line: 1, column: 1, severity: 'error', message });
  const root = await realpath(folder.root).catch(() => folder.root);
  const isOutside = (real: string) =>
    folder.kind === 'project' && real !== root && !real.startsWith(root + sep);

  const walk = async (path: string, depth: number): Promise<void> => {
    const real = await realpath(path);
    if (isOutside(real)) return void complain(path, outsideMessage);
    if (seen.has(real) || seen.size >= maxFolders) return;
    seen.add(real);
    const entries = (await readdir(path, { withFileTypes: true })).sort((a, b) => compare(a.name, b.name));
    for (const entry of visited(entries, folder, depth)) {
      await visit(join(path, entry.name), entry, depth).catch((error: unknown) =>
        complain(join(path, entry.name), `Cannot be read: ${reasonOf(error)}.`),
      );
    }
  };
  const visit = async (path: string, entry: Dirent, depth: number): Promise<void> => {
    if (files.length >= maxFiles) return;
    const isFile = isWanted(entry.name, folder, depth);
    if (!isFile && depth >= folder.depth) return;
    const real = await realpath(path);
    if (entry.isSymbolicLink() && isOutside(real)) return void complain(path, outsideMessage);
    const stats = await stat(path);
    if (stats.isDirectory()) return depth < folder.depth ? walk(path, depth + 1) : undefined;
    if (isFile && stats.isFile()) files.push({ path, real });
  };

  await walk(folder.path, 0).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      complain(folder.path, `This folder cannot be read: ${reasonOf(error)}.`);
  });
  if (files.length >= maxFiles) complain(folder.path, `Only the first ${maxFiles} files are loaded.`);
  return { files, problems };
}

/** What is worth a look: of a skill's own folder only its `SKILL.md`, because the rest is the skill's. */
function visited(entries: readonly Dirent[], folder: DefinitionFolder, depth: number): Dirent[] {
  const wanted = entries.filter((entry) => isWanted(entry.name, folder, depth));
  if (folder.files === 'skill' && wanted.length > 0) return wanted;
  const folders = entries.filter(
    (entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !skipped.has(entry.name),
  );
  return entries.filter((entry) => wanted.includes(entry) || folders.includes(entry));
}

function isWanted(name: string, folder: DefinitionFolder, depth: number): boolean {
  if (folder.files === 'markdown') return name.toLowerCase().endsWith('.md');
  return depth > 0 && name === 'SKILL.md';
}

/** What the system says, without the path it repeats: "permission denied". */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^[A-Z]+: /, '').replace(/, \w+(?: '.*')?$/s, '');
}
