import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createRescue } from '../../../../src/adapters/git/rescue';
import { createWorkspace } from '../../../../src/adapters/workspace/createWorkspace';
import { gitFixture, gitIn, type GitFixture } from '../../../support/gitFixture';
import { expectOk, openRealGit } from '../../../support/realGit';

describe('kept work', () => {
  const fixtures: GitFixture[] = [];
  afterEach(() => {
    for (const fixture of fixtures.splice(0)) fixture.remove();
  });

  async function opened(files: Record<string, string | Uint8Array> = { 'a.txt': 'a\n', 'old.txt': 'old\n' }) {
    const fixture = gitFixture(files);
    fixtures.push(fixture);
    const real = await openRealGit(fixture);
    const base = expectOk(await real.worktrees.base('r'));
    return {
      ...real,
      fixture,
      base,
      rescue: createRescue(real.store),
      target: join(fixture.state, '../restored'),
      create: async (id: string) => expectOk(await real.worktrees.create('r', id, base.commit)),
    };
  }

  const bytes = Buffer.from([0, 13, 10, 255, 13, 0]);

  it('is listed with its run, task, reason and number of files, and whether the result holds it', async () => {
    const { worktrees, rescue, create } = await opened();
    const [one, two] = [await create('one'), await create('two')];
    writeFileSync(join(one.path, 'a.txt'), 'integrated\n');
    const done = expectOk(await worktrees.commit('r', one, 'Write a'));
    expectOk(await worktrees.integrate('r', 'one', done.commit, 'Write a'));
    writeFileSync(join(two.path, 'b.txt'), 'b\n');
    writeFileSync(join(two.path, 'c.txt'), 'c\n');
    expectOk(await worktrees.release('r'));
    const entries = expectOk(await rescue.list());
    assert.deepEqual(
      entries.map(({ keptAt: _, ...entry }) => entry),
      [
        {
          id: 'r/two/1',
          runId: 'r',
          taskId: 'two',
          kind: 'work',
          why: 'Last state of two',
          isInResult: false,
          files: 2,
        },
        {
          id: 'r/one/1',
          runId: 'r',
          taskId: 'one',
          kind: 'work',
          why: 'Write a',
          isInResult: true,
          files: 1,
        },
      ],
    );
    assert.ok(entries.every(({ keptAt }) => Math.abs(Date.parse(keptAt) - Date.now()) < 60_000));
  });

  it('is shown file by file, against where the work began', async () => {
    const { worktrees, rescue, create } = await opened();
    const { path } = await create('t');
    writeFileSync(join(path, 'a.txt'), 'changed\n');
    writeFileSync(join(path, 'run.sh'), '#!/bin/sh\n');
    chmodSync(join(path, 'run.sh'), 0o755);
    symlinkSync('/etc/hostname', join(path, 'link'));
    gitIn(path, 'rm', '-q', 'old.txt');
    expectOk(await worktrees.release('r'));
    const { entry, files } = expectOk(await rescue.show('r/t'));
    assert.equal(entry.id, 'r/t/1');
    assert.deepEqual(files, [
      { path: 'a.txt', change: 'modified', bytes: 8, kind: 'file' },
      { path: 'link', change: 'added', bytes: 13, kind: 'link' },
      { path: 'old.txt', change: 'deleted', bytes: null, kind: null },
      { path: 'run.sh', change: 'added', bytes: 10, kind: 'executable' },
    ]);
  });

  it('comes back with exact bytes, modes, links and odd names into a new folder', async () => {
    const { worktrees, rescue, create, target, store } = await opened({
      '.gitattributes': '*.crlf text eol=crlf\n',
    });
    const { path } = await create('t');
    const names = ['bin.dat', 'two words.txt', '-dash', 'ünï/cödé.txt', 'new\nline', 'deep/er/file'];
    for (const name of names) {
      mkdirSync(join(path, name, '..'), { recursive: true });
      writeFileSync(join(path, name), bytes);
    }
    const latin = Buffer.concat([Buffer.from(`${path}/`), Buffer.from([0x66, 0xfc, 0x72])]);
    writeFileSync(latin, bytes);
    writeFileSync(join(path, 'dos.crlf'), 'one\r\ntwo\r\n');
    writeFileSync(join(path, 'run.sh'), 'x');
    chmodSync(join(path, 'run.sh'), 0o755);
    symlinkSync('/etc/hostname', join(path, 'link'));
    expectOk(await worktrees.release('r'));
    const restored = expectOk(await rescue.restore('r/t/1', { folder: target, isNew: true, paths: [] }));
    assert.equal(restored.files.length, names.length + 4);
    for (const name of names) assert.deepEqual(readFileSync(join(target, name)), bytes, name);
    const back = Buffer.concat([Buffer.from(`${target}/`), Buffer.from([0x66, 0xfc, 0x72])]);
    assert.deepEqual(readFileSync(back), bytes);
    assert.equal(readFileSync(join(target, 'dos.crlf'), 'utf8'), 'one\r\ntwo\r\n');
    assert.notEqual(lstatSync(join(target, 'run.sh')).mode & 0o111, 0);
    assert.equal(lstatSync(join(target, 'bin.dat')).mode & 0o111, 0);
    assert.equal(readlinkSync(join(target, 'link')), '/etc/hostname');
    assert.deepEqual(readdirSync(join(store.stateFolder, 'scratch')), []);
  });

  it('comes back in part: by file, by folder, also a file the task left as it was', async () => {
    const { worktrees, rescue, create, target } = await opened();
    const { path } = await create('t');
    mkdirSync(join(path, 'src'));
    for (const name of ['src/one.ts', 'src/two.ts', 'other.ts']) writeFileSync(join(path, name), name);
    expectOk(await worktrees.release('r'));
    const request = { folder: target, isNew: true, paths: ['src/', './a.txt'] };
    assert.deepEqual(expectOk(await rescue.restore('r/t/1', request)).files, [
      'a.txt',
      'src/one.ts',
      'src/two.ts',
    ]);
    const unknown = await rescue.restore('r/t/1', { ...request, paths: ['src', 'nothing'] });
    assert.match(unknown.ok ? '' : unknown.failure.message, /holds no nothing\./);
  });

  it('replaces nothing and follows no link: it names what stands in the way and writes nothing', async () => {
    const { worktrees, rescue, create, target, fixture } = await opened();
    const { path } = await create('t');
    mkdirSync(join(path, 'sub'));
    for (const name of ['free.txt', 'a.txt', 'sub/b.txt']) writeFileSync(join(path, name), 'kept\n');
    expectOk(await worktrees.release('r'));
    const elsewhere = join(fixture.state, '../elsewhere');
    mkdirSync(elsewhere);
    mkdirSync(target);
    const again = await rescue.restore('r/t/1', { folder: target, isNew: true, paths: [] });
    assert.match(again.ok ? '' : again.failure.message, /restored exists already/);
    symlinkSync(elsewhere, join(target, 'sub'));
    symlinkSync(join(elsewhere, 'through.txt'), join(target, 'a.txt'));
    const refused = await rescue.restore('r/t/1', { folder: target, isNew: false, paths: [] });
    assert.ok(!refused.ok);
    assert.match(
      refused.failure.message,
      /Nothing was written.*restored\/a\.txt, .*restored\/sub exist already/,
    );
    assert.deepEqual(readdirSync(target).sort(), ['a.txt', 'sub']);
    assert.deepEqual(readdirSync(elsewhere), []);
    expectOk(await rescue.restore('r/t/1', { folder: target, isNew: false, paths: ['free.txt'] }));
    assert.equal(readFileSync(join(target, 'free.txt'), 'utf8'), 'kept\n');
  });

  it('includes what the agent committed itself and left behind, or stashed', async () => {
    const { worktrees, rescue, create, target } = await opened();
    const { path } = await create('t');
    writeFileSync(join(path, 'lost.txt'), 'lost\n');
    gitIn(path, 'add', '.');
    gitIn(path, 'commit', '-qm', 'An idea');
    gitIn(path, 'reset', '-q', '--hard', 'HEAD~1');
    expectOk(await worktrees.release('r'));
    const [entry] = expectOk(await rescue.list());
    assert.match(entry?.id ?? '', /^r\/t\/commit-[0-9a-f]{12}$/);
    assert.deepEqual([entry?.why, entry?.files], ['A commit of the agent itself: An idea', 1]);
    expectOk(await rescue.restore(entry?.id ?? '', { folder: target, isNew: true, paths: [] }));
    assert.equal(readFileSync(join(target, 'lost.txt'), 'utf8'), 'lost\n');
  });

  it('includes the bytes a delivery replaced, while it is in effect and after it was taken back', async () => {
    const { worktrees, rescue, create, target, fixture, base, delivery } = await opened();
    fixture.write('.gitattributes', '*.txt text\n');
    const worktree = await create('t');
    writeFileSync(join(worktree.path, 'a.txt'), 'delivered\n');
    writeFileSync(join(worktree.path, 'new.txt'), 'new\n');
    gitIn(worktree.path, 'rm', '-q', 'old.txt');
    const { commit } = expectOk(await worktrees.commit('r', worktree, 'work'));
    const workspace = createWorkspace({
      root: fixture.root,
      store: delivery,
      unsavedPaths: () => Promise.resolve([]),
    });
    expectOk(await workspace.deliver('r', base.commit, commit));
    const { entry, files } = expectOk(await rescue.show('r/_delivery'));
    assert.deepEqual([entry.kind, entry.files, entry.why], ['delivery', 3, 'What a delivery replaced']);
    assert.deepEqual(files, [
      { path: 'a.txt', change: 'modified', bytes: 2, kind: 'file' },
      { path: 'new.txt', change: 'added', bytes: null, kind: null },
      { path: 'old.txt', change: 'deleted', bytes: 4, kind: 'file' },
    ]);
    expectOk(await workspace.undo('r', base.commit, commit));
    const undone = expectOk(await rescue.list()).find(({ kind }) => kind === 'undone');
    assert.ok(undone);
    const restored = expectOk(await rescue.restore(undone.id, { folder: target, isNew: true, paths: [] }));
    assert.deepEqual(restored.files, ['a.txt', 'old.txt']);
    assert.equal(readFileSync(join(target, 'a.txt'), 'utf8'), 'a\n');
  });

  it('of an agent that named a file of git, or one outside, is not written', async () => {
    const { worktrees, rescue, create, target } = await opened();
    const { path } = await create('t');
    const blob = gitIn(path, 'hash-object', '-w', 'a.txt').trim();
    const entry = Buffer.concat([Buffer.from('100644 ..\0'), Buffer.from(blob, 'hex')]);
    writeFileSync(join(path, 'tree.bin'), entry);
    const tree = gitIn(path, 'hash-object', '-t', 'tree', '-w', '--literally', 'tree.bin').trim();
    gitIn(path, 'update-ref', 'refs/heads/evil', gitIn(path, 'commit-tree', '-m', 'evil', tree).trim());
    expectOk(await worktrees.release('r'));
    const evil = expectOk(await rescue.list()).find(({ why }) => why.endsWith('evil'));
    assert.ok(evil);
    const refused = await rescue.restore(evil.id, { folder: target, isNew: true, paths: [] });
    assert.ok(!refused.ok);
    assert.ok(!existsSync(target));
  });

  it('is asked for by a beginning that fits one entry only', async () => {
    const { worktrees, rescue, create } = await opened();
    for (const id of ['one', 'two']) writeFileSync(join((await create(id)).path, 'x'), id);
    expectOk(await worktrees.release('r'));
    const several = await rescue.show('r/');
    assert.match(several.ok ? '' : several.failure.message, /"r\/" is the beginning of several: /);
    const none = await rescue.show('other');
    assert.equal(none.ok ? '' : none.failure.kind, 'not-found');
    assert.equal(expectOk(await rescue.show('refs/enterprise/rescue/r/two/1')).entry.id, 'r/two/1');
  });
});
