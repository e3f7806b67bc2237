import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { plainName, steeredBy } from '../../core/model/steeringFiles';
import type { PolicyDecision } from '../../core/ports';
import { canonicalPath } from './canonicalPath';

/**
 * Decides by where a path really leads: links are followed, also when the file itself does not exist yet (law L2).
 * @param path absolute, or relative to the root of the worktree
 */
export async function decidePath(
  kind: 'read' | 'write',
  root: string,
  path: string,
): Promise<PolicyDecision> {
  const home = await realpath(root);
  const target = await canonicalPath(home, path);
  if (target === undefined)
    return {
      decision: 'deny',
      rule: 'outside the worktree',
      reason: `${shown(path)} cannot be followed to a file.`,
    };
  const inside = relative(home, target);
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    return {
      decision: 'deny',
      rule: 'outside the worktree',
      reason: `${shown(path)} leads outside the worktree.`,
    };
  }
  const parts = inside.split(sep);
  if (parts.some(isGits)) {
    return {
      decision: 'deny',
      rule: 'git’s own files',
      reason: `${shown(path)} belongs to git; commits are made by the engine.`,
    };
  }
  if (kind === 'read') return { decision: 'allow', rule: 'inside the worktree' };
  const guarded = steeredBy(parts.join('/')) ?? programsOf(parts);
  if (guarded) {
    return {
      decision: 'ask',
      rule: guarded,
      touchesProtected: true,
      reason: `${shown(path)} decides what agents or tools of this repository may do.`,
    };
  }
  return { decision: 'allow', rule: 'inside the worktree' };
}

/** Also by the short name and the stream names some systems give it. */
function isGits(part: string): boolean {
  const name = plainName(part);
  return name === '.git' || /^git~\d$/.test(name);
}

/** Commands find these before those of the machine. */
function programsOf(parts: readonly string[]): string | undefined {
  const names = parts.map(plainName);
  const at = names.indexOf('.bin');
  return at > 0 && names[at - 1] === 'node_modules' ? 'programs that commands run' : undefined;
}

function shown(path: string): string {
  return path.length > 200 ? `${path.slice(0, 200)}…` : path.replaceAll('\0', '\\0');
}
