import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findGit } from '../../../../src/adapters/git/gitProgram';
import { locateRepository, type Repository } from '../../../../src/adapters/git/repository';
import { createGit } from '../../../../src/adapters/git/runGit';
import type { Failure } from '../../../../src/core/model/failure';
import type { Result } from '../../../../src/base/result';
import { folderFixture, gitFixture, gitIn, type GitFixture } from '../../../support/gitFixture';
import { expectOk } from '../../../support/realGit';

describe('finding the repository of a folder', () => {
  let fixture: GitFixture;
  afterEach(() => {
    fixture.remove();
  });

  async function locate(folder: string): Promise<Result<Repository, Failure>> {
    return locateRepository(createGit(expectOk(await findGit([]))), folder);
  }

  it('gives the top folder for a folder inside a repository', async () => {
    fixture = gitFixture({ 'packages/a/package.json': '{}' });
    const repository = expectOk(await locate(join(fixture.root, 'packages/a')));
    assert.equal(repository.kind, 'git');
    assert.equal(repository.root, realpathSync(fixture.root));
  });

  it('takes a folder for itself where it is in no repository, or in one that ignores it', async () => {
    fixture = folderFixture({ 'a.txt': 'a' });
    assert.deepEqual(expectOk(await locate(fixture.root)), { kind: 'folder', root: fixture.root });
    fixture.remove();
    fixture = gitFixture({ '.gitignore': 'build/\n' });
    fixture.write('build/a.txt', 'a');
    const inside = join(fixture.root, 'build');
    assert.deepEqual(expectOk(await locate(inside)), { kind: 'folder', root: inside });
  });

  it('names a folder that does not exist, and a bare repository', async () => {
    fixture = folderFixture();
    const missing = await locate(join(fixture.root, 'missing'));
    assert.ok(!missing.ok && missing.failure.kind === 'workspace-unusable');
    assert.match(missing.failure.message, /is not a folder/);
    gitIn(fixture.root, 'init', '-q', '--bare', 'bare.git');
    const bare = await locate(join(fixture.root, 'bare.git'));
    assert.ok(!bare.ok && bare.failure.kind === 'workspace-unusable');
    assert.match(bare.failure.message, /is a bare repository/);
  });

  it('gives the linked worktree and the common folder of a repository with several', async () => {
    fixture = gitFixture({ 'a.txt': 'a\n' });
    const linked = join(fixture.state, 'linked');
    fixture.git('worktree', 'add', '-q', linked);
    const repository = expectOk(await locate(linked));
    assert.ok(repository.kind === 'git');
    assert.equal(repository.root, linked);
    assert.equal(repository.commonDir, join(fixture.root, '.git'));
  });
});

describe('finding git', () => {
  let fixture: GitFixture;
  const path = process.env['PATH'] ?? '';
  beforeEach(() => {
    fixture = folderFixture();
  });
  afterEach(() => {
    process.env['PATH'] = path;
    fixture.remove();
  });

  function fakeGit(folder: string, answer: string): string {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'git'), `#!/bin/sh\necho "${answer}"\n`);
    chmodSync(join(folder, 'git'), 0o755);
    return folder;
  }

  it('passes over a git that the workspace brings along', async () => {
    const planted = fakeGit(join(fixture.root, 'bin'), 'git version 9.9.9');
    process.env['PATH'] = [planted, '.', path].join(delimiter);
    assert.notEqual(expectOk(await findGit([fixture.root])).version, '9.9.9');
    assert.equal(expectOk(await findGit([])).version, '9.9.9');
  });

  it('names a git that is too old, and one that is missing', async () => {
    process.env['PATH'] = fakeGit(join(fixture.root, 'old'), 'git version 2.37.1');
    const old = await findGit([]);
    assert.ok(!old.ok && old.failure.kind === 'git-failed');
    assert.match(old.failure.message, /Git 2\.37\.1 .* is too old/);
    process.env['PATH'] = join(fixture.root, 'empty');
    const missing = await findGit([]);
    assert.ok(!missing.ok);
    assert.match(missing.failure.remedy ?? '', /Install git 2\.38/);
  });
});
