import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createWorktrees } from '../../src/adapters/git/createWorktrees';
import { findGit } from '../../src/adapters/git/gitProgram';
import { locateRepository } from '../../src/adapters/git/repository';
import { createGit } from '../../src/adapters/git/runGit';
import { openStore } from '../../src/adapters/git/store';
import { createFakeWorktrees } from '../support/fakeWorktrees';
import { folderFixture, gitFixture, type GitFixture } from '../support/gitFixture';
import { contractFiles, value, worktreesContract, type WorktreesHarness } from './worktrees.contract';

async function openReal(fixture: GitFixture): Promise<WorktreesHarness> {
  const git = createGit(value(await findGit([fixture.root])));
  const open = async () => {
    const store = await openStore(git, fixture.state, value(await locateRepository(git, fixture.root)));
    return createWorktrees({ git, store, hydrate: () => Promise.resolve('none: nothing to install') });
  };
  return {
    worktrees: await open(),
    reopen: open,
    write: async (worktree, path, text) => {
      await mkdir(dirname(join(worktree.path, path)), { recursive: true });
      await writeFile(join(worktree.path, path), text);
    },
    remove: (worktree, path) => rm(join(worktree.path, path)),
    read: (worktree, path) => readFile(join(worktree.path, path), 'utf8').catch(() => undefined),
    close: () => Promise.resolve(fixture.remove()),
  };
}

worktreesContract('in memory', () => {
  const fake = createFakeWorktrees(contractFiles, { ignored: (path) => path.startsWith('ignored/') });
  return Promise.resolve({ ...fake, reopen: () => Promise.resolve(fake.worktrees), close: () => Promise.resolve() });
});
worktreesContract('over a git repository', () => openReal(gitFixture(contractFiles)));
worktreesContract('over a folder without git', () => openReal(folderFixture(contractFiles)));
