import { basename, join } from 'node:path';
import type { WorktreePath } from './worktreePath';

/**
 * The whole output of commands lies outside the worktree. An agent names one of its own logs as `logs:<file>`; no other
 * file can be reached that way.
 */
const prefix = 'logs:';

export function logName(path: string): string {
  return `${prefix}${basename(path)}`;
}

/** Undefined for what is no name of a log. */
export function logFile(folder: string, path: string): WorktreePath | undefined {
  const name = path.startsWith(prefix) ? path.slice(prefix.length) : '';
  return /^[\w-]+\.log$/.test(name) ? { absolute: join(folder, name), relative: path } : undefined;
}
