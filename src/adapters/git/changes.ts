import type { Deliverable } from '../../core/model/event';
import type { Failure } from '../../core/model/failure';
import { ok, type Result } from '../../base/result';
import type { Store } from './store';

/** What differs between two commits, read without running anything a repository names. */

export interface ChangedEntry {
  readonly path: string;
  readonly before?: TreeEntry;
  readonly after?: TreeEntry;
  /** Null for a binary file. */
  readonly insertions: number | null;
  readonly deletions: number | null;
}

export interface TreeEntry {
  /** As git writes it: `100644`, `100755`, `120000` (link), `160000` (submodule). */
  readonly mode: string;
  readonly oid: string;
}

/** Nothing that a repository names is run for the comparison. */
const inert = ['--no-ext-diff', '--no-textconv', '--no-color'];

export async function changedEntries(
  store: Store,
  from: string,
  to: string,
): Promise<Result<ChangedEntry[], Failure>> {
  const argv = [
    'diff-tree',
    '-r',
    '-z',
    '--raw',
    '--numstat',
    '--no-abbrev',
    '--no-renames',
    ...inert,
    '--end-of-options',
    from,
    to,
  ];
  const listed = await store.run({ argv });
  return listed.ok ? ok(parseEntries(listed.value.text)) : listed;
}

export function deliverableOf(entry: ChangedEntry): Deliverable {
  const change = entry.before === undefined ? 'added' : entry.after === undefined ? 'deleted' : 'modified';
  return { path: entry.path, change, insertions: entry.insertions, deletions: entry.deletions, tasks: [] };
}

/** A unified diff; cut after `maxChars` characters with a line that says so. */
export async function diffText(
  store: Store,
  from: string,
  to: string,
  maxChars: number,
): Promise<Result<string, Failure>> {
  const argv = ['diff-tree', '-r', '-p', '-M', ...inert, '--end-of-options', from, to];
  const diff = await store.run({ argv });
  if (!diff.ok) return diff;
  const { text } = diff.value;
  if (text.length <= maxChars) return ok(text);
  return ok(
    `${text.slice(0, maxChars)}\n… ${text.length - maxChars} of ${text.length} characters left out …\n`,
  );
}

/**
 * Both formats in one output: first `:<mode> <mode> <oid> <oid> <status>` NUL path NUL for each file, then
 * `<added> TAB <deleted> TAB <path>` NUL for each; dashes for a binary file (git-diff-tree(1)).
 */
function parseEntries(output: string): ChangedEntry[] {
  const fields = output.split('\0').filter((field) => field !== '');
  const entries = new Map<string, ChangedEntry>();
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] ?? '';
    const raw = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) [A-Z]/.exec(field);
    if (raw) {
      const path = fields[++at] ?? '';
      const [, modeBefore = '', modeAfter = '', oidBefore = '', oidAfter = ''] = raw;
      entries.set(path, {
        path,
        ...(Number(modeBefore) === 0 ? {} : { before: { mode: modeBefore, oid: oidBefore } }),
        ...(Number(modeAfter) === 0 ? {} : { after: { mode: modeAfter, oid: oidAfter } }),
        insertions: null,
        deletions: null,
      });
      continue;
    }
    const counted = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(field);
    const entry = entries.get(counted?.[3] ?? '');
    if (counted && entry && counted[1] !== '-') {
      entries.set(entry.path, { ...entry, insertions: Number(counted[1]), deletions: Number(counted[2]) });
    }
  }
  return [...entries.values()];
}
