import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createWorkspace } from '../../src/adapters/workspace/createWorkspace';
import { createFakeRepository } from '../support/fakeRepository';
import { createFakeWorkspace } from '../support/fakeWorkspace';
import { folderFixture, gitFixture, type GitFixture } from '../support/gitFixture';
import { openRealGit } from '../support/realGit';
import { workspaceContract, type WorkspaceHarness } from './workspace.contract';
import { contractFiles, value } from './worktrees.contract';

async function openReal(fixture: GitFixture): Promise<WorkspaceHarness> {
  const { worktrees, delivery } = await openRealGit(fixture);
  const base = value(await worktrees.base('run-1')).commit;
  const unsaved: string[] = [];
  const open = () =>
    createWorkspace({ root: fixture.root, store: delivery, unsavedPaths: () => Promise.resolve(unsaved) });
  return {
    workspace: open(),
    base,
    reopen: () => Promise.resolve(open()),
    commit: async (files) => {
      const worktree = value(await worktrees.create('run-1', 'task', base));
      for (const [path, text] of Object.entries(files)) {
        const file = join(worktree.path, path);
        await mkdir(dirname(file), { recursive: true });
        await (text === undefined ? rm(file) : writeFile(file, text));
      }
      return value(await worktrees.commit('run-1', worktree, 'work')).commit;
    },
    write: async (path, text) => {
      await mkdir(dirname(join(fixture.root, path)), { recursive: true });
      await writeFile(join(fixture.root, path), text);
    },
    read: (path) => readFile(join(fixture.root, path), 'utf8').catch(() => undefined),
    edit: (path) => unsaved.push(join(fixture.root, path)),
    close: () => {
      fixture.remove();
      return Promise.resolve();
    },
  };
}

workspaceContract('in memory', () => {
  const repository = createFakeRepository(contractFiles);
  const { workspace, files, unsaved } = createFakeWorkspace(repository);
  return Promise.resolve({
    workspace,
    base: repository.base.commit,
    reopen: () => Promise.resolve(workspace),
    commit: (changes: Record<string, string | undefined>) => {
      const next = new Map(repository.base.files);
      for (const [path, text] of Object.entries(changes)) {
        if (text === undefined) next.delete(path);
        else next.set(path, text);
      }
      return Promise.resolve(repository.commit(next, [repository.base.commit], 'work').commit);
    },
    write: (path: string, text: string) => Promise.resolve(void files.set(path, text)),
    read: (path: string) => Promise.resolve(files.get(path)),
    edit: (path: string) => unsaved.add(path),
    close: () => Promise.resolve(),
  });
});
workspaceContract('a checkout of a git repository', () => openReal(gitFixture(contractFiles)));
workspaceContract('a folder without git', () => openReal(folderFixture(contractFiles)));
