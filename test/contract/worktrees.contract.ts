import assert from 'node:assert/strict';
import type { Base, CommittedTree, Worktree, Worktrees } from '../../src/core/ports';
import type { Failure } from '../../src/core/model/failure';
import type { Result } from '../../src/base/result';

/** What the suite needs to reach into a worktree the way an agent does. */
export interface WorktreesHarness {
  readonly worktrees: Worktrees;
  write(worktree: Worktree, path: string, text: string): Promise<void>;
  remove(worktree: Worktree, path: string): Promise<void>;
  /** Undefined when there is no such file. */
  read(worktree: Worktree, path: string): Promise<string | undefined>;
  /** The same worktrees as a new process finds them. */
  reopen(): Promise<Worktrees>;
  close(): Promise<void>;
}

/** The files every harness begins with. */
export const contractFiles = { 'a.txt': 'one\ntwo\nthree\n', 'src/b.txt': 'b\n', '.gitignore': 'ignored/\n' };

export function value<T>(result: Result<T, Failure>): T {
  assert.ok(result.ok, result.ok ? '' : `${result.failure.kind}: ${result.failure.message}`);
  return result.value;
}

export function failure<T>(result: Result<T, Failure>): Failure {
  assert.ok(!result.ok, 'expected a failure');
  return result.failure;
}

