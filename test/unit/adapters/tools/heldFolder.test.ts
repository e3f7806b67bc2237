import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readText, removeFile, writeText } from '../../../../src/adapters/tools/textFile';
import { resolveInWorktree, type WorktreePath } from '../../../../src/adapters/tools/worktreePath';

describe('a folder that became a link after its path was resolved', () => {
  let folder: string;
  let root: string;
  beforeEach(async function () {
    if (!existsSync('/proc/self/fd')) this.skip();
    folder = await realpath(await mkdtemp(join(tmpdir(), 'held-folder-')));
    root = join(folder, 'tree');
    await mkdir(join(root, 'a/b'), { recursive: true });
    await mkdir(join(folder, 'outside'));
    await writeFile(join(folder, 'outside/file.txt'), 'theirs');
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function swapped(path: string): Promise<WorktreePath> {
    const resolved = await resolveInWorktree(root, path);
    assert.ok(resolved.ok);
    await rename(join(root, 'a/b'), join(root, 'a/old'));
    await symlink(join(folder, 'outside'), join(root, 'a/b'));
    return resolved.value;
  }
  const leadsNowhere = { code: 'ENOTDIR' };

  it('lets nothing be read through it', async () => {
    await writeFile(join(root, 'a/b/file.txt'), 'ours');
    await assert.rejects(readText(await swapped('a/b/file.txt')), leadsNowhere);
  });

  it('lets nothing be written through it', async () => {
    await assert.rejects(writeText(await swapped('a/b/file.txt'), 'new'), leadsNowhere);
    await assert.rejects(writeText(await swappedAgain('a/b/sub/new.txt'), 'new'), leadsNowhere);
    assert.deepEqual(await readdir(join(folder, 'outside')), ['file.txt']);
    assert.equal(await readFile(join(folder, 'outside/file.txt'), 'utf8'), 'theirs');
  });

  it('lets nothing be removed through it', async () => {
    await assert.rejects(removeFile(await swapped('a/b/file.txt')), leadsNowhere);
    assert.deepEqual(await readdir(join(folder, 'outside')), ['file.txt']);
  });

  it('stands in nobody’s way before', async () => {
    const resolved = await resolveInWorktree(root, 'a/new/deep.txt');
    assert.ok(resolved.ok);
    await writeText(resolved.value, 'text');
    const read = await readText(resolved.value);
    assert.ok(read !== 'missing' && read.ok);
    assert.equal(read.value.text, 'text');
    await removeFile(resolved.value);
    assert.deepEqual(await readdir(join(root, 'a/new')), []);
  });

  /** The link is there already: only the path is of before. */
  function swappedAgain(relative: string): Promise<WorktreePath> {
    return Promise.resolve({ absolute: join(root, relative), relative });
  }
});
