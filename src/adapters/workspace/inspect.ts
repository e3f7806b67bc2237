import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Failure } from '../../core/model/failure';
import { ok, type Result } from '../../base/result';
import type { ChangedEntry, DeliveryStore } from './deliveryStore';
import { folded, isSame, stateOf, type FileContent, type FileState } from './fileState';

/** Looks at every path a delivery touches and says which side of the change stands there, or what stands in the way. */

export interface Change {
  readonly path: string;
  readonly before: FileContent | undefined;
  readonly after: FileContent | undefined;
}

export interface Inspected {
  readonly change: Change;
  readonly current: FileContent | undefined;
  /** `before`: as the change found it (also when only line ends differ); `after`: as the change leaves it. */
  readonly side: 'before' | 'after';
}

export interface Obstacle {
  readonly path: string;
  readonly why: string;
}

export interface Inspection {
  readonly files: readonly Inspected[];
  readonly obstacles: readonly Obstacle[];
}

export interface Checkout {
  readonly root: string;
  readonly store: DeliveryStore;
  /** The file system has an executable bit (`core.fileMode`). */
  readonly heedsExecutable: boolean;
  readonly ignoresCase: boolean;
  /** Paths relative to the root, with `/`. */
  unsaved(): Promise<ReadonlySet<string>>;
}

/**
 * @param expected the side that is going to be replaced: only there do local and unsaved changes matter.
 * @param originals what stood there before the delivery, where that is known to the byte.
 */
export async function inspect(
  checkout: Checkout,
  from: string,
  to: string,
  expected: 'before' | 'after',
  originals?: ReadonlyMap<string, FileContent>,
): Promise<Result<Inspection, Failure>> {
  const read = await readChanges(checkout.store, from, to);
  if (!read.ok) return read;
  const changes = originals
    ? read.value.changes.map((change) => ({ ...change, before: originals.get(change.path) }))
    : read.value.changes;
  const obstacles: Obstacle[] = [...read.value.obstacles, ...collisions(checkout, changes)];
  const files: Inspected[] = [];
  const unsure: { change: Change; state: FileState & FileContent }[] = [];
  const unsaved = await checkout.unsaved();
  for (const change of changes) {
    const state = await roomFor(checkout.root, change, changes);
    const side = sideOf(state, change, checkout.heedsExecutable, expected);
    if (side === expected && unsaved.has(change.path)) {
      obstacles.push({ path: change.path, why: 'it has unsaved changes in the editor' });
    } else if (side) files.push({ change, current: contentOf(state), side });
    else if ('bytes' in state && (expected === 'before' ? change.before : change.after))
      unsure.push({ change, state });
    else obstacles.push({ path: change.path, why: reasonOf(state) });
  }
  const commit = expected === 'before' ? from : to;
  const unlike = await checkout.store.unlike(
    commit,
    checkout.root,
    unsure.map(({ change }) => change.path),
  );
  if (!unlike.ok) return unlike;
  for (const { change, state } of unsure) {
    if (unlike.value.includes(change.path)) obstacles.push({ path: change.path, why: reasonOf(state) });
    else if (unsaved.has(change.path))
      obstacles.push({ path: change.path, why: 'it has unsaved changes in the editor' });
    else files.push({ change, current: contentOf(state), side: expected });
  }
  return ok({ files, obstacles });
}

