import type { Merge, Worktree, Worktrees } from '../../src/core/ports';
import type { Deliverable } from '../../src/core/model/event';
import type { Failure } from '../../src/core/model/failure';
import { fail, ok, type Result } from '../../src/base/result';
import {
  createFakeRepository,
  differingPaths,
  type FakeCommit,
  type FakeRepository,
  type Files,
} from './fakeRepository';

/**
 * Worktrees in memory that behave as `worktrees.contract.ts` says. Tests write into a worktree as an agent would; a merge
 * is three-way by whole files, so two tasks that change one file differently conflict.
 */
export interface FakeWorktrees {
  readonly worktrees: Worktrees;
  readonly repository: FakeRepository;
  write(worktree: Worktree, path: string, text: string): Promise<void>;
  remove(worktree: Worktree, path: string): Promise<void>;
  read(worktree: Worktree, path: string): Promise<string | undefined>;
}

export interface FakeWorktreesOptions {
  readonly ignored?: (path: string) => boolean;
  /** Answers instead of `create` where it returns a failure. */
  readonly refuse?: (taskId: string) => Failure | undefined;
}

interface State {
  readonly repository: FakeRepository;
  readonly open: Map<string, { worktree: Worktree; files: Map<string, string> }>;
  readonly tips: Map<string, Merge>;
  readonly merges: Map<string, Merge>;
  readonly ignored: (path: string) => boolean;
  /** Paths copied into prepared worktrees, by the worktree's path. */
  readonly prepared: Map<string, readonly string[]>;
}

export function createFakeWorktrees(
  files: Readonly<Record<string, string>> = {},
  { ignored = () => false, refuse = () => undefined }: FakeWorktreesOptions = {},
): FakeWorktrees {
  const state: State = {
    repository: createFakeRepository(files),
    open: new Map(),
    tips: new Map(),
    merges: new Map(),
    ignored,
    prepared: new Map(),
  };
  const filesOf = (worktree: Worktree) => state.open.get(worktree.path)?.files;
  return {
    repository: state.repository,
    worktrees: fakePort(state, refuse),
    write: (worktree, path, text) => Promise.resolve(void filesOf(worktree)?.set(path, text)),
    remove: (worktree, path) => Promise.resolve(void filesOf(worktree)?.delete(path)),
    read: (worktree, path) => Promise.resolve(filesOf(worktree)?.get(path)),
  };
}

function fakePort(state: State, refuse: (taskId: string) => Failure | undefined): Worktrees {
  const { repository } = state;
  const answer = <T>(result: Result<T, Failure>) => Promise.resolve(result);
  const { commit, tree } = repository.base;
  const tip = (runId: string) => state.tips.get(runId) ?? { commit, tree };
  return {
    base: () => answer(ok({ commit, tree, kind: 'head', localChanges: [] })),
    branchOff: (runId, base, start) => {
      if (start !== base.commit) state.tips.set(runId, { commit: start, tree: repository.get(start).tree });
      return answer(ok(undefined));
    },
    create: async (runId, taskId, from, signal, prepare) => {
      const made = create(state, runId, taskId, from, signal, refuse(taskId));
      if (!made.ok || !prepare || state.prepared.has(made.value.path)) return made;
      const done = await prepare(made.value);
      if (done.ok) state.prepared.set(made.value.path, done.value.included);
      return done.ok ? made : done;
    },
    commit: (_runId, worktree) => {
      const made = committed(state, worktree);
      if (!made) return answer(gone(worktree));
      const changed = differingPaths(repository.get(worktree.commit).files, made.files);
      return answer(ok({ commit: made.commit, tree: made.tree, changed }));
    },
    restore: (worktree, target) => answer(putBack(state, worktree, target.commit)),
    rewind: (_runId, worktree) => answer(putBack(state, worktree, worktree.commit)),
    integrate: (runId, taskId, from, message) => {
      const merged = integrate(state, tip(runId), `${runId} ${from}`, { taskId, from, message });
      if (merged.ok && merged.value.isNew) state.tips.set(runId, merged.value.merge);
      return answer(merged.ok ? ok(merged.value.merge) : merged);
    },
    tip: (runId) => answer(ok(tip(runId))),
    treeOf: (id) => {
      const found = repository.find(id);
      return answer(
        found ? ok(found.tree) : fail({ kind: 'not-found', message: `There is no commit ${id}.` }),
      );
    },
    changes: (from, to) => answer(ok(changes(repository.get(from).files, repository.get(to).files))),
    diff: (from, to, maxChars) =>
      answer(ok(cut(diff(repository.get(from).files, repository.get(to).files), maxChars))),
    fileAt: (id, path) => {
      const text = repository.get(id).files.get(path);
      return answer(ok(text === undefined ? undefined : new TextEncoder().encode(text)));
    },
    release: (runId) => {
      for (const path of [...state.open.keys()])
        if (path.startsWith(`/fake/${runId}/`)) state.open.delete(path);
      return answer(ok({ kept: [] }));
    },
  };
}

