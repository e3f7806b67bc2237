import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Workspace } from '../../core/ports';
import { failureOf, type Failure } from '../../core/model/failure';
import { fail, ok, type Result } from '../../base/result';
import { Limiter } from '../../base/limiter';
import type { DeliveryStore, Saved, SavedFile } from './deliveryStore';
import type { FileContent } from './fileState';
import { inspect, type Checkout, type Inspected, type Obstacle } from './inspect';
import {
  ChangedMeanwhile,
  NotPutBack,
  NotReplaceable,
  removeLeftovers,
  replaceFiles,
  type Replacement,
} from './replaceFiles';

export interface WorkspaceOptions {
  /** Top folder of the person's checkout; paths of commits are relative to it. */
  readonly root: string;
  readonly store: DeliveryStore;
  /** Files with unsaved changes in an editor; absolute, or relative to the root. */
  readonly unsavedPaths?: () => Promise<readonly string[]>;
  /** Default: false on Windows. */
  readonly heedsExecutable?: boolean;
  /** Default: true on Windows and macOS. */
  readonly ignoresCase?: boolean;
}

type Paths = Result<{ paths: string[] }, Failure>;

/** The person's checkout on disk. HEAD and index are never touched; with or without git it works the same. */
export function createWorkspace(options: WorkspaceOptions): Workspace {
  const { root, store } = options;
  const checkout: Checkout = {
    root,
    store,
    heedsExecutable: options.heedsExecutable ?? process.platform !== 'win32',
    ignoresCase: options.ignoresCase ?? ['win32', 'darwin'].includes(process.platform),
    unsaved: () => unsavedIn(root, options.unsavedPaths),
  };
  const oneAtATime = new Limiter(1);
  return {
    check: async (from, to) => {
      const found = await inspect(checkout, from, to, 'before');
      if (!found.ok) return found;
      return found.value.obstacles.length > 0
        ? refusal('delivery-refused', found.value.obstacles)
        : ok(undefined);
    },
    deliver: (runId, from, to) => oneAtATime.run(() => deliver(checkout, runId, from, to)),
    undo: (runId, from, to) => oneAtATime.run(() => undo(checkout, runId, from, to)),
    rescueRef: (runId) => store.rescueRef(runId),
  };
}

async function deliver(checkout: Checkout, runId: string, from: string, to: string): Promise<Paths> {
  const found = await inspect(checkout, from, to, 'before');
  if (!found.ok) return found;
  const { files, obstacles } = found.value;
  if (obstacles.length > 0) return refusal('delivery-refused', obstacles);
  const saved = await checkout.store.saved(runId);
  if (!saved.ok) return saved;
  const paths = files.map(({ change }) => change.path);
  if (saved.value?.from !== from || saved.value.to !== to) {
    const kept = await checkout.store.save(runId, {
      from,
      to,
      paths,
      files: filesToSave(files, saved.value),
    });
    if (!kept.ok) return kept;
  } else await removeLeftovers(checkout.root, paths);
  const pending = files
    .filter(({ side }) => side === 'before')
    .map(({ change, current }) => ({ path: change.path, current, next: change.after }));
  return write(checkout, 'delivery-refused', pending, paths);
}

async function undo(checkout: Checkout, runId: string, from: string, to: string): Promise<Paths> {
  const saved = await checkout.store.saved(runId);
  if (!saved.ok) return saved;
  if (!saved.value) return alreadyUndone(checkout, runId, from, to);
  const { value } = saved;
  const originals = new Map(value.files.map((file) => [file.path, contentOf(file)]));
  const found = await inspect(checkout, value.from, value.to, 'after', originals);
  if (!found.ok) return found;
  if (found.value.obstacles.length > 0) return refusal('undo-refused', found.value.obstacles);
  await removeLeftovers(checkout.root, value.paths);
  const pending = found.value.files
    .filter(({ side }) => side === 'after')
    .map(({ change, current }) => ({ path: change.path, current, next: change.before }));
  const written = await write(checkout, 'undo-refused', pending, [...value.paths]);
  if (!written.ok) return written;
  const retired = await checkout.store.retire(runId);
  return retired.ok ? written : retired;
}

