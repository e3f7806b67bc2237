import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkspace } from '../../../../src/adapters/workspace/createWorkspace';
import { repositoryFacts } from '../../../../src/adapters/git/repositoryFacts';
import { canaryScript, gitFixture, gitIn, type GitFixture } from '../../../support/gitFixture';
import { expectOk, openRealGit } from '../../../support/realGit';

const hooks = [
  'post-checkout',
  'post-index-change',
  'reference-transaction',
  'pre-commit',
  'post-commit',
  'post-merge',
  'pre-auto-gc',
  'fsmonitor-watchman',
];
const attributes = ['* filter=evil diff=evil merge=evil', '*.eq filter=a=b', ''].join('\n');

/** Everything git is known to execute because a configuration, an attribute or a hook names it. */
function arm(folder: string, script: string): void {
  const gitDir = gitIn(folder, 'rev-parse', '--absolute-git-dir').trim();
  for (const hook of hooks) canaryScript(join(gitDir, 'hooks', hook), script.replace(/script$/, 'canary'));
  const settings: Record<string, string> = {
    'core.fsmonitor': script,
    'core.pager': script,
    'core.editor': script,
    'core.sshCommand': script,
    'core.alternateRefsCommand': script,
    'gpg.program': script,
    'commit.gpgSign': 'true',
    'diff.external': script,
    'diff.evil.textconv': script,
    'diff.evil.command': script,
    'merge.evil.driver': `${script} %O %A %B`,
    'filter.evil.clean': script,
    'filter.evil.smudge': script,
    'filter.evil.required': 'true',
    'filter.a=b.clean': script,
    'filter.a=b.smudge': script,
    'filter.a=b.process': script,
    'core.logAllRefUpdates': 'always',
  };
  for (const [key, value] of Object.entries(settings)) {
    const at = key.lastIndexOf('.');
    gitIn(
      folder,
      'config',
      '--file',
      join(gitDir, 'config'),
      `${key.slice(0, at)}.${key.slice(at + 1)}`,
      value,
    );
  }
}

describe('a repository and an agent that want to run code through git', () => {
  let fixture: GitFixture;
  let canary: string;
  let script: string;

  beforeEach(() => {
    fixture = gitFixture({ 'a.txt': 'a\n', 'b.txt': 'b\n', 'x.eq': 'x\n', '.gitattributes': attributes });
    canary = join(fixture.state, '..', 'canary');
    script = join(fixture.state, '..', 'script');
    canaryScript(script, canary);
    arm(fixture.root, script);
    writeFileSync(canary, '');
  });
  afterEach(() => {
    fixture.remove();
  });

  const ran = () => readFileSync(canary, 'utf8');

  it('are set up in a way that plain git falls for', () => {
    fixture.write('a.txt', 'changed\n');
    gitIn(fixture.root, 'add', '-A');
    assert.notEqual(ran(), '');
  });

  it('see none of it run in any action of the engine', async () => {
    const before = fixture.fingerprint();
    // Touched without a change: git must look into the file, which is when a clean filter would run.
    fixture.write('b.txt', 'b\n');
    const { worktrees, delivery, store } = await openRealGit(fixture);
    const base = expectOk(await worktrees.base('r'));
    expectOk(await repositoryFacts(store, base.commit));
    const one = expectOk(await worktrees.create('r', 'one', base.commit));
    const two = expectOk(await worktrees.create('r', 'two', base.commit));
    for (const worktree of [one, two]) arm(worktree.path, script);
    writeFileSync(canary, '');
    writeFileSync(join(one.path, 'a.txt'), 'one\n');
    writeFileSync(join(one.path, 'x.eq'), 'one\n');
    writeFileSync(join(two.path, 'new.txt'), 'two\n');
    writeFileSync(join(two.path, '.gitattributes'), `${attributes}new.txt filter=evil\n`);
    const first = expectOk(await worktrees.commit('r', one, 'one'));
    const second = expectOk(await worktrees.commit('r', two, 'two'));
    expectOk(await worktrees.integrate('r', 'one', first.commit, 'one'));
    const tip = expectOk(await worktrees.integrate('r', 'two', second.commit, 'two'));
    writeFileSync(join(one.path, 'b.txt'), 'gate\n');
    expectOk(await worktrees.restore(one, first));
    expectOk(await worktrees.changes(base.commit, tip.commit));
    expectOk(await worktrees.diff(base.commit, tip.commit, 10_000));
    expectOk(await worktrees.fileAt(tip.commit, 'a.txt'));
    expectOk(await worktrees.rewind('r', two));
    const workspace = createWorkspace({ root: fixture.root, store: delivery });
    expectOk(await workspace.check(base.commit, tip.commit));
    expectOk(await workspace.deliver('r', base.commit, tip.commit));
    assert.equal(fixture.read('x.eq'), 'one\n');
    expectOk(await workspace.undo('r', base.commit, tip.commit));
    assert.deepEqual(expectOk(await worktrees.release('r')), { kept: [] });
    expectOk(await (await openRealGit(fixture)).worktrees.base('r'));
    assert.equal(ran(), '');
    // The fingerprint itself runs plain git, so it comes after the canary.
    assert.equal(fixture.fingerprint(), before);
  }).timeout(30_000);

  it('gain nothing by rewriting the .git of a worktree', async () => {
    const { worktrees } = await openRealGit(fixture);
    const base = expectOk(await worktrees.base('r'));
    const worktree = expectOk(await worktrees.create('r', 'one', base.commit));
    gitIn(worktree.path, 'init', '-q', '--bare', join(worktree.path, 'inner.git'));
    arm(join(worktree.path, 'inner.git'), script);
    gitIn(worktree.path, 'init', '-q', 'nested');
    arm(join(worktree.path, 'nested'), script);
    writeFileSync(join(worktree.path, 'nested/n.txt'), 'n\n');
    writeFileSync(canary, '');
    const committed = expectOk(await worktrees.commit('r', worktree, 'work'));
    assert.ok(committed.changed.includes('nested/n.txt'));
    expectOk(await worktrees.release('r'));
    assert.equal(ran(), '');
  });

  it('cannot make the engine write through a link to the outside', async () => {
    const outside = join(fixture.state, '..', 'outside');
    mkdirSync(outside);
    const { worktrees, delivery } = await openRealGit(fixture);
    const base = expectOk(await worktrees.base('r'));
    const worktree = expectOk(await worktrees.create('r', 'one', base.commit));
    mkdirSync(join(worktree.path, 'out'));
    writeFileSync(join(worktree.path, 'out/evil.txt'), 'evil\n');
    const { commit } = expectOk(await worktrees.commit('r', worktree, 'work'));
    symlinkSync(outside, join(fixture.root, 'out'));
    const refused = await createWorkspace({ root: fixture.root, store: delivery }).deliver(
      'r',
      base.commit,
      commit,
    );
    assert.ok(!refused.ok && refused.failure.kind === 'delivery-refused');
    assert.match(refused.failure.message, /"out\/evil.txt": out is a link/);
    assert.equal(existsSync(join(outside, 'evil.txt')), false);
  });
});
