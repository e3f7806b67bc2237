import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPolicy } from '../../../../src/adapters/policy/policy';

describe('paths', () => {
  const policy = createPolicy({ rules: {} });
  let root: string;
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'paths-')));
    await mkdir(join(root, 'src'));
    await writeFile(join(root, '.git'), 'gitdir: elsewhere');
  });
  afterEach(() => rm(root, { recursive: true }));

  const decided = async (kind: 'read' | 'write', path: string) => {
    const decision = await policy.decide({ kind, root, path });
    return `${decision.decision}: ${decision.rule}`;
  };

  it('follows a link inside the worktree to what it means', async () => {
    await symlink('../.git', join(root, 'src', 'innocent'));
    assert.equal(await decided('write', 'src/innocent'), 'deny: git’s own files');
  });

  it('denies to write through a link that leads nowhere', async () => {
    await symlink('/nowhere/at/all', join(root, 'dangling'));
    assert.equal(await decided('write', 'dangling'), 'deny: outside the worktree');
    await symlink('round', join(root, 'round'));
    assert.equal(await decided('write', 'round/x'), 'deny: outside the worktree');
  });

  it('knows git’s files at any depth and in any case of letters', async () => {
    assert.equal(await decided('write', 'src/.GIT/hooks/post-checkout'), 'deny: git’s own files');
    assert.equal(await decided('write', '.gitignore'), 'allow: inside the worktree');
  });

  const guarded = [
    '.enterprise/config.json',
    '.claude/agents/a.md',
    '.github/agents/a.md',
    '.mcp.json',
    '.vscode/tasks.json',
    '.husky/pre-commit',
  ];
  for (const path of guarded) {
    it(`asks before ${path} is written, and lets it be read`, async () => {
      assert.match(await decided('write', path), /^ask: /);
      assert.match(await decided('read', path), /^allow: /);
    });
  }

  it('works for a file that stands where a folder is named', async () => {
    await writeFile(join(root, 'file'), '');
    assert.equal(await decided('write', 'file/x'), 'allow: inside the worktree');
  });

  it('takes a root that is itself reached through a link', async () => {
    const alias = `${root}-alias`;
    await symlink(root, alias);
    const decision = await policy.decide({ kind: 'write', root: alias, path: 'src/a' });
    await rm(alias);
    assert.equal(decision.decision, 'allow');
  });
});