async function readChanges(
  store: DeliveryStore,
  from: string,
  to: string,
): Promise<Result<{ changes: Change[]; obstacles: Obstacle[] }, Failure>> {
  const entries = await store.entries(from, to);
  if (!entries.ok) return entries;
  const usable = entries.value.filter((entry) => unusable(entry) === undefined);
  const obstacles = entries.value.flatMap((entry) => {
    const why = unusable(entry);
    return why === undefined ? [] : [{ path: entry.path, why }];
  });
  const folder = await store.scratch();
  try {
    const before = await exported(
      store,
      from,
      usable.filter((entry) => entry.before),
      join(folder, 'before'),
      'before',
    );
    if (!before.ok) return before;
    const after = await exported(
      store,
      to,
      usable.filter((entry) => entry.after),
      join(folder, 'after'),
      'after',
    );
    if (!after.ok) return after;
    const changes = usable.map(({ path }) => ({
      path,
      before: before.value.get(path),
      after: after.value.get(path),
    }));
    return ok({ changes, obstacles });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function exported(
  store: DeliveryStore,
  commit: string,
  entries: readonly ChangedEntry[],
  folder: string,
  side: 'before' | 'after',
): Promise<Result<Map<string, FileContent>, Failure>> {
  const done = await store.exportFiles(
    commit,
    entries.map(({ path }) => path),
    folder,
  );
  if (!done.ok) return done;
  const contents = new Map<string, FileContent>();
  for (const entry of entries) {
    const state = await stateOf(folder, entry.path);
    if (!('bytes' in state)) throw new Error(`${entry.path} of ${commit} was not exported (${state.kind})`);
    contents.set(entry.path, {
      kind: state.kind,
      bytes: state.bytes,
      isExecutable: entry[side]?.mode === '100755',
    });
  }
  return ok(contents);
}

function unusable({ path, before, after }: ChangedEntry): string | undefined {
  if (before?.mode === '160000' || after?.mode === '160000') return 'it is a submodule';
  if (path.includes('\uFFFD')) return 'its name is not valid UTF-8';
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || folded(part) === '.git'))
    return 'its name is not allowed';
  if (process.platform === 'win32' && /[\\:*?"<>|]/.test(path)) return 'its name is not possible on Windows';
  return undefined;
}

/** Two new files whose names differ only in case become one where case is ignored. */
function collisions(checkout: Checkout, changes: readonly Change[]): Obstacle[] {
  if (!checkout.ignoresCase) return [];
  const times = new Map<string, number>();
  const written = changes.filter(({ after }) => after !== undefined).map(({ path }) => path);
  for (const path of written) times.set(folded(path), (times.get(folded(path)) ?? 0) + 1);
  const colliding = written.filter((path) => (times.get(folded(path)) ?? 0) > 1);
  return colliding.map((path) => ({ path, why: 'another file of the delivery differs only in case' }));
}

/** The state of a path, taking into account that other changes of the same delivery make room for it. */
async function roomFor(root: string, change: Change, all: readonly Change[]): Promise<FileState> {
  const state = await stateOf(root, change.path);
  const goes = (path: string) => all.some((other) => other.path === path && other.after === undefined);
  const comes = (path: string) => all.some((other) => other.path === path && other.before === undefined);
  if (state.kind === 'no-folder' && !state.isLink && (goes(state.part) || comes(state.part)))
    return { kind: 'absent' };
  if (state.kind === 'folder') {
    const inside = await readdir(join(root, change.path), { recursive: true, withFileTypes: true });
    const files = inside
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name));
    const relatives = files.map((file) => file.slice(root.length + 1).replaceAll('\\', '/'));
    if (relatives.every((path) => goes(path) || comes(path))) return { kind: 'absent' };
  }
  return state;
}

function sideOf(
  state: FileState,
  change: Change,
  heedsExecutable: boolean,
  expected: 'before' | 'after',
): 'before' | 'after' | undefined {
  const other = expected === 'before' ? 'after' : 'before';
  for (const side of [expected, other] as const)
    if (isSame(state, change[side], heedsExecutable)) return side;
  return undefined;
}

function contentOf(state: FileState): FileContent | undefined {
  return 'bytes' in state
    ? { kind: state.kind, bytes: state.bytes, isExecutable: state.isExecutable }
    : undefined;
}

function reasonOf(state: FileState): string {
  switch (state.kind) {
    case 'absent':
      return 'it was removed here';
    case 'file':
    case 'link':
      return 'it has local changes';
    case 'folder':
      return 'a folder with other files stands there';
    case 'other':
      return 'something that is neither a file nor a link stands there';
    case 'namesake':
      return `${JSON.stringify(state.name)} stands there, which differs only in case`;
    case 'no-folder':
      return state.isLink
        ? `${state.part} is a link, which may lead outside`
        : `${state.part} is not a folder`;
  }
}
