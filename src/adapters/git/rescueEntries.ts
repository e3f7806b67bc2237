import type { RescueEntry } from '../../core/coordination/rescue';
import type { Failure } from '../../core/model/failure';
import { ok, type Result } from '../../base/result';
import { deliveryFacts } from './deliveryStore';
import { changesOfAll } from './rescueTrees';
import type { Store } from './store';

/** Every kept ref of the store as an entry for people, with the commits it is made of. */

export interface Kept {
  readonly entry: RescueEntry;
  readonly commit: string;
  /** What it is compared with: the commit the worktree was created from. */
  readonly start: string;
  /** Set for what a delivery replaced. */
  readonly delivery?: Delivery;
}

type Delivery = ReturnType<typeof deliveryFacts>;
type Uncounted = Kept & { readonly entry: Omit<RescueEntry, 'files'> };

/** Newest first. */
export async function keptEntries(store: Store): Promise<Result<Kept[], Failure>> {
  const refs = await readRefs(store);
  if (!refs.ok) return refs;
  const only = await onlyHere(store);
  if (!only.ok) return only;
  const own = await ownCommits(
    store,
    refs.value.filter(({ ref }) => ref.startsWith(prefixes.commits)),
  );
  if (!own.ok) return own;
  const found = refs.value.flatMap((ref) => entryOf(ref, !only.value.has(ref.ref)) ?? []);
  const unique = new Map([...found, ...own.value].map((kept) => [kept.entry.id, kept]));
  const all = [...unique.values()];
  const states = all.filter(({ delivery }) => !delivery);
  const changes = await changesOfAll(store, states);
  if (!changes.ok) return changes;
  const counts = new Map(states.map((kept, at) => [kept, changes.value[at]?.length ?? 0]));
  const counted = all.map((kept) => ({
    ...kept,
    entry: { ...kept.entry, files: kept.delivery?.paths.length ?? counts.get(kept) ?? 0 },
  }));
  return ok(counted.sort(newestFirst));
}

function newestFirst({ entry: a }: Kept, { entry: b }: Kept): number {
  return Date.parse(b.keptAt) - Date.parse(a.keptAt) || b.id.localeCompare(a.id, 'en', { numeric: true });
}

const prefixes = { rescue: 'refs/enterprise/rescue/', commits: 'refs/enterprise/commits/' } as const;

interface Ref {
  readonly ref: string;
  readonly commit: string;
  readonly parents: readonly string[];
  readonly at: string;
  readonly message: string;
}

async function readRefs(store: Store): Promise<Result<Ref[], Failure>> {
  const fields = ['%(refname)', '%(objectname)', '%(parent)', '%(committerdate:iso-strict)', '%(contents)'];
  const format = `--format=${fields.map((field) => `${field}%00`).join('')}`;
  const listed = await store.run({ argv: ['for-each-ref', format, prefixes.rescue, prefixes.commits] });
  if (!listed.ok) return listed;
  return ok(
    records(listed.value.text, fields.length).map(
      ([ref = '', commit = '', parents = '', at = '', message = '']) => ({
        ref,
        commit,
        parents: parents.split(' ').filter((id) => id !== ''),
        at,
        message,
      }),
    ),
  );
}

/** Fields that each end with NUL, with a line break between records. */
function records(text: string, width: number): string[][] {
  const fields = text.split('\0').slice(0, -1);
  const rows: string[][] = [];
  for (let at = 0; at < fields.length; at += width) {
    const [first = '', ...rest] = fields.slice(at, at + width);
    rows.push([first.replace(/^\n/, ''), ...rest]);
  }
  return rows;
}

/** Refs whose commit the result of no run holds. */
async function onlyHere(store: Store): Promise<Result<Set<string>, Failure>> {
  const results = await store.run({
    argv: ['for-each-ref', '--format=%(objectname)', 'refs/enterprise/runs/*/result'],
  });
  if (!results.ok) return results;
  const tips = [...new Set(results.value.text.split('\n').filter((id) => id !== ''))];
  const without = tips.map((tip) => `--no-merged=${tip}`);
  const argv = ['for-each-ref', '--format=%(refname)', ...without, prefixes.rescue, prefixes.commits];
  const listed = await store.run({ argv });
  return listed.ok ? ok(new Set(listed.value.text.split('\n'))) : listed;
}

function entryOf({ ref, commit, parents, at, message }: Ref, isInResult: boolean): Uncounted | undefined {
  const [runId = '', taskId = '', name = ''] = ref.slice(prefixes.rescue.length).split('/');
  if (!ref.startsWith(prefixes.rescue)) return undefined;
  const common = { runId, keptAt: at, files: 0 };
  if (taskId === '_delivery' || taskId === '_undone') {
    const kind = taskId === '_delivery' ? 'delivery' : 'undone';
    const why = `${firstLine(message)}${kind === 'undone' ? ', taken back or made anew since' : ''}`;
    const id = `${runId}/${taskId}/${name.slice(0, 12)}`;
    const entry = { ...common, id, kind, why, isInResult: false } as const;
    return { entry, commit, start: commit, delivery: deliveryFacts(message) };
  }
  const entry = {
    ...common,
    id: `${runId}/${taskId}/${name}`,
    taskId,
    kind: 'work',
    why: firstLine(message),
    isInResult,
  } as const;
  return { entry, commit, start: parents[0] ?? commit };
}

/** The commits an agent made itself: the parents of the one that holds them together. */
async function ownCommits(store: Store, refs: readonly Ref[]): Promise<Result<Uncounted[], Failure>> {
  const tips = refs.flatMap(({ ref, commit, parents }) => {
    const [runId = '', taskId = ''] = ref.slice(prefixes.commits.length).split('/');
    return parents.map((tip) => ({ runId, taskId, tip, start: commit }));
  });
  if (tips.length === 0) return ok([]);
  const ids = [...new Set(tips.map(({ tip }) => tip))];
  const listed = await store.run({
    argv: ['log', '--no-walk=unsorted', '--stdin', '--no-show-signature', '--format=%H%x00%cI%x00%s%x00'],
    input: ids.map((id) => `${id}\n`).join(''),
  });
  if (!listed.ok) return listed;
  const facts = new Map(
    records(listed.value.text, 3).map(([id = '', at = '', subject = '']) => [id, { at, subject }]),
  );
  return ok(
    tips.map(({ runId, taskId, tip, start }) => {
      const { at, subject } = facts.get(tip) ?? { at: '', subject: '' };
      const why = `A commit of the agent itself: ${subject}`;
      const id = `${runId}/${taskId}/commit-${tip.slice(0, 12)}`;
      const entry = {
        id,
        runId,
        taskId,
        kind: 'commit',
        keptAt: at,
        why,
        isInResult: false,
        files: 0,
      } as const;
      return { entry, commit: tip, start };
    }),
  );
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? '';
}
