import { lstat, readlink } from 'node:fs/promises';
import { isAbsolute, join, parse, sep } from 'node:path';

const maxLinks = 40;
const maxParts = 400;

/**
 * Where a path leads as the system would go: component by component, each link followed, `..` taken from where a link
 * led. What does not exist yet, also behind a dangling link, is named by where it would come to be.
 * @param from absolute and real
 * @returns undefined for a path that cannot be followed: a NUL, too long, links in a circle, `..` after what is missing
 */
export async function canonicalPath(from: string, path: string): Promise<string | undefined> {
  if (path.includes('\0') || path.length > 4096) return undefined;
  let at = isAbsolute(path) ? parse(path).root : from;
  let rest = partsOf(path);
  let exists = true;
  for (let links = 0; rest.length > 0;) {
    if (rest.length > maxParts) return undefined;
    const [part = '', ...others] = rest;
    rest = others;
    if (part === '..') {
      // Back from what is missing: where that leads depends on what it will be.
      if (!exists) return undefined;
      at = join(at, '..');
      continue;
    }
    const next = join(at, part);
    const link = exists ? await linkAt(next) : 'missing';
    if (link === 'missing') exists = false;
    if (link === 'missing' || link === undefined) {
      at = next;
      continue;
    }
    if (++links > maxLinks) return undefined;
    if (isAbsolute(link.to)) at = parse(link.to).root;
    rest = [...partsOf(link.to), ...rest];
  }
  return at;
}

function partsOf(path: string): string[] {
  const separator = sep === '\\' ? /[\\/]+/ : /\/+/;
  const relative = isAbsolute(path) ? path.slice(parse(path).root.length) : path;
  return relative.split(separator).filter((part) => part !== '' && part !== '.');
}

async function linkAt(path: string): Promise<{ to: string } | 'missing' | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink() ? { to: await readlink(path) } : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A name the system does not take, or a folder that may not be looked into, leads nowhere we could judge further.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'EACCES')
      return 'missing';
    throw error;
  }
}
