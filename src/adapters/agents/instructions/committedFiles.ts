import { dirname, join } from 'node:path/posix';

/** The files of one commit. */
export interface CommittedFiles {
  /** Every tracked path, with `/`. */
  readonly paths: readonly string[];
  /** Undefined for what is not there or is no text. A link gives its target. */
  readonly read: (path: string) => Promise<string | undefined>;
}

/** The tracked file a link leads to: git keeps a link as a file that holds its target. */
export function linkedPath(path: string, text: string, tracked: ReadonlySet<string>): string | undefined {
  if (text.length > 300 || /\s/.test(text)) return undefined;
  return trackedFrom(path, text, tracked);
}

/** A path that a file names, from its own folder. Undefined where it leaves the repository or nothing stands there. */
export function trackedFrom(from: string, named: string, tracked: ReadonlySet<string>): string | undefined {
  if (named === '' || named.startsWith('/') || named.startsWith('~')) return undefined;
  const path = join(dirname(from), named);
  return path !== from && tracked.has(path) ? path : undefined;
}
