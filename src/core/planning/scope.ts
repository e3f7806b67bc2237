import picomatch from 'picomatch/posix';
import type { Task } from '../model/plan';

/** What a task's scope allows, and whether two scopes may meet. */

/**
 * The paths a scope does not allow. An empty scope allows everything; a plain path allows everything under it too; an
 * entry starting with `!` takes paths away. Paths are relative to the root, with `/`.
 */
export function outsideScope(scope: readonly string[], paths: readonly string[]): string[] {
  if (scope.length === 0) return [];
  const allowed = scope.filter((glob) => !glob.startsWith('!')).flatMap(globsOf);
  const refused = scope.filter((glob) => glob.startsWith('!')).flatMap((glob) => globsOf(glob.slice(1)));
  const isAllowed = picomatch(allowed.length > 0 ? allowed : ['**'], { dot: true });
  const isRefused = refused.length > 0 ? picomatch(refused, { dot: true }) : () => false;
  return paths.filter((path) => !isAllowed(path) || isRefused(path));
}

function globsOf(glob: string): string[] {
  const plain = glob.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  if (plain === '' || plain === '.') return ['**'];
  const hasWildcard = /[*?[]|[@+!]\(/.test(plain.split('/').at(-1) ?? '');
  return hasWildcard ? [plain] : [plain, `${plain}/**`];
}

/** Whether two scopes (lists of globs of paths) may name the same path. Errs on the side of yes. */
export function scopesOverlap(a: readonly string[], b: readonly string[]): boolean {
  return a.some((left) => b.some((right) => globsOverlap(left, right)));
}

function globsOverlap(a: string, b: string): boolean {
  if (a.startsWith('!') || b.startsWith('!')) return false;
  const [headA, headB] = [literalHead(a), literalHead(b)];
  // Most pairs of a large plan are in different folders: telling them apart must cost next to nothing.
  if (!headA.startsWith(headB) && !headB.startsWith(headA)) return false;
  return patterns(a).some((left) =>
    patterns(b).some((right) => sequencesMeet(left, right, '**', segmentsMeet)),
  );
}

/** What every path of a glob begins with. */
function literalHead(glob: string): string {
  const plain = glob.replace(/^(?:\.?\/)+/, '');
  const wildcard = plain.search(/[*?[{(!@+]|\/+$|^\.$/);
  return wildcard < 0 ? plain : plain.slice(0, wildcard);
}

/**
 * Whether two tasks have both promised to write, and their promises name common paths. A task that declares no scope
 * may change anything, which is no promise: such tasks run side by side in their worktrees and a conflict shows when
 * they are integrated.
 */
export function tasksCollide(a: Pick<Task, 'work' | 'scope'>, b: Pick<Task, 'work' | 'scope'>): boolean {
  if (!writes(a) || !writes(b) || a.scope.length === 0 || b.scope.length === 0) return false;
  return scopesOverlap(a.scope, b.scope);
}

/** Checks and analyses change no file. */
export function writes(task: Pick<Task, 'work'>): boolean {
  return task.work.kind === 'agent' || task.work.kind === 'command';
}

/** A glob as lists of path segments, its braces expanded. */
function patterns(glob: string): string[][] {
  return globsOf(glob)
    .flatMap((plain) => expandBraces(plain))
    .map((plain) => plain.split('/').filter((segment) => segment !== '' && segment !== '.'));
}

/** At most a few dozen alternatives; a glob with more is taken as `**`. */
function expandBraces(glob: string, budget = 64): string[] {
  const match = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(glob);
  if (!match) return [glob];
  const [, head = '', inner = '', tail = ''] = match;
  const choices = inner.split(',');
  if (choices.length > budget) return ['**'];
  return choices.flatMap((choice) =>
    expandBraces(`${head}${choice}${tail}`, Math.floor(budget / choices.length)),
  );
}

function segmentsMeet(a: string, b: string): boolean {
  return sequencesMeet(characters(a), characters(b), '*', (x, y) => x === y || x === '?' || y === '?');
}

/** Character classes and extended globs are taken as `*`: they may match more than they do, never less. */
function characters(segment: string): string[] {
  return Array.from(segment.replace(/[!?*+@]?\([^)]*\)|\[[^\]]*\]/g, '*'));
}

/** Whether two sequences with a wildcard for "any number of items" have a common member. */
function sequencesMeet<T>(a: readonly T[], b: readonly T[], any: T, meet: (x: T, y: T) => boolean): boolean {
  const known = new Map<number, boolean>();
  const from = (i: number, j: number): boolean => {
    const key = i * (b.length + 1) + j;
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    const answer = decide(i, j);
    known.set(key, answer);
    return answer;
  };
  const decide = (i: number, j: number): boolean => {
    const x = a[i];
    const y = b[j];
    if (x === undefined && y === undefined) return true;
    if (x === any) return from(i + 1, j) || (y !== undefined && from(i, j + 1));
    if (y === any) return from(i, j + 1) || (x !== undefined && from(i + 1, j));
    return x !== undefined && y !== undefined && meet(x, y) && from(i + 1, j + 1);
  };
  return from(0, 0);
}
