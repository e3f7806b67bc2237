import assert from 'node:assert/strict';
import type { Workspace } from '../../src/core/ports';
import { failure, value } from './worktrees.contract';

/** What the suite needs to act as the person and to make commits. */
export interface WorkspaceHarness {
  readonly workspace: Workspace;
  /** The commit the checkout shows. */
  readonly base: string;
  /** A commit on top of the base with these files changed; `undefined` removes one. */
  commit(files: Record<string, string | undefined>): Promise<string>;
  write(path: string, text: string): Promise<void>;
  read(path: string): Promise<string | undefined>;
  /** Declares a file to have unsaved changes in the editor. */
  edit(path: string): void;
  reopen(): Promise<Workspace>;
  close(): Promise<void>;
}

/** Both implementations of `Workspace` behave like this. The checkout begins with `contractFiles`. */
export function workspaceContract(name: string, open: () => Promise<WorkspaceHarness>): void {
  describe(`Workspace: ${name}`, () => {
    let harness: WorkspaceHarness;
    let workspace: Workspace;
    const run = 'run-1';
    const change = { 'a.txt': 'changed\n', 'new/c.txt': 'c\n', 'src/b.txt': undefined };
    const paths = ['a.txt', 'new/c.txt', 'src/b.txt'];

    beforeEach(async () => {
      harness = await open();
      workspace = harness.workspace;
    });
    afterEach(() => harness.close());

    const picture = async () => Promise.all(paths.map((path) => harness.read(path)));
    const before = ['one\ntwo\nthree\n', undefined, 'b\n'];
    const after = ['changed\n', 'c\n', undefined];

    it('finds nothing in the way of a clean checkout and writes nothing while looking', async () => {
      const to = await harness.commit(change);
      value(await workspace.check(harness.base, to));
      assert.deepEqual(await picture(), before);
    });

    it('delivers changed, new and removed files', async () => {
      const to = await harness.commit(change);
      const delivered = value(await workspace.deliver(run, harness.base, to));
      assert.deepEqual([...delivered.paths].sort(), paths);
      assert.deepEqual(await picture(), after);
    });

    it('finishes a delivery that is asked for again', async () => {
      const to = await harness.commit(change);
      value(await workspace.deliver(run, harness.base, to));
      value(await (await harness.reopen()).deliver(run, harness.base, to));
      assert.deepEqual(await picture(), after);
    });

    it('puts back what a delivery replaced', async () => {
      const to = await harness.commit(change);
      value(await workspace.deliver(run, harness.base, to));
      const undone = value(await (await harness.reopen()).undo(run, harness.base, to));
      assert.deepEqual([...undone.paths].sort(), paths);
      assert.deepEqual(await picture(), before);
    });

    it('answers a repeated undo as the first one', async () => {
      const to = await harness.commit(change);
      value(await workspace.deliver(run, harness.base, to));
      value(await workspace.undo(run, harness.base, to));
      assert.deepEqual([...value(await workspace.undo(run, harness.base, to)).paths].sort(), paths);
      assert.deepEqual(await picture(), before);
    });

    it('delivers again after an undo', async () => {
      const to = await harness.commit(change);
      value(await workspace.deliver(run, harness.base, to));
      value(await workspace.undo(run, harness.base, to));
      value(await workspace.deliver(run, harness.base, to));
      assert.deepEqual(await picture(), after);
      value(await workspace.undo(run, harness.base, to));
      assert.deepEqual(await picture(), before);
    });

    it('refuses by name where a file has local changes, and writes nothing', async () => {
      const to = await harness.commit(change);
      await harness.write('src/b.txt', 'mine\n');
      for (const refused of [
        await workspace.check(harness.base, to),
        await workspace.deliver(run, harness.base, to),
      ]) {
        const refusal = failure<unknown>(refused);
        assert.ok(refusal.kind === 'delivery-refused');
        assert.deepEqual(refusal.paths, ['src/b.txt']);
      }
      assert.deepEqual(await picture(), ['one\ntwo\nthree\n', undefined, 'mine\n']);
    });

    it('refuses by name where a new file would replace one of the person', async () => {
      const to = await harness.commit(change);
      await harness.write('new/c.txt', 'mine\n');
      const refusal = failure(await workspace.deliver(run, harness.base, to));
      assert.ok(refusal.kind === 'delivery-refused');
      assert.deepEqual(refusal.paths, ['new/c.txt']);
    });

    it('refuses by name where the editor holds unsaved changes', async () => {
      const to = await harness.commit(change);
      harness.edit('a.txt');
      const refusal = failure(await workspace.deliver(run, harness.base, to));
      assert.ok(refusal.kind === 'delivery-refused');
      assert.deepEqual(refusal.paths, ['a.txt']);
      assert.deepEqual(await picture(), before);
    });

    it('leaves other files with local changes alone', async () => {
      const to = await harness.commit({ 'a.txt': 'changed\n' });
      await harness.write('src/b.txt', 'mine\n');
      value(await workspace.deliver(run, harness.base, to));
      assert.equal(await harness.read('src/b.txt'), 'mine\n');
    });

    it('refuses by name to undo over a file that was changed since, and writes nothing', async () => {
      const to = await harness.commit(change);
      value(await workspace.deliver(run, harness.base, to));
      await harness.write('a.txt', 'changed by me\n');
      const refusal = failure(await workspace.undo(run, harness.base, to));
      assert.ok(refusal.kind === 'undo-refused');
      assert.deepEqual(refusal.paths, ['a.txt']);
      assert.deepEqual(await picture(), ['changed by me\n', 'c\n', undefined]);
    });

    it('has nothing to undo where nothing was delivered', async () => {
      const to = await harness.commit(change);
      assert.equal(failure(await workspace.undo(run, harness.base, to)).kind, 'undo-refused');
    });
  });
}
