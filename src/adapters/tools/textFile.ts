import { constants } from 'node:fs';
import { open, stat, unlink } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '../../base/result';
import { fileKind } from './fileKind';
import { inHeldFolder } from './heldFolder';
import type { WorktreePath } from './worktreePath';

/** A text file as a model sees it: without byte order mark, lines ended by `\n`. How it was on disk is kept to write it back so. */
export interface TextFile {
  readonly text: string;
  readonly hasMark: boolean;
  readonly lineEnd: '\n' | '\r\n';
  /** SHA-256 of the bytes on disk. */
  readonly digest: string;
}

const maxBytes = 20_000_000;

/** Reads a text file; a folder, a binary or a giant is refused with a sentence. `missing` when there is nothing. */
export async function readText(path: WorktreePath): Promise<Result<TextFile, string> | 'missing'> {
  const found = await statOf(path.absolute);
  if (!found) return 'missing';
  if (found.isDirectory()) return fail(`${path.relative} is a folder.`);
  if (!found.isFile()) return fail(`${path.relative} is not a regular file.`);
  if (found.size > maxBytes)
    return fail(
      `${path.relative} has ${found.size} bytes, too much to change as text. Read it in parts, and change it with a command.`,
    );
  const bytes = await inHeldFolder(path, false, readRegular);
  const decoded = decode(bytes);
  if (decoded === undefined)
    return fail(
      `${path.relative} is ${fileKind(path.relative, bytes)}, ${bytes.length} bytes, and cannot be read or edited as text.`,
    );
  const hasMark = decoded.startsWith('\uFEFF');
  const text = hasMark ? decoded.slice(1) : decoded;
  const lineEnd = usesCrLf(text) ? '\r\n' : '\n';
  return ok({
    text: lineEnd === '\r\n' ? text.replaceAll('\r\n', '\n') : text,
    hasMark,
    lineEnd,
    digest: digestOf(bytes),
  });
}

/** Neither through a link nor from what is no file any more. */
async function readRegular(at: string): Promise<Buffer> {
  const file = await open(at, readFlags);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Windows has no such flags. */
const noFollow = (constants.O_NOFOLLOW as number | undefined) ?? 0;
export const readFlags = constants.O_RDONLY | noFollow | ((constants.O_NONBLOCK as number | undefined) ?? 0);

/** Writes a text with the mark and the line ends the file had; returns the digest of what is on disk now. */
export async function writeText(
  path: WorktreePath,
  text: string,
  like?: Pick<TextFile, 'hasMark' | 'lineEnd'>,
): Promise<string> {
  const plain = like?.lineEnd === '\r\n' ? text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n') : text;
  const bytes = Buffer.from(like?.hasMark && !plain.startsWith('\uFEFF') ? `\uFEFF${plain}` : plain, 'utf8');
  await inHeldFolder(path, true, async (at) => {
    const mode = await detached(at);
    // Not through a link that appeared since the path was resolved.
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | noFollow;
    const file = await open(at, flags, mode);
    try {
      await file.writeFile(bytes);
    } finally {
      await file.close();
    }
  });
  return digestOf(bytes);
}

export async function removeFile(path: WorktreePath): Promise<void> {
  await inHeldFolder(path, false, unlink);
}

/** A file shared by hard links (linked dependencies) is replaced, so that its other names keep their content. */
async function detached(path: string): Promise<number> {
  const found = await statOf(path);
  if (!found) return 0o666;
  if (found.nlink > 1) await unlink(path);
  return found.mode & 0o777;
}

export async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Undefined for what is no UTF-8 text. */
function decode(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  const text = bytes.toString('utf8');
  return text.includes('\uFFFD') && !Buffer.from(text, 'utf8').equals(bytes) ? undefined : text;
}

/** Only where every line ends so: a file with both keeps both, and is then matched exactly as it is. */
function usesCrLf(text: string): boolean {
  const all = text.split('\n').length - 1;
  return all > 0 && text.split('\r\n').length - 1 === all;
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
