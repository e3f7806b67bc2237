import { lstat, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import type { PolicyDecision } from '../../core/ports';
import { shellsOwn } from './harmlessCommands';
import type { Word } from './shellWord';
import { ask } from './verdicts';

/** The worktree's own programs stand first on the PATH, so one of them could pose as `cat`. */
export async function shadowOf(root: string, name: string): Promise<PolicyDecision | undefined> {
  if (shellsOwn.has(name)) return undefined;
  const kind = await kindOf(join(root, 'node_modules', '.bin', name));
  return kind === 'missing' ? undefined : ask(`The project has a program of its own named ${name}.`);
}

/** Whether git would take a folder it runs in, or one above it inside the worktree, for a bare repository. */
export async function posesAsRepository(root: string, folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) {
    for (let at = resolve(root, folder); at.length > root.length; at = resolve(at, '..')) {
      if ((await kindOf(join(at, 'HEAD'))) !== 'missing') return true;
    }
  }
  return false;
}

/** Whether all that a `mv` names is plain files, as far as it exists. */
export async function movesFiles(
  root: string,
  folders: readonly string[],
  words: readonly Word[],
): Promise<boolean> {
  const sources = words.slice(1, -1).filter((word) => !word.text.startsWith('-'));
  for (const { kind, text } of sources) {
    if (kind !== 'literal') return false;
    for (const folder of folders) {
      const found = await kindOf(isAbsolute(text) ? text : join(root, folder, text));
      if (found === 'other') return false;
    }
  }
  return true;
}

/** Whether an operand is a link, or may be one. */
export function namesLinks(
  root: string,
  folders: readonly string[],
  words: readonly Word[],
): Promise<boolean> {
  return someOperand(root, folders, words, async (path) => (await lstat(path)).isSymbolicLink());
}

/** Whether an operand is a folder, or may be one. */
export function namesFolders(
  root: string,
  folders: readonly string[],
  words: readonly Word[],
): Promise<boolean> {
  return someOperand(root, folders, words, async (path) => (await stat(path)).isDirectory());
}

async function someOperand(
  root: string,
  folders: readonly string[],
  words: readonly Word[],
  fits: (path: string) => Promise<boolean>,
): Promise<boolean> {
  for (const { kind, text } of words.slice(1)) {
    if (kind === 'stream') continue;
    if (kind !== 'literal') return true;
    for (const folder of folders) {
      // What is not there, or may not be looked at, is neither.
      const path = isAbsolute(text) ? text : join(root, folder, text);
      if (await fits(path).catch(() => false)) return true;
    }
  }
  return false;
}

async function kindOf(path: string): Promise<'file' | 'other' | 'missing'> {
  try {
    return (await lstat(path)).isFile() ? 'file' : 'other';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' ? 'missing' : 'other';
  }
}
