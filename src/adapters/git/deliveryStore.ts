import { mkdir, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Failure } from '../../core/model/failure';
import { fail, ok, type Result } from '../../base/result';
import { changedEntries, type ChangedEntry } from './changes';
import { keep, moveRef, refOf, refsUnder, resolveCommit } from './commits';
import { exportFiles } from './export';
import type { Store } from './store';

/** What a delivery needs of the store: both sides of a change, git's judgement of a file, and a safe place for what it replaces. */

export interface SavedFile {
  readonly path: string;
  /** `100644`, `100755` or `120000`; the bytes of a link are its target. */
  readonly mode: string;
  readonly bytes: Uint8Array;
}

export interface Saved {
  readonly from: string;
  readonly to: string;
  /** All paths of the delivery; one without a file was not there. */
  readonly paths: readonly string[];
  readonly files: readonly SavedFile[];
}

export interface DeliveryStore {
  /** An empty folder for each call, to be removed by the caller. */
  scratch(): Promise<string>;
  entries(from: string, to: string): Promise<Result<ChangedEntry[], Failure>>;
  /** Writes files of a commit, as they stand in a checkout, into a folder. */
  exportFiles(commit: string, paths: readonly string[], folder: string): Promise<Result<void, Failure>>;
  /** Which of these paths git would call changed against a commit, line ends and encodings considered. */
  unlike(commit: string, root: string, paths: readonly string[]): Promise<Result<string[], Failure>>;
  rescueRef(runId: string): string;
  /** What the delivery of a run replaced; undefined when none is in effect. */
  saved(runId: string): Promise<Result<Saved | undefined, Failure>>;
  /** Keeps exact bytes, in the place of what was saved before for the run; that stays reachable, too. */
  save(runId: string, saved: Saved): Promise<Result<void, Failure>>;
  /** The delivery of the run is not in effect any more; its saved bytes stay reachable. */
  retire(runId: string): Promise<Result<void, Failure>>;
  wasRetired(runId: string): Promise<Result<boolean, Failure>>;
}

export function createDeliveryStore(store: Store): DeliveryStore {
  return {
    scratch: async () => {
      const folder = join(store.stateFolder, 'scratch', randomUUID());
      await mkdir(folder, { recursive: true });
      return folder;
    },
    entries: (from, to) => changedEntries(store, from, to),
    exportFiles: (commit, paths, folder) => exportFiles(store, commit, paths, folder),
    unlike: (commit, root, paths) => unlike(store, commit, root, paths),
    rescueRef: (runId) => refOf.delivery(runId),
    saved: (runId) => load(store, refOf.delivery(runId)),
    save: async (runId, saved) => {
      const retired = await retire(store, runId);
      return retired.ok ? save(store, refOf.delivery(runId), saved) : retired;
    },
    retire: (runId) => retire(store, runId),
    wasRetired: async (runId) => {
      const refs = await refsUnder(store, refOf.undone(runId));
      return refs.ok ? ok(refs.value.length > 0) : refs;
    },
  };
}

async function unlike(
  store: Store,
  commit: string,
  root: string,
  paths: readonly string[],
): Promise<Result<string[], Failure>> {
  if (paths.length === 0) return ok([]);
  const indexFile = join(store.stateFolder, 'scratch', `${randomUUID()}.index`);
  try {
    const read = await store.run({ argv: ['read-tree', commit], indexFile });
    if (!read.ok) return read;
    const input = paths.map((path) => `${path}\0`).join('');
    const argv = ['update-index', '--add', '--remove', '--replace', '-z', '--stdin'];
    const updated = await store.run({ argv, input, workTree: root, indexFile });
    if (!updated.ok) return updated;
    const differing = await store.run({
      argv: ['diff-index', '--cached', '--name-only', '--no-renames', '-z', commit],
      indexFile,
    });
    return differing.ok ? ok(differing.value.text.split('\0').filter((path) => path !== '')) : differing;
  } finally {
    await rm(indexFile, { force: true });
  }
}

/** The message of a saving commit: a line for people, an empty line, then the facts as JSON. */
const title = 'What a delivery replaced';

