import { basename, dirname } from 'node:path/posix';
import type { Task } from '../../../core/model/plan';
import { compare } from '../../../core/planning/closestNames';
import { scopesOverlap } from '../../../core/planning/scope';

export interface Candidate {
  readonly path: string;
  /** Not all of a text for people is for agents. In characters. */
  readonly maxChars: number;
}

export interface Candidates {
  readonly atRoot: readonly Candidate[];
  /** From the root to what is nearest to the files of the task. */
  readonly nearer: readonly Candidate[];
  /** Files that may apply, depending on what the task will change. */
  readonly further: readonly string[];
}

/** In one folder, in this order. `GEMINI.md` counts where nothing else is said: it usually repeats the others. */
const general = ['agents.md', 'claude.md'];
const instead = 'gemini.md';
const allChars = Number.POSITIVE_INFINITY;
/** Folders inside the scope of a task, whose instructions are about a part of it. */
const maxInside = 6;

/**
 * The instructions files of a repository by where they stand: those of the folders that hold everything a task may change,
 * and, as far as there is room, of the folders inside its scope. A task that may change anything has those of the root and of
 * folders it names.
 */
export function candidatesFor(
  task: Pick<Task, 'scope' | 'title' | 'work'>,
  paths: readonly string[],
): Candidates {
  const byFolder = filesByFolder(paths);
  const folders = [...byFolder.keys()].filter((folder) => folder !== '').sort(byDepth);
  const around = folders.filter((folder) => isAround(folder, task));
  const inside = folders.filter((folder) => !around.includes(folder) && isInside(folder, task));
  const applying = [...around, ...inside.slice(0, maxInside)].sort(byDepth);
  const rest = [
    ...inside.slice(maxInside),
    ...folders.filter((folder) => mayMeet(folder, task, around, inside)),
  ];
  return {
    atRoot: rootFiles(paths, byFolder.get('') ?? []),
    nearer: applying.flatMap((folder) => byFolder.get(folder) ?? []).map(whole),
    further: rest.flatMap((folder) => byFolder.get(folder) ?? []),
  };
}

function filesByFolder(paths: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of [...general, instead]) {
    for (const path of paths) {
      const folder = folderOf(path);
      if (basename(path).toLowerCase() !== name || (name === instead && found.has(folder))) continue;
      found.set(folder, [...(found.get(folder) ?? []), path]);
    }
  }
  return found;
}

/** What people are told applies where agents are told nothing, and only its beginning. */
function rootFiles(paths: readonly string[], named: readonly string[]): Candidate[] {
  const at = (wanted: string) => paths.filter((path) => path.toLowerCase() === wanted);
  const forAgents = [...at('.github/copilot-instructions.md'), ...at('.claude/claude.md'), ...named];
  const contributing = [...at('contributing.md'), ...at('.github/contributing.md')].slice(0, 1);
  const readme = forAgents.length === 0 ? at('readme.md').slice(0, 1) : [];
  return [
    ...readme.map((path) => ({ path, maxChars: 1_200 })),
    ...contributing.map((path) => ({ path, maxChars: forAgents.length === 0 ? 3_000 : 1_500 })),
    ...forAgents.map(whole),
  ];
}

function whole(path: string): Candidate {
  return { path, maxChars: allChars };
}

/** Whether some entry of the scope lies in the folder as a whole, or a task without a scope names the folder. */
function isAround(folder: string, task: Pick<Task, 'scope' | 'title' | 'work'>): boolean {
  if (task.scope.length > 0)
    return task.scope.some((glob) => `${literalFolder(glob)}/`.startsWith(`${folder}/`));
  const text = `${task.title}\n${task.work.kind === 'agent' ? task.work.prompt : ''}`;
  return text.split(/[\s`'"(),;:]+/).some((word) => `${word}/`.replace(/^\.\//, '').startsWith(`${folder}/`));
}

function isInside(folder: string, { scope }: Pick<Task, 'scope'>): boolean {
  return scope.length > 0 && scopesOverlap(scope, [`${folder}/**`]);
}

function mayMeet(
  folder: string,
  { scope }: Pick<Task, 'scope'>,
  around: readonly string[],
  inside: readonly string[],
): boolean {
  return scope.length === 0 && !around.includes(folder) && !inside.includes(folder);
}

/** The folder every path of a glob lies in; of a plain path, that path itself, which may be a folder. */
function literalFolder(glob: string): string {
  const plain = glob.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  const parts = plain.split('/');
  const wild = parts.findIndex((part) => /[*?[{(!@+]/.test(part));
  return (wild < 0 ? parts : parts.slice(0, wild)).join('/');
}

function folderOf(path: string): string {
  const folder = dirname(path);
  return folder === '.' ? '' : folder;
}

function byDepth(a: string, b: string): number {
  return a.split('/').length - b.split('/').length || compare(a, b);
}
