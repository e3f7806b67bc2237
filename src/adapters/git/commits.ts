import { delimiter, join } from 'node:path';
import type { Failure } from '../../core/model/failure';
import { ok, type Result } from '../../base/result';
import { ask, type Store } from './store';

/** Commits and refs of the store. A commit counts as kept once a ref names it and its objects are in the store itself. */

export interface Commit {
  readonly commit: string;
  readonly tree: string;
}

/** Makes a commit of the engine's fixed identity, never signed; no hook runs for it. */
export function commitTree(
  store: Store,
  tree: string,
  parents: readonly string[],
  message: string,
): Promise<Result<string, Failure>> {
  const argv = ['commit-tree', ...parents.flatMap((parent) => ['-p', parent]), '-F', '-', tree];
  return ask(store, { argv, input: message.endsWith('\n') ? message : `${message}\n` });
}

/**
 * Puts a ref on a commit, from `expected` (undefined: the ref must be new), in one compare-and-swap. False when the ref
 * stood elsewhere. Before that everything that the commit adds to its parents is packed into the store: git does not
 * write an object again that it can borrow, and what is borrowed may be pruned where it is borrowed from.
 */
export async function keep(
  store: Store,
  ref: string,
  commit: string,
  parents: readonly string[],
  expected?: string,
): Promise<Result<boolean, Failure>> {
  const packed = await packInto(store, [commit], parents);
  if (!packed.ok) return packed;
  return moveRef(store, ref, commit, expected);
}

/** @param alternates more object folders to read from. */
export async function packInto(
  store: Store,
  tips: readonly string[],
  without: readonly string[],
  alternates: readonly string[] = [],
): Promise<Result<void, Failure>> {
  const done = await store.run({
    argv: ['pack-objects', '--quiet', '--revs', join(store.gitDir, 'objects/pack/pack')],
    input: [...tips, ...without.map((commit) => `^${commit}`), ''].join('\n'),
    ...(alternates.length
      ? { environment: { GIT_ALTERNATE_OBJECT_DIRECTORIES: alternates.join(delimiter) } }
      : {}),
  });
  return done.ok ? ok(undefined) : done;
}

export async function moveRef(
  store: Store,
  ref: string,
  commit: string,
  expected: string | undefined,
): Promise<Result<boolean, Failure>> {
  const argv = ['update-ref', '--end-of-options', ref, commit, expected ?? '0'.repeat(commit.length)];
  const moved = await store.run({ argv, accept: [0, 1, 128] });
  if (!moved.ok) return moved;
  if (moved.value.exitCode === 0) return ok(true);
  const now = await resolveCommit(store, ref);
  if (!now.ok) return now;
  if (now.value?.commit === commit) return ok(true);
  if (now.value?.commit !== expected) return ok(false);
  // The ref stands where it was expected, so it was not the comparison that failed: run it once more for its message.
  const again = await store.run({ argv });
  return again.ok ? ok(true) : again;
}

/** The commit a name stands for with its tree; undefined when there is none. */
export async function resolveCommit(
  store: Store,
  name: string,
): Promise<Result<Commit | undefined, Failure>> {
  const argv = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  const commit = await store.run({ argv, accept: [0, 1, 128] });
  if (!commit.ok) return commit;
  if (commit.value.exitCode !== 0) return ok(undefined);
  const id = commit.value.text.trim();
  const tree = await ask(store, { argv: ['rev-parse', '--verify', '--end-of-options', `${id}^{tree}`] });
  return tree.ok ? ok({ commit: id, tree: tree.value }) : tree;
}

/** Refs under a prefix that ends with a slash, with the commits they name, in the order of their names. */
export async function refsUnder(
  store: Store,
  prefix: string,
): Promise<Result<{ ref: string; commit: string }[], Failure>> {
  const argv = ['for-each-ref', '--format=%(objectname) %(refname)', prefix];
  const listed = await ask(store, { argv });
  if (!listed.ok) return listed;
  const lines = listed.value.split('\n').filter((line) => line !== '');
  return ok(
    lines.map((line) => ({
      commit: line.slice(0, line.indexOf(' ')),
      ref: line.slice(line.indexOf(' ') + 1),
    })),
  );
}

const refs = 'refs/enterprise';
/** Names of the refs of a run, in the store. */
export const refOf = {
  base: (runId: string, kind: 'head' | 'snapshot') => `${refs}/runs/${part(runId)}/base/${kind}`,
  result: (runId: string) => `${refs}/runs/${part(runId)}/result`,
  rescue: (runId: string, taskId: string) => `${refs}/rescue/${part(runId)}/${part(taskId)}/`,
  ownCommits: (runId: string, taskId: string) => `${refs}/commits/${part(runId)}/${part(taskId)}/`,
  delivery: (runId: string) => `${refs}/rescue/${part(runId)}/_delivery/1`,
  undone: (runId: string) => `${refs}/rescue/${part(runId)}/_undone/`,
  /** In the person's repository. */
  person: (runId: string) => `${refs}/base/${part(runId)}`,
};

/** Ids come from plans, so from models and files: only what is a plain name becomes a part of a ref or a path. */
export function part(id: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/.test(id))
    throw new RangeError(`Not usable as a name in git: ${JSON.stringify(id)}`);
  return id;
}
