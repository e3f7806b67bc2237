import { lstat, readFile, readdir, readlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What stands at one path of a checkout. Links are looked at, never followed. */

export interface FileContent {
  readonly kind: 'file' | 'link';
  /** Of a link: its target. */
  readonly bytes: Uint8Array;
  readonly isExecutable: boolean;
}

export type FileState =
  | { readonly kind: 'absent' }
  | ({ readonly permissions: number } & FileContent)
  | { readonly kind: 'folder' }
  /** A socket, a device, a pipe. */
  | { readonly kind: 'other' }
  /** Something whose name differs only in case or in Unicode form stands in the way. */
  | { readonly kind: 'namesake'; readonly name: string }
  /** A part of the path is a link or a file. */
  | { readonly kind: 'no-folder'; readonly part: string; readonly isLink: boolean };

export async function stateOf(root: string, path: string): Promise<FileState> {
  const parents = await blockedParent(root, path);
  if (parents) return parents;
  const full = join(root, path);
  const found = await lstat(full).catch(ifMissing);
  if (!found) return { kind: 'absent' };
  const names = await readdir(dirname(full));
  const name = basename(full);
  if (!names.includes(name)) {
    return { kind: 'namesake', name: names.find((other) => folded(other) === folded(name)) ?? name };
  }
  const permissions = found.mode & 0o777;
  const isExecutable = (found.mode & 0o100) !== 0;
  if (found.isFile()) return { kind: 'file', bytes: await readFile(full), isExecutable, permissions };
  if (found.isSymbolicLink()) {
    return {
      kind: 'link',
      bytes: await readlink(full, { encoding: 'buffer' }),
      isExecutable: false,
      permissions,
    };
  }
  return { kind: found.isDirectory() ? 'folder' : 'other' };
}

/** Names that a file system which ignores case or Unicode forms takes for the same. */
export function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** @param heedsExecutable false where the file system has no such bit. */
export function isSame(a: FileState, b: FileContent | undefined, heedsExecutable: boolean): boolean {
  if (b === undefined) return a.kind === 'absent';
  if (a.kind !== b.kind || !('bytes' in a)) return false;
  if (heedsExecutable && a.kind === 'file' && a.isExecutable !== b.isExecutable) return false;
  return Buffer.compare(a.bytes, b.bytes) === 0;
}

async function blockedParent(root: string, path: string): Promise<FileState | undefined> {
  const parts = path.split('/').slice(0, -1);
  for (let length = 1; length <= parts.length; length++) {
    const part = parts.slice(0, length).join('/');
    const found = await lstat(join(root, part)).catch(ifMissing);
    if (!found) return { kind: 'absent' };
    if (!found.isDirectory()) return { kind: 'no-folder', part, isLink: found.isSymbolicLink() };
  }
  return undefined;
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
