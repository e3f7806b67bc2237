import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { FileProblem } from '../../../core/model/agent';
import { compare } from '../../../core/planning/closestNames';

export interface AgentFolder {
  readonly kind: 'project' | 'home';
  /** The folder the links of a project must not leave. */
  readonly root: string;
  readonly path: string;
  /** Whether folders inside it are searched too. */
  readonly isDeep: boolean;
}

export interface FoundFiles {
  /** Absolute, in the order of their names. */
  readonly paths: readonly string[];
  readonly problems: readonly FileProblem[];
}

const maxFiles = 2_000;
const outsideMessage = 'Not loaded: it is a link to a place outside the project.';

/**
 * The Markdown files of a folder of agents. A folder that is not there has none. Links are followed once; those of a
 * project only as far as its root, because a file from outside would end up in a model's prompt.
 */
export async function findAgentFiles(folder: AgentFolder): Promise<FoundFiles> {
  const paths: string[] = [];
  const problems: FileProblem[] = [];
  const seen = new Set<string>();
  const warn = (path: string, message: string) =>
    problems.push({ path, line: 1, column: 1, severity: 'error', message });
  const root = await realpath(folder.root).catch(() => folder.root);

  const isOutside = (real: string) =>
    folder.kind === 'project' && real !== root && !real.startsWith(root + sep);

  const walk = async (path: string): Promise<void> => {
    const real = await realpath(path);
    if (isOutside(real)) return void warn(path, outsideMessage);
    if (seen.has(real)) return;
    seen.add(real);
    const entries = await readdir(path, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => compare(a.name, b.name))) {
      await visit(join(path, entry.name), entry).catch((error: unknown) =>
        warn(join(path, entry.name), `Cannot be read: ${reasonOf(error)}.`),
      );
    }
  };
  const visit = async (path: string, entry: Dirent): Promise<void> => {
    if (paths.length >= maxFiles) return;
    const isMarkdown = entry.name.toLowerCase().endsWith('.md');
    if (!isMarkdown && !entry.isDirectory() && !entry.isSymbolicLink()) return;
    const isFollowed = folder.isDeep || isMarkdown;
    if (entry.isSymbolicLink() && isFollowed && isOutside(await realpath(path)))
      return void warn(path, outsideMessage);
    const stats = await stat(path);
    if (stats.isDirectory()) return folder.isDeep ? walk(path) : undefined;
    if (isMarkdown && stats.isFile()) paths.push(path);
  };

  await walk(folder.path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      warn(folder.path, `This folder of agents cannot be read: ${reasonOf(error)}.`);
  });
  if (paths.length >= maxFiles) warn(folder.path, `Only the first ${maxFiles} files are loaded.`);
  return { paths, problems };
}

/** What the system says, without the path it repeats: "permission denied". */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^[A-Z]+: /, '').replace(/, \w+(?: '.*')?$/s, '');
}