/** Both implementations of `Worktrees` behave like this. */
export function worktreesContract(name: string, open: () => Promise<WorktreesHarness>): void {
  describe(`Worktrees: ${name}`, () => {
    let harness: WorktreesHarness;
    let worktrees: Worktrees;
    let base: Base;
    const run = 'run-1';

    beforeEach(async () => {
      harness = await open();
      worktrees = harness.worktrees;
      base = value(await worktrees.base(run));
    });
    afterEach(() => harness.close());

    /** Lets a task write files and commits them. */
    async function task(id: string, files: Record<string, string>, from = base.commit) {
      const worktree = value(await worktrees.create(run, id, from));
      for (const [path, text] of Object.entries(files)) await harness.write(worktree, path, text);
      return { worktree, committed: value(await worktrees.commit(run, worktree, `Task ${id}`)) };
    }

    const textAt = async (commit: string, path: string) => {
      const bytes = value(await worktrees.fileAt(commit, path));
      return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
    };

    it('fixes the base of a run once', async () => {
      assert.deepEqual(value(await worktrees.base(run)), base);
      assert.deepEqual(value(await (await harness.reopen()).base(run)), base);
      assert.equal(value(await worktrees.treeOf(base.commit)), base.tree);
    });

    it('creates a worktree with the files of the commit', async () => {
      const worktree = value(await worktrees.create(run, 't1', base.commit));
      assert.equal(worktree.taskId, 't1');
      assert.equal(worktree.commit, base.commit);
      assert.equal(await harness.read(worktree, 'src/b.txt'), 'b\n');
    });

    it('prepares a worktree once before it is given out, and never commits what was copied in', async () => {
      let calls = 0;
      const create = (isFine: boolean) =>
        worktrees.create(run, 't', base.commit, undefined, () => {
          calls++;
          const broken = { kind: 'worktree-failed', message: 'no', path: '' } as const;
          return Promise.resolve(
            isFine
              ? { ok: true, value: { included: ['env'], notes: ['copied'] } }
              : { ok: false, failure: broken },
          );
        });
      assert.equal(failure(await create(false)).message, 'no');
      const worktree = value(await create(true));
      value(await create(false));
      assert.equal(calls, 2);
      await harness.write(worktree, 'env', 'copied in');
      await harness.write(worktree, 'work', 'of the agent');
      assert.deepEqual(value(await worktrees.commit(run, worktree, 'Task t')).changed, ['work']);
    });

    it('gives an existing worktree back untouched', async () => {
      const worktree = value(await worktrees.create(run, 't1', base.commit));
      await harness.write(worktree, 'a.txt', 'mine\n');
      const again = value(await (await harness.reopen()).create(run, 't1', base.commit));
      assert.deepEqual(again, worktree);
      assert.equal(await harness.read(again, 'a.txt'), 'mine\n');
    });

    it('commits new, changed and removed files, and no ignored ones', async () => {
      const worktree = value(await worktrees.create(run, 't1', base.commit));
      await harness.write(worktree, 'new/c.txt', 'c\n');
      await harness.write(worktree, 'a.txt', 'changed\n');
      await harness.write(worktree, 'ignored/x', 'x');
      await harness.remove(worktree, 'src/b.txt');
      const committed = value(await worktrees.commit(run, worktree, 'all'));
      assert.deepEqual([...committed.changed].sort(), ['a.txt', 'new/c.txt', 'src/b.txt']);
      assert.equal(await textAt(committed.commit, 'new/c.txt'), 'c\n');
      assert.equal(await textAt(committed.commit, 'src/b.txt'), undefined);
      assert.equal(await textAt(committed.commit, 'ignored/x'), undefined);
    });

    it('commits nothing where nothing changed', async () => {
      const { committed } = await task('t1', {});
      assert.deepEqual(committed, { commit: base.commit, tree: base.tree, changed: [] });
    });

    it('gives the same commit for the same files', async () => {
      const { worktree, committed } = await task('t1', { 'a.txt': 'changed\n' });
      assert.deepEqual(value(await worktrees.commit(run, worktree, 'again')), committed);
    });

    it('puts files a gate changed, removed or added back to the commit', async () => {
      const { worktree, committed } = await task('t1', { 'a.txt': 'changed\n' });
      await harness.write(worktree, 'a.txt', 'formatted\n');
      await harness.write(worktree, 'report.txt', 'junk\n');
      await harness.remove(worktree, 'src/b.txt');
      value(await worktrees.restore(worktree, committed));
      assert.equal(await harness.read(worktree, 'a.txt'), 'changed\n');
      assert.equal(await harness.read(worktree, 'src/b.txt'), 'b\n');
      assert.equal(await harness.read(worktree, 'report.txt'), undefined);
    });

    it('refuses to put a worktree back to a commit that does not exist', async () => {
      const { worktree } = await task('t1', { 'a.txt': 'changed\n' });
      const unknown: CommittedTree = { commit: '1'.repeat(40), tree: '2'.repeat(40), changed: [] };
      assert.equal(failure(await worktrees.restore(worktree, unknown)).kind, 'worktree-failed');
      assert.equal(await harness.read(worktree, 'a.txt'), 'changed\n');
    });

    it('starts a worktree over', async () => {
      const { worktree } = await task('t1', { 'a.txt': 'half\n', 'new.txt': 'half\n' });
      await harness.write(worktree, 'later.txt', 'half\n');
      value(await worktrees.rewind(run, worktree));
      assert.equal(await harness.read(worktree, 'a.txt'), contractFiles['a.txt']);
      assert.equal(await harness.read(worktree, 'new.txt'), undefined);
      assert.equal(await harness.read(worktree, 'later.txt'), undefined);
    });

    it('has the base as the tip of a run before anything is integrated', async () => {
      assert.deepEqual(value(await worktrees.tip(run)), { commit: base.commit, tree: base.tree });
    });

    it('integrates the changes of two tasks onto one branch', async () => {
      const one = await task('t1', { 'a.txt': 'ONE\ntwo\nthree\n' });
      const two = await task('t2', { 'new.txt': 'n\n' });
      value(await worktrees.integrate(run, 't1', one.committed.commit, 'first'));
      const merge = value(await worktrees.integrate(run, 't2', two.committed.commit, 'second'));
      assert.deepEqual(value(await worktrees.tip(run)), merge);
      assert.equal(await textAt(merge.commit, 'a.txt'), 'ONE\ntwo\nthree\n');
      assert.equal(await textAt(merge.commit, 'new.txt'), 'n\n');
    });

    it('gives the same merge when a merged commit is integrated again', async () => {
      const one = await task('t1', { 'a.txt': 'ONE\ntwo\nthree\n' });
      const two = await task('t2', { 'new.txt': 'n\n' });
      const first = value(await worktrees.integrate(run, 't1', one.committed.commit, 'first'));
      assert.deepEqual(value(await worktrees.integrate(run, 't1', one.committed.commit, 'first')), first);
      const second = value(await worktrees.integrate(run, 't2', two.committed.commit, 'second'));
      const reopened = await harness.reopen();
      assert.deepEqual(value(await reopened.integrate(run, 't1', one.committed.commit, 'first')), first);
      assert.deepEqual(value(await reopened.tip(run)), second);
    });

    it('goes on in another run from a commit of the first, whose branch stays where it is', async () => {
      const { committed } = await task('one', { 'a.txt': 'ONE\n' });
      const merged = value(await worktrees.integrate(run, 'one', committed.commit, 'One'));
      await task('two', { 'src/b.txt': 'B\n' });
      value(await worktrees.branchOff('run-2', base, merged.commit));
      assert.deepEqual(value(await worktrees.tip('run-2')), merged);
      const second = value(await worktrees.create('run-2', 'three', merged.commit));
      await harness.write(second, 'c.txt', 'C\n');
      const { commit } = value(await worktrees.commit('run-2', second, 'Three'));
      const tip = value(await worktrees.integrate('run-2', 'three', commit, 'Three'));
      assert.equal(await textAt(tip.commit, 'a.txt'), 'ONE\n');
      assert.equal(await textAt(tip.commit, 'c.txt'), 'C\n');
      assert.deepEqual(value(await worktrees.tip(run)), merged);
      value(await worktrees.branchOff('run-3', base, base.commit));
      assert.equal(value(await worktrees.tip('run-3')).commit, base.commit);
    });

    it('integrates a task that changed nothing without moving the branch', async () => {
      const { committed } = await task('t1', {});
      assert.deepEqual(value(await worktrees.integrate(run, 't1', committed.commit, 'nothing')), {
        commit: base.commit,
        tree: base.tree,
      });
    });

    it('names the paths of a conflict and leaves the branch where it was', async () => {
      const one = await task('t1', { 'a.txt': 'ONE\n', 'src/b.txt': 'same\n' });
      const two = await task('t2', { 'a.txt': 'TWO\n', 'src/b.txt': 'same\n' });
      const tip = value(await worktrees.integrate(run, 't1', one.committed.commit, 'first'));
      const conflict = failure(await worktrees.integrate(run, 't2', two.committed.commit, 'second'));
      assert.ok(conflict.kind === 'merge-conflict');
      assert.deepEqual(conflict.paths, ['a.txt']);
      assert.deepEqual(value(await worktrees.tip(run)), tip);
    });

    it('integrates everything when tasks finish at the same moment', async () => {
      const ids = ['t1', 't2', 't3', 't4', 't5'];
      const done = await Promise.all(ids.map((id) => task(id, { [`${id}.txt`]: id })));
      const merges = done.map(({ committed }, at) =>
        worktrees.integrate(run, ids[at] ?? '', committed.commit, 'merge'),
      );
      for (const merge of await Promise.all(merges)) value(merge);
      const tip = value(await worktrees.tip(run));
      for (const id of ids) assert.equal(await textAt(tip.commit, `${id}.txt`), id);
    });

    it('tells what differs between two commits with numbers of lines', async () => {
      const worktree = value(await worktrees.create(run, 't1', base.commit));
      await harness.write(worktree, 'a.txt', 'one\n2\nthree\nfour\n');
      await harness.write(worktree, 'new.txt', 'n\n');
      await harness.remove(worktree, 'src/b.txt');
      const { commit } = value(await worktrees.commit(run, worktree, 'all'));
      assert.deepEqual(value(await worktrees.changes(base.commit, commit)), [
        { path: 'a.txt', change: 'modified', insertions: 2, deletions: 1, tasks: [] },
        { path: 'new.txt', change: 'added', insertions: 1, deletions: 0, tasks: [] },
        { path: 'src/b.txt', change: 'deleted', insertions: 0, deletions: 1, tasks: [] },
      ]);
    });

    it('gives a diff to read, cut where it is too long', async () => {
      const { committed } = await task('t1', { 'a.txt': 'one\nTWO\nthree\n' });
      const whole = value(await worktrees.diff(base.commit, committed.commit, 100_000));
      assert.match(whole, /^-two$/m);
      assert.match(whole, /^\+TWO$/m);
      const cut = value(await worktrees.diff(base.commit, committed.commit, 20));
      assert.ok(cut.startsWith(whole.slice(0, 20)));
      assert.match(cut, /characters left out/);
    });

    it('removes the worktrees of a run and keeps what was committed', async () => {
      const { worktree, committed } = await task('t1', { 'a.txt': 'changed\n' });
      assert.deepEqual(value(await worktrees.release(run)), { kept: [] });
      assert.equal(await harness.read(worktree, 'a.txt'), undefined);
      assert.equal(await textAt(committed.commit, 'a.txt'), 'changed\n');
    });

    it('answers an aborted signal with a cancelled failure', async () => {
      const cancelled = await worktrees.create(run, 't9', base.commit, AbortSignal.abort());
      assert.equal(failure(cancelled).kind, 'cancelled');
    });
  });
}
