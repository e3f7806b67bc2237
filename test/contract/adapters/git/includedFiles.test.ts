import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { includedFiles, includeLimits } from '../../../../src/adapters/git/includedFiles';
import { copyIncluded } from '../../../../src/adapters/workspace/copyIncluded';
import { ok } from '../../../../src/base/result';
import { gitFixture, gitIn, type GitFixture } from '../../../support/gitFixture';
import { expectOk, openRealGit } from '../../../support/realGit';

describe('.worktreeinclude', () => {
  const fixtures: GitFixture[] = [];
  afterEach(() => {
    for (const fixture of fixtures.splice(0)) fixture.remove();
  });

  const ignore = '.env*\nconfig/local/\n*.log\nnode_modules\n';
  async function opened(patterns: string, files: Record<string, string | Uint8Array> = {}) {
    const fixture = gitFixture({ '.gitignore': ignore, '.worktreeinclude': patterns, 'a.txt': 'a\n' });
    fixtures.push(fixture);
    for (const [path, content] of Object.entries(files)) fixture.write(path, content);
    const real = await openRealGit(fixture);
    const base = expectOk(await real.worktrees.base('r'));
    const found = async () => expectOk(await includedFiles(real.git, real.store, base.commit));
    const create = async (id: string) => {
      const { included } = await found();
      return expectOk(
        await real.worktrees.create('r', id, base.commit, undefined, async ({ path }) => {
          const { copied, leftOut } = await copyIncluded(included, fixture.root, path);
          return ok({ included: copied, notes: [`copied ${copied.join()}`, ...leftOut] });
        }),
      );
    };
    return { ...real, fixture, base, found, create };
  }

  it('of the base commit names files that git ignores, with their sizes, and no others', async () => {
    const { found, fixture } = await opened('.env*\n!.env.example\n/config/\na.txt\nuntracked\n', {
      '.env': 'KEY=1\n',
      '.env.example': 'KEY=\n',
      'sub/.env.test': 'x',
      'config/local/db.json': '{}',
      'node_modules/x/.env': 'x',
      untracked: 'git does not ignore this one',
      'out.log': 'ignored, and not named',
    });
    fixture.git('add', '-f', 'sub/.env.test');
    fixture.write('.worktreeinclude', '*.log\n');
    assert.deepEqual(await found(), {
      included: [
        { path: '.env', bytes: 6 },
        { path: 'config/local/db.json', bytes: 2 },
      ],
      leftOut: [],
    });
  });

  it('leaves out links, what is too large and what is too many, by name', async () => {
    const many = Object.fromEntries(
      Array.from({ length: includeLimits.files }, (_, at) => [`config/local/${at}`, 'x']),
    );
    const { found, fixture } = await opened('.env*\nconfig\n', {
      ...many,
      '.env.big': Buffer.alloc(includeLimits.bytes + 1),
    });
    symlinkSync('/etc/passwd', join(fixture.root, '.env.link'));
    const { included, leftOut } = await found();
    assert.equal(included.length, includeLimits.files);
    assert.deepEqual(leftOut, [
      '.env.big: all together may have 1 MB',
      '.env.link: it is a link or no regular file',
    ]);
    fixture.write('config/local/zz', 'x');
    assert.deepEqual((await found()).leftOut.at(-1), '1 more: at most 100 files are copied');
  });

  it('brings them into a worktree once, with their modes, and says so', async () => {
    const { create, fixture } = await opened('.env\n', { '.env': 'KEY=1\n' });
    const worktree = await create('t');
    assert.equal(readFileSync(join(worktree.path, '.env'), 'utf8'), 'KEY=1\n');
    assert.match(worktree.dependencies, /; copied \.env$/);
    writeFileSync(join(worktree.path, '.env'), 'changed by the agent\n');
    fixture.write('.env', 'KEY=2\n');
    assert.equal((await create('t')).dependencies, worktree.dependencies);
    assert.equal(readFileSync(join(worktree.path, '.env'), 'utf8'), 'changed by the agent\n');
  });

  it('never brings them into a commit, whatever an agent does to ignore rules, index or folders', async () => {
    const { create, worktrees, store } = await opened('.env\nconfig\n', {
      '.env': 'S3CRET\n',
      'config/local/k': 'S3CRET\n',
    });
    const worktree = await create('t');
    const { path } = worktree;
    writeFileSync(join(path, '.gitignore'), '# nothing\n');
    writeFileSync(join(path, 'b.txt'), 'b\n');
    gitIn(join(path, 'config'), 'init', '-q');
    gitIn(path, 'add', '-f', '.env');
    const committed = expectOk(await worktrees.commit('r', worktree, 'work'));
    assert.deepEqual(committed.changed, ['.gitignore', 'b.txt']);
    expectOk(await worktrees.rewind('r', worktree));
    assert.equal(readFileSync(join(path, '.env'), 'utf8'), 'S3CRET\n');
    writeFileSync(join(path, '.gitignore'), '# nothing, again\n');
    expectOk(await worktrees.release('r'));
    assert.ok(!existsSync(path));
    const trees = gitIn(store.gitDir, 'log', '--all', '--name-only', '--format=');
    assert.match(trees, /b\.txt/);
    assert.doesNotMatch(trees, /\.env|local/);
  });

  it('is without effect where a plan was not approved yet; the same worktree gets them afterwards', async () => {
    const { create, worktrees, base } = await opened('.env\n', { '.env': 'KEY=1\n' });
    const before = expectOk(await worktrees.create('r', 'base', base.commit));
    assert.ok(!existsSync(join(before.path, '.env')));
    const after = await create('base');
    assert.equal(after.path, before.path);
    assert.equal(readFileSync(join(after.path, '.env'), 'utf8'), 'KEY=1\n');
  });

  it('writes through no link and replaces nothing of the repository', async () => {
    const { fixture } = await opened('', { 'config/local/k': 'mine', '.env': 'mine' });
    const target = join(fixture.state, 'tree');
    const outside = join(fixture.state, 'outside');
    mkdirSync(target);
    mkdirSync(outside);
    symlinkSync(outside, join(target, 'config'));
    writeFileSync(join(target, '.env'), 'theirs');
    const files = ['config/local/k', '.env'].map((path) => ({ path, bytes: 4 }));
    const { copied, leftOut } = await copyIncluded(files, fixture.root, target);
    assert.deepEqual(copied, []);
    assert.deepEqual(leftOut, [
      'config/local/k (a folder on its way is a link in the worktree)',
      '.env (the repository has one of its own)',
    ]);
    assert.ok(!existsSync(join(outside, 'local')));
    symlinkSync(join(fixture.root, '.env'), join(fixture.root, '.env.link'));
    const linked = await copyIncluded([{ path: '.env.link', bytes: 4 }], fixture.root, target);
    assert.deepEqual(linked.copied, []);
    assert.throws(() => lstatSync(join(target, '.env.link')));
  });
});
