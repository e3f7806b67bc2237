import assert from 'node:assert/strict';
import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPolicy } from '../../../../src/adapters/policy/policy';
import { policyTree, type PolicyTree } from '../../../support/policyTree';

const long = 'a/'.repeat(5000);

/** What becomes of a write, by the path as an agent gives it. The tree is described at `policyTree`. */
const written: Readonly<Record<string, readonly string[]>> = {
  'allow: inside the worktree': [
    ...['src/a.ts', 'src/new/deep/a.ts', './src//./a.ts', 'src/../README.md', 'later', 'deep/back/src/a.ts'],
    ...['.gitignore', 'src/git', 'x.git', '.github/ISSUE_TEMPLATE.md', 'vscode', 'claude.ts', 'README.md/x'],
    ...['file with blank', '-rf', 'src/日本.md', '...', '.enterprises/x', 'src/mcp.json', '~'],
  ],
  'deny: outside the worktree': [
    ...[
      '..',
      '../outside.txt',
      '../new',
      'src/../../outside.txt',
      '/',
      '/etc/passwd',
      '/tmp/x',
      '//etc/passwd',
    ],
    ...['out', 'out/outside.txt', 'out/new', 'secret.txt', 'nowhere', 'nowhere/x', 'loop', 'loop/x'],
    ...['deep/back/../outside.txt', 'linked/leads-out', 'missing/../README.md', 'src/missing/../../../x'],
    ...[
      '/proc/self/cwd/src/a.ts',
      '/dev/null',
      'src/\0a',
      long,
      'hooks/../../../outside.txt',
      'hooks/../config',
    ],
  ],
  'deny: git’s own files': [
    ...[
      '.git',
      '.git/config',
      '.git/hooks/pre-commit',
      '.GIT/config',
      '.Git',
      'src/.git',
      'src/.gIt/hooks/x',
    ],
    ...['hooks', 'hooks/pre-commit', '.git.', '.git ', '.git . ', 'GIT~1/config'],
    ...[
      '．git/config',
      '.git\u200d/config',
      '.g\u200cit',
      '.git::$INDEX_ALLOCATION/x',
      './.git/',
      'src/../.git/x',
    ],
  ],
  'ask: the engine’s configuration': [
    '.enterprise/config.json',
    '.enterprise',
    '.Enterprise/workflows/x.yaml',
    'src/.enterprise/x',
  ],
  'ask: agents and their tools': [
    ...[
      '.claude/agents/a.md',
      '.claude/settings.json',
      '.CLAUDE/x',
      '.claude./x',
      '.github/agents/a.agent.md',
    ],
    ...['.github/Agents/new/deep.md', '.mcp.json', '.MCP.json', 'src/.mcp.json', 'deep/back/.mcp.json'],
  ],
  'ask: what agents are told': [
    'AGENTS.md',
    'src/CLAUDE.md',
    '.github/copilot-instructions.md',
    '.cursor/rules/x',
  ],
  'ask: settings that run programs': [
    ...['.vscode/settings.json', '.vscode/tasks.json', '.VSCODE/mcp.json', '.devcontainer/devcontainer.json'],
    ...['.husky/pre-commit', 'a.code-workspace', '.idea/x.xml', 'src/.vscode/launch.json'],
  ],
  'ask: what git runs': [
    '.gitattributes',
    'src/.gitattributes',
    '.gitmodules',
    'lefthook.yml',
    '.pre-commit-config.yaml',
  ],
  'ask: what build machines run': [
    ...[
      '.github/workflows/ci.yml',
      '.github/workflows/new.yml',
      'pipeline.yml',
      '.gitlab-ci.yml',
      'Jenkinsfile',
    ],
    ...['.circleci/config.yml', 'azure-pipelines.yml', '.ci/run', '.github/actions/x/action.yml'],
  ],
  'ask: what runs before a program': ['.npmrc', 'src/.npmrc', '.envrc', '.yarnrc.yml'],
  'ask: programs that commands run': ['node_modules/.bin/tsc', 'src/node_modules/.bin/x'],
};

describe('paths', () => {
  const policy = createPolicy({ rules: {} });
  let tree: PolicyTree;
  before(async () => (tree = await policyTree()));
  after(() => tree.remove());
  const decided = async (kind: 'read' | 'write', path: string) => {
    const decision = await policy.decide({ kind, root: tree.root, path });
    return `${decision.decision}: ${decision.rule}`;
  };

  for (const [expected, paths] of Object.entries(written)) {
    describe(`${expected}, when an agent writes`, () => {
      for (const path of paths) {
        it(JSON.stringify(path.slice(0, 60)), async () =>
          assert.equal(await decided('write', path), expected),
        );
      }
    });
    if (!expected.startsWith('deny')) continue;
    describe(`${expected}, when an agent reads`, () => {
      for (const path of paths) {
        it(JSON.stringify(path.slice(0, 60)), async () =>
          assert.equal(await decided('read', path), expected),
        );
      }
    });
  }

  it('are read without a question where writing asks', async () => {
    for (const path of ['.vscode/settings.json', '.mcp.json', 'AGENTS.md', '.github/workflows/ci.yml'])
      assert.equal(await decided('read', path), 'allow: inside the worktree');
  });

  it('are judged by where a link leads now, not where it led before', async () => {
    await writeFile(join(tree.root, 'turns'), 'x');
    assert.equal(await decided('write', 'turns'), 'allow: inside the worktree');
    await rm(join(tree.root, 'turns'));
    await symlink('../outside.txt', join(tree.root, 'turns'));
    assert.equal(await decided('write', 'turns'), 'deny: outside the worktree');
  });

  it('work for a root that is itself reached through a link', async () => {
    const alias = `${tree.root}-alias`;
    await symlink(tree.root, alias);
    const decisions = [
      await policy.decide({ kind: 'write', root: alias, path: 'src/a' }),
      await policy.decide({ kind: 'write', root: alias, path: '../outside.txt' }),
    ];
    await rm(alias);
    assert.deepEqual(
      decisions.map(({ decision }) => decision),
      ['allow', 'deny'],
    );
  });
});
