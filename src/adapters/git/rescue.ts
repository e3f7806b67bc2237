import type { Rescue, RescuedFile, Restored, RestoreRequest } from '../../core/coordination/rescue';
import type { Failure } from '../../core/model/failure';
import { fail, ok, type Result } from '../../base/result';
import { readBlobs } from './deliveryStore';
import { keptEntries, type Kept } from './rescueEntries';
import { changesOf, treeFiles, type ChangedName, type TreeFile } from './rescueTrees';
import { restoreExported, restoreFiles } from './restoreFiles';
import type { Store } from './store';

/** Lists and gives back what the store keeps under its rescue refs. The refs themselves stay as they are. */
export function createRescue(store: Store): Rescue {
  return {
    list: async () => {
      const all = await keptEntries(store);
      return all.ok ? ok(all.value.map(({ entry }) => entry)) : all;
    },
    show: async (id) => {
      const found = await find(store, id);
      if (!found.ok) return found;
      const files = await filesOf(store, found.value);
      return files.ok ? ok({ entry: found.value.entry, files: files.value }) : files;
    },
    restore: async (id, request) => {
      const found = await find(store, id);
      return found.ok ? restore(store, found.value, request) : found;
    },
  };
}

async function find(store: Store, id: string): Promise<Result<Kept, Failure>> {
  const all = await keptEntries(store);
  if (!all.ok) return all;
  const wanted = id.replace(/^refs\/enterprise\/rescue\//, '');
  const exact = all.value.find(({ entry }) => entry.id === wanted);
  if (exact) return ok(exact);
  const matches = all.value.filter(({ entry }) => wanted !== '' && entry.id.startsWith(wanted));
  const [match, another] = matches;
  if (match && !another) return ok(match);
  if (!match)
    return fail({
      kind: 'not-found',
      message: `Nothing is kept under "${id}".`,
      remedy: 'See what there is: enterprise rescue',
    });
  const ids = matches.slice(0, 10).map(({ entry }) => entry.id);
  return fail({
    kind: 'usage',
    message: `"${id}" is the beginning of several: ${ids.join(', ')}${matches.length > 10 ? ' …' : ''}`,
  });
}

async function filesOf(store: Store, kept: Kept): Promise<Result<RescuedFile[], Failure>> {
  const tree = await treeFiles(store, kept.commit);
  if (!tree.ok) return tree;
  const changes = await changed(store, kept, tree.value);
  if (!changes.ok) return changes;
  const byName = new Map(tree.value.map((file) => [file.name, file]));
  return ok(
    changes.value.map(({ name, change }) => {
      const file = byName.get(name);
      return {
        path: readable(name),
        change,
        bytes: file?.bytes ?? null,
        kind: file ? kindOf(file.mode) : null,
      };
    }),
  );
}

async function changed(
  store: Store,
  kept: Kept,
  tree: readonly TreeFile[],
): Promise<Result<ChangedName[], Failure>> {
  const { delivery } = kept;
  if (!delivery) return changesOf(store, kept.commit, kept.start);
  const made = await changesOf(store, delivery.to, delivery.from);
  if (!made.ok) return made;
  const saved = new Set(tree.map(({ name }) => name));
  const gone = new Set(made.value.filter(({ change }) => change === 'deleted').map(({ name }) => name));
  const names = delivery.paths.map((path) => Buffer.from(path).toString('latin1'));
  const did = (name: string) => (!saved.has(name) ? 'added' : gone.has(name) ? 'deleted' : 'modified');
  return ok(names.sort().map((name) => ({ name, change: did(name) })));
}

async function restore(
  store: Store,
  kept: Kept,
  request: RestoreRequest,
): Promise<Result<Restored, Failure>> {
  const tree = await treeFiles(store, kept.commit);
  if (!tree.ok) return tree;
  const chosen = await choose(store, kept, tree.value, request.paths);
  if (!chosen.ok) return chosen;
  const files = chosen.value.filter(({ mode }) => kindOf(mode) !== 'submodule');
  const written = kept.delivery
    ? await restoreSaved(store, files, request)
    : await restoreExported(store, kept.commit, files, request);
  if (!written.ok) return written;
  const leftOut = chosen.value.filter((file) => !files.includes(file));
  return ok({
    folder: request.folder,
    files: files.map(({ name }) => readable(name)),
    leftOut: leftOut.map(({ name }) => readable(name)),
  });
}

/** Bytes of the checkout, which were saved as they stood there. */
async function restoreSaved(
  store: Store,
  files: readonly TreeFile[],
  request: RestoreRequest,
): Promise<Result<void, Failure>> {
  const blobs = await readBlobs(
    store,
    files.map(({ oid }) => oid),
  );
  if (!blobs.ok) return blobs;
  const contents = files.map((file, at) => ({
    ...file,
    read: () => Promise.resolve(blobs.value[at] ?? Buffer.alloc(0)),
  }));
  return restoreFiles(contents, request);
}

/** With paths, any file of the kept tree, also one the task left as it was. */
async function choose(
  store: Store,
  kept: Kept,
  tree: readonly TreeFile[],
  paths: readonly string[],
): Promise<Result<TreeFile[], Failure>> {
  if (paths.length === 0) {
    const changes = await changed(store, kept, tree);
    if (!changes.ok) return changes;
    const names = new Set(changes.value.map(({ name }) => name));
    return ok(tree.filter(({ name }) => names.has(name)));
  }
  const wanted = paths.map((path) => path.replace(/^\.\//, '').replace(/\/+$/, ''));
  const isMeant = (path: string) => (file: TreeFile) =>
    readable(file.name) === path || readable(file.name).startsWith(`${path}/`);
  const unknown = wanted.filter((path) => !tree.some(isMeant(path)));
  if (unknown.length === 0) return ok(tree.filter((file) => wanted.some((path) => isMeant(path)(file))));
  return fail({
    kind: 'not-found',
    message: `${kept.entry.id} holds no ${unknown.join(', no ')}.`,
    remedy: `See its files: enterprise rescue show ${kept.entry.id}`,
  });
}

function kindOf(mode: string): NonNullable<RescuedFile['kind']> {
  if (mode === '160000') return 'submodule';
  if (mode === '120000') return 'link';
  return mode === '100755' ? 'executable' : 'file';
}

/** Names are bytes to git, kept as latin1; people and terminals read UTF-8. */
function readable(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8');
}