function create(
  state: State,
  runId: string,
  taskId: string,
  commit: string,
  signal: AbortSignal | undefined,
  refusal: Failure | undefined,
): Result<Worktree, Failure> {
  const path = `/fake/${runId}/${taskId}`;
  const existing = state.open.get(path);
  if (existing) return ok(existing.worktree);
  if (signal?.aborted) return fail({ kind: 'cancelled', message: `Preparing task ${taskId} was cancelled.` });
  if (refusal) return fail(refusal);
  const worktree: Worktree = { taskId, path, commit, dependencies: 'none: nothing to install' };
  state.open.set(path, { worktree, files: new Map(state.repository.get(commit).files) });
  return ok(worktree);
}

function committed(state: State, worktree: Worktree): FakeCommit | undefined {
  const files = state.open.get(worktree.path)?.files;
  if (!files) return undefined;
  const start = state.repository.get(worktree.commit);
  const included = state.prepared.get(worktree.path) ?? [];
  const isWork = (path: string) => !state.ignored(path) && !included.includes(path);
  const kept = new Map([...files].filter(([path]) => start.files.has(path) || isWork(path)));
  if (differingPaths(start.files, kept).length === 0) return start;
  // Without the message, so that the same files give the same commit.
  return state.repository.commit(kept, [worktree.commit], 'work');
}

function putBack(state: State, worktree: Worktree, commit: string): Result<void, Failure> {
  const target = state.repository.find(commit);
  const open = state.open.get(worktree.path);
  if (!target || !open) {
    const message = `The worktree ${worktree.path} cannot be put back: there is no commit ${commit}.`;
    return fail({ kind: 'worktree-failed', message, path: worktree.path });
  }
  const ignored = [...open.files].filter(([path]) => state.ignored(path));
  open.files.clear();
  for (const [path, text] of [...target.files, ...ignored]) open.files.set(path, text);
  return ok(undefined);
}

function integrate(
  state: State,
  tip: Merge,
  key: string,
  change: { taskId: string; from: string; message: string },
): Result<{ merge: Merge; isNew: boolean }, Failure> {
  const earlier = state.merges.get(key);
  if (earlier) return ok({ merge: earlier, isNew: false });
  const theirs = state.repository.get(change.from);
  const start = theirs.parents[0];
  if (start === undefined) return ok({ merge: tip, isNew: false });
  const ancestor = state.repository.get(start).files;
  const merged = new Map(state.repository.get(tip.commit).files);
  const paths: string[] = [];
  for (const path of differingPaths(ancestor, theirs.files)) {
    const [mine, wanted] = [merged.get(path), theirs.files.get(path)];
    if (mine !== ancestor.get(path) && mine !== wanted) paths.push(path);
    else if (wanted === undefined) merged.delete(path);
    else merged.set(path, wanted);
  }
  if (paths.length > 0) {
    const message = `Task ${change.taskId} changed what the run’s branch changed as well: ${paths.join(', ')}.`;
    return fail({ kind: 'merge-conflict', message, paths });
  }
  const { commit, tree } = state.repository.commit(merged, [tip.commit, change.from], change.message);
  state.merges.set(key, { commit, tree });
  return ok({ merge: { commit, tree }, isNew: true });
}

function changes(from: Files, to: Files): Deliverable[] {
  return differingPaths(from, to).map((path) => {
    const [before, after] = [lines(from.get(path)), lines(to.get(path))];
    return {
      path,
      change: !from.has(path) ? 'added' : !to.has(path) ? 'deleted' : 'modified',
      insertions: after.filter((line) => !before.includes(line)).length,
      deletions: before.filter((line) => !after.includes(line)).length,
      tasks: [],
    };
  });
}

function diff(from: Files, to: Files): string {
  const parts = differingPaths(from, to).flatMap((path) => {
    const [before, after] = [lines(from.get(path)), lines(to.get(path))];
    const gone = before.filter((line) => !after.includes(line)).map((line) => `-${line}`);
    return [
      ...[`diff ${path}`, `--- a/${path}`, `+++ b/${path}`],
      ...gone,
      ...after.filter((line) => !before.includes(line)).map((line) => `+${line}`),
    ];
  });
  return parts.map((line) => `${line}\n`).join('');
}

function cut(text: string, maxChars: number): string {
  return text.length <= maxChars
    ? text
    : `${text.slice(0, maxChars)}\n… ${text.length - maxChars} characters left out …\n`;
}

function lines(text: string | undefined): string[] {
  return (text ?? '').split('\n').filter((line) => line !== '');
}

function gone(worktree: Worktree): Result<never, Failure> {
  return fail({
    kind: 'worktree-failed',
    message: `The worktree ${worktree.path} is gone.`,
    path: worktree.path,
  });
}
