import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createFakeWorktrees } from '../support/fakeWorktrees';
import { folderFixture, gitFixture, type GitFixture } from '../support/gitFixture';
import { openRealGit } from '../support/realGit';
import { contractFiles, worktreesContract, type WorktreesHarness } from './worktrees.contract';

async function openReal(fixture: GitFixture): Promise<WorktreesHarness> {
  const open = async () => (await openRealGit(fixture)).worktrees;
  return {
    worktrees: await open(),
    reopen: open,
    write: async (worktree, path, text) => {
      await mkdir(dirname(join(worktree.path, path)), { recursive: true });
      await writeFile(join(worktree.path, path), text);
    },
    remove: (worktree, path) => rm(join(worktree.path, path)),
    read: (worktree, path) => readFile(join(worktree.path, path), 'utf8').catch(() => undefined),
    close: () => {
      fixture.remove();
      return Promise.resolve();
    },
  };
}

worktreesContract('in memory', () => {
  const fake = createFakeWorktrees(contractFiles, { ignored: (path) => path.startsWith('ignored/') });
  return Promise.resolve({
    ...fake,
    reopen: () => Promise.resolve(fake.worktrees),
    close: () => Promise.resolve(),
  });
});
worktreesContract('over a git repository', () => openReal(gitFixture(contractFiles)));
worktreesContract('over a folder without git', () => openReal(folderFixture(contractFiles)));