/** An undo that was interrupted after its last step is repeated: nothing is left to do. */
async function alreadyUndone(checkout: Checkout, runId: string, from: string, to: string): Promise<Paths> {
  const retired = await checkout.store.wasRetired(runId);
  if (!retired.ok) return retired;
  if (retired.value) {
    const entries = await checkout.store.entries(from, to);
    return entries.ok ? ok({ paths: entries.value.map(({ path }) => path) }) : entries;
  }
  const message = `Nothing of run ${runId} was delivered into ${checkout.root}, so there is nothing to undo.`;
  return fail({ kind: 'undo-refused', message, paths: [] });
}

async function write(
  checkout: Checkout,
  kind: 'delivery-refused' | 'undo-refused',
  pending: readonly Replacement[],
  paths: string[],
): Promise<Paths> {
  try {
    await replaceFiles(checkout.root, pending, checkout.heedsExecutable);
    return ok({ paths });
  } catch (error) {
    if (error instanceof ChangedMeanwhile)
      return refusal(kind, [{ path: error.path, why: 'it was changed at this moment' }]);
    if (error instanceof NotPutBack) return stuck(kind, error);
    if (error instanceof NotReplaceable) {
      const remedy = 'Make it writable, or make room for it, then try again.';
      return refusal(kind, [{ path: error.path, why: error.message }], remedy);
    }
    const code = (error as NodeJS.ErrnoException).code;
    const path = (error as NodeJS.ErrnoException).path;
    if (code === undefined || path === undefined) return fail(failureOf(error, 'Writing into the workspace'));
    return refusal(kind, [{ path: relative(checkout.root, path), why: (error as Error).message }]);
  }
}

/** The one case in which something was changed although it was refused. */
function stuck(
  kind: 'delivery-refused' | 'undo-refused',
  { message: why, paths }: NotPutBack,
): Result<never, Failure> {
  const [what, again] =
    kind === 'delivery-refused'
      ? ['The result was delivered in part', 'deliver']
      : ['The delivery was undone in part', 'undo'];
  const named = paths.map((path) => JSON.stringify(path)).join(', ');
  const message = `${what}: ${why}. Already written, and not to be put back: ${named}. What stood there before the delivery is kept in the engine's store.`;
  return fail({
    kind,
    message,
    remedy: `Make room or make it writable, then ${again} again: it goes on from there.`,
    paths: [...paths],
  });
}

/** What stands there now; for a path that an earlier delivery of the run replaced, what stood there before that. */
function filesToSave(files: readonly Inspected[], earlier: Saved | undefined): SavedFile[] {
  return files.flatMap(({ change, current }) => {
    if (earlier?.paths.includes(change.path)) return earlier.files.filter(({ path }) => path === change.path);
    if (!current) return [];
    const mode = current.kind === 'link' ? '120000' : current.isExecutable ? '100755' : '100644';
    return [{ path: change.path, mode, bytes: current.bytes }];
  });
}

function contentOf({ mode, bytes }: SavedFile): FileContent {
  return { kind: mode === '120000' ? 'link' : 'file', bytes, isExecutable: mode === '100755' };
}

function refusal(
  kind: 'delivery-refused' | 'undo-refused',
  obstacles: readonly Obstacle[],
  remedy = 'Save, commit or move these files aside, then try again.',
): Result<never, Failure> {
  const named = obstacles.map(({ path, why }) => `${JSON.stringify(path)}: ${why}`).join('; ');
  const what = kind === 'delivery-refused' ? 'The result was not delivered' : 'The delivery was not undone';
  return fail({
    kind,
    message: `${what}, nothing was changed. ${named}.`,
    remedy,
    paths: obstacles.map(({ path }) => path),
  });
}

async function unsavedIn(
  root: string,
  unsavedPaths: WorkspaceOptions['unsavedPaths'],
): Promise<ReadonlySet<string>> {
  const paths = (await unsavedPaths?.()) ?? [];
  const real = await Promise.all(
    paths.map((path) => realpath(resolve(root, path)).catch(() => resolve(root, path))),
  );
  const inside = real
    .map((path) => relative(root, path))
    .filter((path) => !path.startsWith('..') && !isAbsolute(path));
  return new Set(inside.map((path) => path.split(sep).join('/')));
}