/** Through fast-import: bytes as they are, any name, one process. */
async function save(store: Store, ref: string, saved: Saved): Promise<Result<void, Failure>> {
  const temporary = `refs/enterprise/tmp/${randomUUID()}`;
  const { from, to, paths } = saved;
  const message = Buffer.from(`${title}\n\n${JSON.stringify({ from, to, paths })}\n`);
  const seconds = Math.floor(Date.now() / 1000);
  const head = `commit ${temporary}\ncommitter Enterprise Execution Engine <engine@localhost> ${seconds} +0000\n`;
  const parts = [Buffer.from(`${head}data ${message.length}\n`), message, Buffer.from('\n')];
  for (const file of saved.files) {
    parts.push(Buffer.from(`M ${file.mode} inline ${quotedPath(file.path)}\ndata ${file.bytes.length}\n`));
    parts.push(Buffer.from(file.bytes), Buffer.from('\n'));
  }
  const imported = await store.run({ argv: ['fast-import', '--quiet'], input: Buffer.concat(parts) });
  if (!imported.ok) return imported;
  const made = await resolveCommit(store, temporary);
  if (!made.ok) return made;
  if (!made.value) throw new Error('git fast-import made no commit');
  const kept = await keep(store, ref, made.value.commit, []);
  if (!kept.ok) return kept;
  const removed = await store.run({ argv: ['update-ref', '-d', temporary, made.value.commit] });
  if (!removed.ok) return removed;
  if (kept.value) return ok(undefined);
  const why = `Another process is delivering the same run at this moment (${ref}).`;
  return fail({ kind: 'delivery-refused', message: why, remedy: 'Wait for it to finish.', paths: [] });
}

async function load(store: Store, ref: string): Promise<Result<Saved | undefined, Failure>> {
  const found = await resolveCommit(store, ref);
  if (!found.ok || !found.value) return found.ok ? ok(undefined) : found;
  const { commit } = found.value;
  const raw = await store.run({ argv: ['cat-file', 'commit', commit] });
  if (!raw.ok) return raw;
  const facts = deliveryFacts(raw.value.text);
  const listed = await store.run({ argv: ['ls-tree', '-r', '-z', commit] });
  if (!listed.ok) return listed;
  const entries = [...listed.value.text.matchAll(/(\d{6}) blob ([0-9a-f]+)\t([^\0]*)\0/gs)];
  const blobs = await readBlobs(
    store,
    entries.map(([, , oid = '']) => oid),
  );
  if (!blobs.ok) return blobs;
  const files = entries.map(([, mode = '', , path = ''], at) => ({
    path,
    mode,
    bytes: blobs.value[at] ?? Buffer.alloc(0),
  }));
  return ok({ ...facts, files });
}

/** What the message of a saving commit says. */
export function deliveryFacts(message: string): Omit<Saved, 'files'> {
  return JSON.parse(message.slice(message.indexOf(title) + title.length)) as Omit<Saved, 'files'>;
}

/** Output for each object: `<oid> <type> <size>` newline, the bytes, newline (git-cat-file(1)). */
export async function readBlobs(store: Store, oids: readonly string[]): Promise<Result<Buffer[], Failure>> {
  if (oids.length === 0) return ok([]);
  const read = await store.run({
    argv: ['cat-file', '--batch'],
    input: oids.map((oid) => `${oid}\n`).join(''),
  });
  if (!read.ok) return read;
  const blobs: Buffer[] = [];
  for (let at = 0; at < read.value.bytes.length;) {
    const end = read.value.bytes.indexOf(0x0a, at);
    const size = Number(read.value.bytes.subarray(at, end).toString('latin1').split(' ')[2]);
    blobs.push(read.value.bytes.subarray(end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return ok(blobs);
}

async function retire(store: Store, runId: string): Promise<Result<void, Failure>> {
  const ref = refOf.delivery(runId);
  const now = await resolveCommit(store, ref);
  if (!now.ok || !now.value) return now.ok ? ok(undefined) : now;
  const kept = await moveRef(store, `${refOf.undone(runId)}${now.value.commit}`, now.value.commit, undefined);
  if (!kept.ok) return kept;
  const removed = await store.run({ argv: ['update-ref', '-d', ref, now.value.commit] });
  return removed.ok ? ok(undefined) : removed;
}

/** A path as fast-import reads it: a C string. */
function quotedPath(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
