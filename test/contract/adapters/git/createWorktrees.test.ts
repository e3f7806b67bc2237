import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { withinLimits } from '../../../../src/adapters/git/base';
import { runProcess } from '../../../../src/adapters/process/run';
import { folderFixture, gitFixture, gitIn, type GitFixture } from '../../../support/gitFixture';
import { expectOk, openRealGit } from '../../../support/realGit';

describe('worktrees on disk', () => {
  const fixtures: GitFixture[] = [];
  const kept = <T extends GitFixture>(fixture: T) => {
    fixtures.push(fixture);
    return fixture;
  };
  afterEach(() => {
    for (const fixture of fixtures.splice(0)) fixture.remove();
  });

  async function opened(fixture: GitFixture) {
    const real = await openRealGit(kept(fixture));
    const base = expectOk(await real.worktrees.base('r'));
    return {
      ...real,
      fixture,
      base,
      create: async (id: string) => expectOk(await real.worktrees.create('r', id, base.commit)),
    };
  }

  it('begin at HEAD and name the local changes that are not part of it', async () => {
    const fixture = gitFixture({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    fixture.write('a.txt', 'mine\n');
    fixture.write('new file.txt', 'mine\n');
    fixture.write('.enterprise/runs/r0/report.json', '{}');
    const { base, create } = await opened(fixture);
    assert.equal(base.kind, 'head');
    assert.equal(base.commit, fixture.git('rev-parse', 'HEAD').trim());
    assert.deepEqual(base.localChanges, ['a.txt', 'new file.txt']);
    assert.equal(readFileSync(join((await create('t')).path, 'a.txt'), 'utf8'), 'a\n');
  });

  it('leave HEAD, index, refs, config, stash and logs of the repository byte for byte as they were', async () => {
    const fixture = gitFixture({ 'a.txt': 'a\n' });
    fixture.write('a.txt', 'stashed\n');
    fixture.git('stash');
    fixture.write('untracked.txt', 'u\n');
    const before = fixture.fingerprint();
    const { worktrees, create } = await opened(fixture);
    const worktree = await create('t');
    writeFileSync(join(worktree.path, 'a.txt'), 'b\n');
    const { commit } = expectOk(await worktrees.commit('r', worktree, 'work'));
    expectOk(await worktrees.integrate('r', 't', commit, 'work'));
    expectOk(await worktrees.release('r'));
    assert.equal(fixture.fingerprint(), before);
    assert.equal(fixture.read('untracked.txt'), 'u\n');
    assert.equal(
      fixture.git('for-each-ref', '--format=%(refname)', 'refs/enterprise').trim(),
      'refs/enterprise/base/r',
    );
  });

  it('let an agent use git without reaching the person, the engine or another agent', async () => {
    const fixture = gitFixture({ 'a.txt': 'a\n' });
    const { create, store } = await opened(fixture);
    const [one, two] = [await create('one'), await create('two')];
    assert.equal(gitIn(one.path, 'status', '--porcelain'), '');
    assert.match(gitIn(one.path, 'log', '--oneline'), /first/);
    writeFileSync(join(one.path, 'a.txt'), 'one\n');
    gitIn(one.path, 'commit', '-qam', 'by the agent');
    gitIn(one.path, 'branch', 'mine');
    gitIn(one.path, 'config', 'core.editor', 'x');
    for (const gitDir of [join(two.path, '.git'), join(fixture.root, '.git'), store.gitDir]) {
      assert.doesNotMatch(gitIn(fixture.root, `--git-dir=${gitDir}`, 'for-each-ref'), /mine/);
      assert.doesNotMatch(readFileSync(join(gitDir, 'config'), 'utf8'), /editor/);
    }
  });

  it('survive a prune of the repository they borrow from after its history was rewritten', async () => {
    const fixture = gitFixture({ 'a.txt': 'a\n' });
    const { worktrees, create, base } = await opened(fixture);
    const worktree = await create('t');
    // The agent writes what is already lying unreferenced in the person's repository.
    fixture.write('draft.txt', 'a draft\n');
    fixture.git('add', 'draft.txt');
    fixture.git('rm', '-q', '--cached', 'draft.txt');
    writeFileSync(join(worktree.path, 'draft.txt'), 'a draft\n');
    const { commit } = expectOk(await worktrees.commit('r', worktree, 'work'));
    fixture.git('checkout', '-q', '--orphan', 'other');
    fixture.git('commit', '-qm', 'new root');
    fixture.git('branch', '-D', 'main');
    fixture.git('reflog', 'expire', '--expire=now', '--all');
    fixture.git('gc', '-q', '--prune=now');
    assert.equal(
      Buffer.from(expectOk(await worktrees.fileAt(commit, 'draft.txt')) ?? []).toString(),
      'a draft\n',
    );
    assert.equal(Buffer.from(expectOk(await worktrees.fileAt(base.commit, 'a.txt')) ?? []).toString(), 'a\n');
  });

  it('take in files with odd names, links, programs and bytes that are no text', async () => {
    const names = [
      '-leading',
      'new\nline',
      'quo"te',
      "apo'strophe",
      'tab\there',
      'ünï ✓',
      ':(top)magic',
      '*',
      'back\\slash',
    ];
    const { worktrees, create, base } = await opened(gitFixture({ 'a.txt': 'a\n' }));
    const worktree = await create('t');
    for (const name of names) writeFileSync(join(worktree.path, name), name);
    writeFileSync(join(worktree.path, 'bytes'), Buffer.from([0, 255, 13, 10, 128]));
    writeFileSync(join(worktree.path, 'program'), '#!/bin/sh\n');
    chmodSync(join(worktree.path, 'program'), 0o755);
    symlinkSync('/etc/passwd', join(worktree.path, 'link'));
    const { commit, changed } = expectOk(await worktrees.commit('r', worktree, 'odd'));
    assert.deepEqual([...changed].sort(), [...names, 'bytes', 'program', 'link'].sort());
    for (const name of names)
      assert.equal(Buffer.from(expectOk(await worktrees.fileAt(commit, name)) ?? []).toString(), name);
    assert.deepEqual(
      Buffer.from(expectOk(await worktrees.fileAt(commit, 'bytes')) ?? []),
      Buffer.from([0, 255, 13, 10, 128]),
    );
    assert.equal(
      Buffer.from(expectOk(await worktrees.fileAt(commit, 'link')) ?? []).toString(),
      '/etc/passwd',
    );
    const changes = expectOk(await worktrees.changes(base.commit, commit));
    assert.deepEqual(
      changes.find(({ path }) => path === 'bytes'),
      {
        path: 'bytes',
        change: 'added',
        insertions: null,
        deletions: null,
        tasks: [],
      },
    );
  });

  it('take in a folder that became a file, a file that became a folder, and a folder that became a link', async () => {
    const { worktrees, create } = await opened(gitFixture({ 'd/x': 'x', 'd/y': 'y', f: 'f', 'l/z': 'z' }));
    const worktree = await create('t');
    rmSync(join(worktree.path, 'd'), { recursive: true });
    writeFileSync(join(worktree.path, 'd'), 'file now');
    rmSync(join(worktree.path, 'f'));
    mkdirSync(join(worktree.path, 'f'));
    writeFileSync(join(worktree.path, 'f/inside'), 'i');
    rmSync(join(worktree.path, 'l'), { recursive: true });
    symlinkSync('/etc', join(worktree.path, 'l'));
    const { changed } = expectOk(await worktrees.commit('r', worktree, 'types'));
    assert.deepEqual([...changed].sort(), ['d', 'd/x', 'd/y', 'f', 'f/inside', 'l', 'l/z']);
  });

  it('take in the files of repositories an agent made, never a link to a commit of theirs', async () => {
    const { worktrees, create, store } = await opened(gitFixture({ 'a.txt': 'a\n' }));
    const worktree = await create('t');
    mkdirSync(join(worktree.path, 'app/inner'), { recursive: true });
    gitIn(join(worktree.path, 'app'), 'init', '-q');
    gitIn(join(worktree.path, 'app/inner'), 'init', '-q');
    writeFileSync(join(worktree.path, 'app/.gitignore'), 'dist/\n');
    mkdirSync(join(worktree.path, 'app/dist'));
    writeFileSync(join(worktree.path, 'app/dist/out.js'), 'o');
    writeFileSync(join(worktree.path, 'app/inner/i.txt'), 'i\n');
    const { commit, changed } = expectOk(await worktrees.commit('r', worktree, 'app'));
    assert.deepEqual([...changed].sort(), ['app/.gitignore', 'app/inner/i.txt']);
    assert.doesNotMatch(
      gitIn(store.gitDir, `--git-dir=${store.gitDir}`, 'ls-tree', '-r', commit),
      /^160000/m,
    );
    expectOk(await worktrees.commit('r', worktree, 'again'));
  });

  it('keep submodules as they are and refuse by name when files were written into one', async () => {
    const library = kept(gitFixture({ 'lib.txt': 'l\n' }));
    const fixture = gitFixture({ 'a.txt': 'a\n' });
    fixture.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.root, 'lib');
    fixture.commit('with a submodule');
    const { worktrees, create, base } = await opened(fixture);
    const worktree = await create('t');
    assert.deepEqual(readdirSync(join(worktree.path, 'lib')), []);
    assert.equal(expectOk(await worktrees.commit('r', worktree, 'nothing')).commit, base.commit);
    writeFileSync(join(worktree.path, 'lib/new.txt'), 'n');
    const refused = await worktrees.commit('r', worktree, 'inside');
    assert.ok(!refused.ok && refused.failure.kind === 'worktree-failed');
    assert.match(refused.failure.message, /^lib is a submodule/);
    const released = expectOk(await worktrees.release('r'));
    assert.equal(released.kept.length, 1);
    assert.ok(existsSync(join(worktree.path, 'lib/new.txt')));
  });

  it('never commit linked dependencies, ignored or not', async () => {
    const { worktrees, create } = await opened(gitFixture({ 'package.json': '{}' }));
    const worktree = await create('t');
    mkdirSync(join(worktree.path, 'node_modules/x'), { recursive: true });
    writeFileSync(join(worktree.path, 'node_modules/x/index.js'), '');
    assert.deepEqual(expectOk(await worktrees.commit('r', worktree, 'deps')).changed, []);
  });

  it('start anew what was interrupted before an agent was let in', async () => {
    const { create, store } = await opened(gitFixture({ 'a.txt': 'a\n' }));
    mkdirSync(join(store.stateFolder, 'worktrees/r/t/.git'), { recursive: true });
    writeFileSync(join(store.stateFolder, 'worktrees/r/t/half'), '');
    const worktree = await create('t');
    assert.deepEqual(readdirSync(worktree.path).sort(), ['.git', 'a.txt']);
  });

  it('keep on release what the agent committed, stashed or hid behind an ignore rule of its own', async () => {
    const { worktrees, create, store } = await opened(gitFixture({ 'a.txt': 'a\n' }));
    const worktree = await create('t');
    writeFileSync(join(worktree.path, 'a.txt'), 'committed, then reverted\n');
    gitIn(worktree.path, 'commit', '-qam', 'c1');
    gitIn(worktree.path, 'reset', '-q', '--hard', 'HEAD~1');
    writeFileSync(join(worktree.path, 'a.txt'), 'stashed\n');
    gitIn(worktree.path, 'stash', '-q');
    writeFileSync(join(worktree.path, '.gitignore'), 'secret.txt\n');
    writeFileSync(join(worktree.path, 'secret.txt'), 'hidden\n');
    assert.deepEqual(expectOk(await worktrees.commit('r', worktree, 'work')).changed, ['.gitignore']);
    assert.deepEqual(expectOk(await worktrees.release('r')), { kept: [] });
    assert.equal(existsSync(worktree.path), false);
    const everything = gitIn(
      store.gitDir,
      `--git-dir=${store.gitDir}`,
      'log',
      '--all',
      '-p',
      '-m',
      '--root',
      '--format=',
    );
    for (const text of ['committed, then reverted', 'stashed', 'hidden'])
      assert.match(everything, new RegExp(`^\\+${text}$`, 'm'));
  });

  it('are removed without anything they link to', async () => {
    const fixture = gitFixture({ 'package.json': '{}', '.gitignore': 'node_modules/\n' });
    fixture.write('node_modules/x/index.js', 'x');
    const { worktrees, create } = await opened(fixture);
    const worktree = await create('t');
    mkdirSync(join(worktree.path, 'node_modules'));
    symlinkSync(join(fixture.root, 'node_modules/x'), join(worktree.path, 'node_modules/x'));
    expectOk(await worktrees.release('r'));
    assert.equal(existsSync(dirname(worktree.path)), false, 'nothing of the run stays');
    assert.equal(fixture.read('node_modules/x/index.js'), 'x');
  });

  it('take a snapshot of a folder without git, of what its ignore rules leave', async () => {
    const fixture = folderFixture({
      'a.txt': 'a\n',
      '.gitignore': 'out/\n',
      'out/o.txt': 'o',
      'node_modules/x/i.js': 'x',
    });
    mkdirSync(join(fixture.root, 'inner'));
    gitIn(join(fixture.root, 'inner'), 'init', '-q');
    fixture.write('inner/i.txt', 'i\n');
    const { base, create } = await opened(fixture);
    assert.equal(base.kind, 'snapshot');
    const worktree = await create('t');
    assert.deepEqual(readdirSync(worktree.path).sort(), ['.git', '.gitignore', 'a.txt', 'inner']);
    assert.equal(existsSync(join(fixture.root, '.git')), false);
  });

  it('are not made of a folder that is too large, and the failure says how large', async () => {
    const fixture = kept(
      folderFixture({ 'a.txt': 'a', 'b.txt': 'b', 'inner/c.txt': 'c', 'node_modules/x.js': 'x' }),
    );
    gitIn(join(fixture.root, 'inner'), 'init', '-q');
    const { store } = await openRealGit(fixture);
    const folder = { path: fixture.root, indexFile: join(fixture.state, 'no-index') };
    expectOk(await withinLimits(store, folder, { files: 3, megabytes: 1 }));
    const refused = await withinLimits(store, folder, { files: 2, megabytes: 1 });
    assert.ok(!refused.ok && refused.failure.kind === 'workspace-unusable');
    assert.match(refused.failure.message, /3 files, 1 MB; at most 2 files and 1 MB/);
  });

  it('are not stopped by locks that a killed git left behind', async () => {
    const { worktrees, create, store } = await opened(gitFixture({ 'a.txt': 'a\n' }));
    const worktree = await create('t');
    writeFileSync(join(worktree.path, 'a.txt'), 'b\n');
    writeFileSync(join(store.stateFolder, 'index/r/t.index.lock'), '');
    const { commit } = expectOk(await worktrees.commit('r', worktree, 'work'));
    writeFileSync(join(store.gitDir, 'refs/enterprise/runs/r/result.lock'), '');
    const tip = expectOk(await worktrees.integrate('r', 't', commit, 'work'));
    assert.deepEqual(expectOk(await worktrees.tip('r')), tip);
  }).timeout(15_000);

  it('are cancelled together with the preparation of their dependencies', async () => {
    const abort = new AbortController();
    const fixture = kept(gitFixture({ 'a.txt': 'a\n' }));
    const hydrate = (): Promise<string> => {
      abort.abort();
      return Promise.resolve('none: cancelled');
    };
    const { worktrees } = await openRealGit(fixture, fixture.root, hydrate);
    const { commit } = expectOk(await worktrees.base('r'));
    const cancelled = await worktrees.create('r', 't', commit, abort.signal);
    assert.ok(!cancelled.ok && cancelled.failure.kind === 'cancelled');
    assert.equal(expectOk(await worktrees.create('r', 't', commit)).dependencies, 'none: cancelled');
  });

  it('take a snapshot of a repository that has no commit yet', async () => {
    const fixture = gitFixture();
    fixture.write('a.txt', 'a\n');
    const { base, create } = await opened(fixture);
    assert.equal(base.kind, 'snapshot');
    assert.equal(readFileSync(join((await create('t')).path, 'a.txt'), 'utf8'), 'a\n');
    assert.equal(fixture.git('for-each-ref'), '');
  });

  it('work in a shallow clone', async () => {
    const origin = kept(gitFixture({ 'a.txt': 'a\n' }));
    origin.write('a.txt', 'b\n');
    origin.commit('second');
    const fixture = folderFixture();
    gitIn(fixture.root, 'clone', '-q', '--depth=1', `file://${origin.root}`, '.');
    const { worktrees, create } = await opened(fixture);
    const worktree = await create('t');
    assert.match(gitIn(worktree.path, 'log', '--oneline'), /second/);
    writeFileSync(join(worktree.path, 'a.txt'), 'c\n');
    const { commit } = expectOk(await worktrees.commit('r', worktree, 'work'));
    expectOk(await worktrees.integrate('r', 't', commit, 'work'));
  });

  it('have the line ends the person configured', async () => {
    const fixture = gitFixture({ 'a.txt': 'one\ntwo\n' });
    fixture.git('config', 'core.autocrlf', 'true');
    const { create, worktrees, base } = await opened(fixture);
    const worktree = await create('t');
    assert.equal(readFileSync(join(worktree.path, 'a.txt'), 'utf8'), 'one\r\ntwo\r\n');
    assert.deepEqual(expectOk(await worktrees.commit('r', worktree, 'none')).changed, []);
    assert.equal(
      Buffer.from(expectOk(await worktrees.fileAt(base.commit, 'a.txt')) ?? []).toString(),
      'one\r\ntwo\r\n',
    );
  });

  it('are created many at a time, all of them complete', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 200 }, (_, at) => [`d${at % 10}/f${at}.txt`, `${at}\n`]),
    );
    const { create } = await opened(gitFixture(files));
    const worktrees = await Promise.all(Array.from({ length: 12 }, (_, at) => create(`t${at}`)));
    for (const { path } of worktrees) {
      const status = await runProcess({ file: 'git', args: ['status', '--porcelain'], cwd: path });
      assert.equal(status.stdout + status.stderr, '');
      assert.equal(readFileSync(join(path, 'd9/f199.txt'), 'utf8'), '199\n');
    }
  }).timeout(20_000);
});
