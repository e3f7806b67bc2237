import { lstat, readlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import { fail, ok, type Result } from '../../base/result';

/** A place in the worktree, with every link on the way to it followed. */
export interface WorktreePath {
  readonly absolute: string;
  /** From the root, with `/`; `.` for the root itself. */
  readonly relative: string;
}

const maxLinks = 40;

/**
 * Walks a path given by a model component by component and follows each link itself, so that no part of the way can
 * lead outside, also for a file that does not exist yet. Absolute paths are taken when they lie inside. `root` must be real.
 * A failure is a sentence for the model.
 */
export async function resolveInWorktree(root: string, path: string): Promise<Result<WorktreePath, string>> {
  if (path.includes('\0')) return fail('A path cannot hold a NUL character.');
  if (!isAbsolute(path) && path.split(/[\\/]/).includes('..'))
    return fail(`${path}: paths are relative to the worktree, without "..".`);
  const outside = fail(
    `${path} is outside the worktree. Only files inside it can be used; paths are relative to it.`,
  );
  const lexical = resolve(root, path);
  if (!isInside(root, lexical)) return outside;
  const absolute = await walk(root, lexical);
  if (absolute === undefined || !isInside(root, absolute)) return outside;
  const inside = relative(root, absolute).split(sep).join('/') || '.';
  if (inside.toLowerCase().split('/').includes('.git'))
    return fail(`${path} belongs to git. The engine makes the commits; leave it alone.`);
  return ok({ absolute, relative: inside });
}

/** Undefined when a link leads outside or in circles. */
async function walk(root: string, target: string): Promise<string | undefined> {
  let at = root;
  let rest = partsOf(root, target);
  for (let links = 0; rest.length > 0;) {
    const [first = '', ...others] = rest;
    const next = join(at, first);
    const link = await linkAt(next);
    if (link === undefined) {
      at = next;
      rest = others;
      continue;
    }
    links++;
    const pointed = resolve(dirname(next), link);
    if (links > maxLinks || !isInside(root, pointed)) return undefined;
    at = root;
    rest = [...partsOf(root, pointed), ...others];
  }
  return at;
}

async function linkAt(path: string): Promise<string | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink() ? await readlink(path) : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // What does not exist is no link; what lies below it does not exist either.
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function partsOf(root: string, target: string): string[] {
  return relative(root, target).split(sep).filter(Boolean);
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way) && parse(way).root === '';
}
