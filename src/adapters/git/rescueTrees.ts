import type { Failure } from '../../core/model/failure';
import { ok, type Result } from '../../base/result';
import type { Store } from './store';

/** Trees of kept commits, and what differs between them. Names are bytes, kept as latin1, so that none is lost. */

export interface TreeFile {
  readonly name: string;
  /** `100644`, `100755`, `120000` (link) or `160000` (submodule). */
  readonly mode: string;
  readonly oid: string;
  /** Null for a submodule. */
  readonly bytes: number | null;
}

export interface ChangedName {
  readonly name: string;
  readonly change: 'added' | 'modified' | 'deleted';
}

/** Format: `<mode> <type> <oid> <size>` TAB name NUL, with a dash for the size of a submodule (git-ls-tree(1)). */
export async function treeFiles(store: Store, commit: string): Promise<Result<TreeFile[], Failure>> {
  const listed = await store.run({ argv: ['ls-tree', '-r', '-l', '-z', '--end-of-options', commit] });
  if (!listed.ok) return listed;
  const entries = listed.value.bytes
    .toString('latin1')
    .matchAll(/(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t([^\0]+)\0/g);
  return ok(
    [...entries].map(([, mode = '', oid = '', size = '', name = '']) => ({
      name,
      mode,
      oid,
      bytes: size === '-' ? null : Number(size),
    })),
  );
}

export async function changesOf(
  store: Store,
  commit: string,
  start: string,
): Promise<Result<ChangedName[], Failure>> {
  const all = await changesOfAll(store, [{ commit, start }]);
  return all.ok ? ok(all.value[0] ?? []) : all;
}

/**
 * For each pair what differs, in one process. Format: for each line of input the commit and NUL, then
 * `:<mode> <mode> <oid> <oid> <status>` NUL name NUL for each file (git-diff-tree(1), `--stdin`).
 */
export async function changesOfAll(
  store: Store,
  pairs: readonly { commit: string; start: string }[],
): Promise<Result<ChangedName[][], Failure>> {
  if (pairs.length === 0) return ok([]);
  const raw = ['--raw', '-r', '-z', '--no-renames', '--no-abbrev', '--no-ext-diff', '--no-textconv'];
  const listed = await store.run({
    argv: ['diff-tree', '--stdin', '--always', ...raw],
    input: pairs.map(({ commit, start }) => `${commit} ${start}\n`).join(''),
  });
  if (!listed.ok) return listed;
  const changes: ChangedName[][] = [];
  const fields = listed.value.bytes.toString('latin1').split('\0');
  for (let at = 0; at < fields.length - 1; at++) {
    const field = fields[at] ?? '';
    if (!field.startsWith(':')) {
      changes.push([]);
      continue;
    }
    const status = field.at(-1);
    const change = status === 'A' ? 'added' : status === 'D' ? 'deleted' : 'modified';
    changes.at(-1)?.push({ name: fields[++at] ?? '', change });
  }
  return ok(changes);
}
