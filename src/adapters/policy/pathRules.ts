import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { PolicyDecision } from '../../core/ports';
import { steeredBy } from '../../core/model/steeringFiles';

/** Decides where a path really leads: links are followed, also when the file itself does not exist yet (law L2). */
export async function decidePath(
  kind: 'read' | 'write',
  root: string,
  path: string,
): Promise<PolicyDecision> {
  const home = await realpath(root);
  const target = await canonical(resolve(home, path));
  const inside = relative(home, target);
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    return { decision: 'deny', rule: 'outside the worktree', reason: `${path} leads outside the worktree.` };
  }
  const parts = inside.split(sep);
  if (parts.some((part) => part.toLowerCase() === '.git')) {
    return {
      decision: 'deny',
      rule: 'git’s own files',
      reason: `${path} belongs to git; commits are made by the engine.`,
    };
  }
  if (kind === 'read') return { decision: 'allow', rule: 'inside the worktree' };
  const guarded = steeredBy(parts.join('/'));
  if (guarded) {
    return {
      decision: 'ask',
      rule: guarded,
      reason: `${path} decides what agents or tools of this repository may do.`,
    };
  }
  return { decision: 'allow', rule: 'inside the worktree' };
}

/** The real path of what exists, with the rest appended. A link that leads nowhere is followed to where it points. */
async function canonical(path: string, depth = 0): Promise<string> {
  if (depth > 40) return sep;
  const real = await orUndefined(realpath(path));
  if (real !== undefined) return real;
  const dangling = await orUndefined(lstat(path));
  // It exists but leads nowhere (or round in circles): writing through it would create a file we did not judge.
  if (dangling?.isSymbolicLink()) return sep;
  const parent = dirname(path);
  return parent === path ? path : join(await canonical(parent, depth + 1), basename(path));
}

async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
