import { realpathSync } from 'node:fs';
import { isAbsolute, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Turns a path as a tool printed it into one relative to the root of the tree, with `/`; undefined outside of it. */
export type TreePath = (printed: string) => string | undefined;

/**
 * @param root Absolute path of the tree. Tools may print it as it was given or with its symbolic links resolved.
 * @param cwd Where the tool ran, relative to the root; relative paths start there.
 */
export function treePathsOf(root: string, cwd = '.'): TreePath {
  const roots = [...new Set([root, realRoot(root)])];
  return (printed) => {
    const path = localPath(printed.trim());
    if (path === undefined) return undefined;
    for (const base of roots) {
      const inside = relative(base, isAbsolute(path) ? path : resolve(base, cwd, path));
      if (inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) {
        return sep === '/' ? inside : inside.split(sep).join(posix.sep);
      }
    }
    return undefined;
  };
}

function localPath(printed: string): string | undefined {
  if (printed === '' || printed.includes('\0')) return undefined;
  if (!printed.startsWith('file:')) return /^[a-z]{2,}:/i.test(printed) ? undefined : printed;
  return URL.canParse(printed) ? pathOfUrl(new URL(printed)) : undefined;
}

/** A file URL with a host or an encoded slash has no local path. */
function pathOfUrl(url: URL): string | undefined {
  if (url.host !== '' || /%2f/i.test(url.pathname)) return undefined;
  return fileURLToPath(url);
}

/** The root itself when it cannot be resolved (it was removed meanwhile): paths then match as printed. */
function realRoot(root: string): string {
  try {
    return realpathSync(root);
  } catch {
    return root;
  }
}
