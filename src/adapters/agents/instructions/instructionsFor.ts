import type { Task } from '../../../core/model/plan';
import { isImporting, importsOf } from './imports';
import { candidatesFor, type Candidate } from './candidates';
import { linkedPath, type CommittedFiles } from './committedFiles';
import { rulesFor } from './rules';

export interface Instructions {
  /** Relative to the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** At most this much of one file, and of all of them. In characters. */
const fileChars = 8_000;
const allChars = 24_000;
/** A rest too small to say anything is not begun. */
const leastChars = 400;
const maxImportDepth = 5;
const maxFiles = 24;

/**
 * The instructions that apply to a task, from the root to the folder nearest to its files, what they import after them. Read
 * from one commit, so that no agent can change what its neighbours are told while a run is under way. Where there is more
 * than fits, what is nearest to the files comes first, and files that are left out are named.
 */
export async function instructionsFor(
  task: Pick<Task, 'scope' | 'title' | 'work'>,
  files: CommittedFiles,
): Promise<Instructions[]> {
  const { atRoot, nearer, further } = candidatesFor(task, files.paths);
  const rules = await rulesFor(task, files);
  const read = await readAll([...atRoot, ...rules.applying, ...nearer], files);
  const { kept, left } = withinBounds(read);
  const unread = [...new Set([...left, ...rules.further, ...further])].filter(
    (path) => !kept.some((one) => one.path === path),
  );
  return unread.length === 0 ? kept : [...kept, furtherFiles(unread)];
}

interface Read extends Instructions {
  readonly maxChars: number;
}

/** In order; a text that stands there already, by import or as a copy for another tool, is not repeated. */
async function readAll(candidates: readonly Candidate[], files: CommittedFiles): Promise<Read[]> {
  const all: Read[] = [];
  const seen = new Set<string>();
  const tracked = new Set(files.paths);
  const take = async (path: string, maxChars: number, depth: number): Promise<void> => {
    if (seen.has(path) || seen.size >= maxFiles) return;
    seen.add(path);
    const text = (await files.read(path))?.trim() ?? '';
    const linked = linkedPath(path, text, tracked);
    if (linked !== undefined) return take(linked, maxChars, depth);
    const isCopy = all.some((other) => other.text === text);
    if (text !== '' && !isCopy) all.push({ path, text, maxChars });
    if (!isImporting(path) && depth === 0) return;
    if (depth >= maxImportDepth) return;
    for (const imported of importsOf(path, text, tracked)) await take(imported, fileChars, depth + 1);
  };
  for (const { path, maxChars } of candidates) await take(path, Math.min(maxChars, fileChars), 0);
  return all;
}

/** What stands last is nearest to the files of the task, and gets its room first. */
function withinBounds(read: readonly Read[]): { kept: Instructions[]; left: string[] } {
  let room = allChars;
  const left: string[] = [];
  const kept = read.toReversed().flatMap(({ path, text, maxChars }): Instructions[] => {
    const chars = Math.min(text.length, maxChars, room);
    if (chars < Math.min(leastChars, text.length)) {
      left.push(path);
      return [];
    }
    room -= chars;
    const more = text.length - chars;
    const cut = more > 0 ? `\n[${more} more characters stand in ${path}]` : '';
    return [{ path, text: `${text.slice(0, chars)}${cut}` }];
  });
  return { kept: kept.toReversed(), left: left.toReversed() };
}

const maxNamed = 30;

function furtherFiles(paths: readonly string[]): Instructions {
  const named = paths.slice(0, maxNamed).map((path) => `- ${path}`);
  const more = paths.length > maxNamed ? [`- and ${paths.length - maxNamed} more`] : [];
  const text = ['Read these before you change what they are about:', ...named, ...more].join('\n');
  return { path: 'the rest of the repository', text };
}
