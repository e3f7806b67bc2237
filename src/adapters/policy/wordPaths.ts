import { opendir } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import type { PolicyDecision } from '../../core/ports';
import { decidePath } from './pathRules';
import type { Word } from './shellWord';
import { allow, ask, strictest } from './verdicts';

/** Streams every process has, and the hole everything may go into. */
const devices = /^\/dev\/(null|stdin|stdout|stderr)$/;
const maxEntries = 2000;

/** Decides a path an argument or a redirection names, from every folder the command may run in. */
export async function decideWord(
  effect: 'read' | 'write',
  word: Word,
  root: string,
  folders: readonly string[],
): Promise<PolicyDecision> {
  switch (word.kind) {
    case 'stream':
      return allow('a pipe');
    case 'dynamic':
      return ask(`The path ${word.text} is only known when it runs.`);
    case 'within':
    case 'glob':
      if (effect === 'write') return ask(`Which files ${word.text} means is only known when it runs.`);
      return word.kind === 'within'
        ? literal('read', word.text, root, folders)
        : pattern(word.text, root, folders);
    case 'literal':
      if (devices.test(word.text) || (word.text === '-' && effect === 'read')) return allow('a stream');
      return literal(effect, word.text, root, folders);
  }
}

async function literal(
  effect: 'read' | 'write',
  path: string,
  root: string,
  folders: readonly string[],
): Promise<PolicyDecision> {
  const paths = new Set(folders.map((folder) => placed(folder, path)));
  return strictest(await Promise.all([...paths].map((place) => decidePath(effect, root, place))));
}

/** Kept with its `..`, which only the file system can follow. */
function placed(folder: string, path: string): string {
  return isAbsolute(path) || folder === '.' ? path : `${folder}/${path}`;
}

/** A pattern in the last part of a path, in a folder without links that could lead elsewhere. */
async function pattern(text: string, root: string, folders: readonly string[]): Promise<PolicyDecision> {
  const [, folder = '', last = ''] = /^(.*\/)?([^/]*)$/.exec(text) ?? [];
  if (/[*?[]/.test(folder) || last.startsWith('.'))
    return ask(`Which files ${text} means is only known when it runs.`);
  const base = await literal('read', folder === '' ? '.' : folder, root, folders);
  if (base.decision !== 'allow') return base;
  for (const from of folders) {
    if (await hasLinks(isAbsolute(folder) ? folder : resolve(join(root, from), folder)))
      return ask(`${text} may mean a link that leads elsewhere.`);
  }
  return base;
}

async function hasLinks(folder: string): Promise<boolean> {
  try {
    let count = 0;
    for await (const entry of await opendir(folder)) {
      if (entry.isSymbolicLink() || ++count > maxEntries) return true;
    }
    return false;
  } catch (error) {
    // Where there is no such folder, the pattern means no file.
    const { code } = error as NodeJS.ErrnoException;
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}
