import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createHydrate } from '../../../../src/adapters/workspace/hydrate';
import { runProcess } from '../../../../src/adapters/process/run';
import { folderFixture, type GitFixture } from '../../../support/gitFixture';

describe('dependencies of a worktree', () => {
  let fixture: GitFixture;
  let worktree: string;
  let hydrate: (signal?: AbortSignal) => Promise<string>;

  beforeEach(() => {
    fixture = folderFixture();
    worktree = join(fixture.state, 'worktree');
    mkdirSync(worktree);
    const run = createHydrate(join(fixture.state, 'dependencies'));
    hydrate = (signal) => run(worktree, fixture.root, signal);
  });
  afterEach(() => {
    fixture.remove();
  });

  function write(root: string, path: string, text: string): void {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }

  function inBoth(path: string, text: string): void {
    write(worktree, path, text);
    write(fixture.root, path, text);
  }

  function bytesOf(root: string): string[] {
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => (lstatSync(file).isFile() ? `${file} ${readFileSync(file, 'utf8')}` : file))
      .sort();
  }

  it('are linked one by one, scopes and programs included, caches and notes of tools not', async () => {
    inBoth('package.json', '{}');
    write(fixture.root, 'node_modules/plain/index.js', 'module.exports = "plain"');
    write(
      fixture.root,
      'node_modules/@scope/part/index.js',
      'module.exports = require("plain") + " in scope"',
    );
    write(
      fixture.root,
      'node_modules/plain/cli.js',
      '#!/usr/bin/env node\nconsole.log(require("./index.js"))',
    );
    write(fixture.root, 'node_modules/.cache/x', 'cache');
    write(fixture.root, 'node_modules/.vite/x', 'cache');
    write(fixture.root, 'node_modules/.package-lock.json', '{}');
    mkdirSync(join(fixture.root, 'node_modules/.bin'));
    symlinkSync('../plain/cli.js', join(fixture.root, 'node_modules/.bin/plain'));
    const before = bytesOf(fixture.root);
    assert.equal(await hydrate(), "linked: 2 packages of the workspace's node_modules in 1 folder");
    assert.deepEqual(readdirSync(join(worktree, 'node_modules')).sort(), ['.bin', '@scope', 'plain']);
    assert.equal(
      readlinkSync(join(worktree, 'node_modules/plain')),
      join(fixture.root, 'node_modules/plain'),
    );
    assert.equal(createRequire(join(worktree, 'x.js'))('@scope/part'), 'plain in scope');
    const program = await runProcess({
      file: process.execPath,
      args: ['node_modules/.bin/plain'],
      cwd: worktree,
    });
    assert.equal(program.stdout, 'plain\n');
    write(worktree, 'node_modules/.cache/y', 'mine');
    assert.deepEqual(bytesOf(fixture.root), before);
  });

  it('bring the notes of yarn, which runs no script without them', async () => {
    inBoth('package.json', '{}');
    write(fixture.root, 'node_modules/plain/index.js', '');
    write(fixture.root, 'node_modules/.yarn-state.yml', '__metadata:\n  version: 1\n');
    await hydrate();
    const copy = join(worktree, 'node_modules/.yarn-state.yml');
    assert.equal(lstatSync(copy).isFile(), true);
    assert.equal(readFileSync(copy, 'utf8'), '__metadata:\n  version: 1\n');
  });

  it('lead packages of the repository itself to the worktree, where they may be changed', async () => {
    inBoth('package.json', '{"workspaces": ["packages/*"]}');
    inBoth('packages/own/package.json', '{"main": "index.js"}');
    write(fixture.root, 'packages/own/index.js', 'module.exports = "of the person"');
    write(worktree, 'packages/own/index.js', 'module.exports = "of the worktree"');
    write(fixture.root, 'packages/own/node_modules/nested/index.js', 'module.exports = "nested"');
    mkdirSync(join(fixture.root, 'node_modules/@mono'), { recursive: true });
    symlinkSync('../../packages/own', join(fixture.root, 'node_modules/@mono/own'));
    symlinkSync('../missing', join(fixture.root, 'node_modules/broken'));
    assert.equal(await hydrate(), "linked: 2 packages of the workspace's node_modules in 2 folders");
    const from = createRequire(join(worktree, 'x.js'));
    assert.equal(from('@mono/own'), 'of the worktree');
    assert.equal(createRequire(join(worktree, 'packages/own/x.js'))('nested'), 'nested');
  });

  it('are left alone where the repository brings its own', async () => {
    inBoth('package.json', '{}');
    inBoth('node_modules/vendored/index.js', '');
    assert.match(await hydrate(), /^none/);
    assert.ok(lstatSync(join(worktree, 'node_modules/vendored')).isDirectory());
  });

  it('are none, with the reason, where there is nothing to link and nothing to install', async () => {
    assert.equal(await hydrate(), 'none: the repository has no package.json');
    inBoth('package.json', '{}');
    assert.equal(await hydrate(), 'none: nothing is installed in the workspace and there is no lockfile');
  });

  const manifest = { name: 'sample', version: '1.0.0', dependencies: { dep: 'file:dep' } };
  const lockfile = {
    name: 'sample',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'sample', version: '1.0.0', workspaces: ['dep'] },
      dep: { version: '1.0.0', hasInstallScript: true },
      'node_modules/dep': { resolved: 'dep', link: true },
    },
  };
  const dependency = { name: 'dep', version: '1.0.0', scripts: { install: 'touch ran-a-script' } };

  function installable(): void {
    write(worktree, 'package.json', JSON.stringify({ ...manifest, dependencies: {}, workspaces: ['dep'] }));
    write(worktree, 'package-lock.json', JSON.stringify(lockfile));
    write(worktree, 'dep/package.json', JSON.stringify(dependency));
  }

  it('are installed once for many worktrees, without running a script of any package', async () => {
    installable();
    const again = join(fixture.state, 'again');
    mkdirSync(again);
    for (const path of ['package.json', 'package-lock.json', 'dep/package.json']) {
      write(again, path, readFileSync(join(worktree, path), 'utf8'));
    }
    const run = createHydrate(join(fixture.state, 'dependencies'));
    const told = await Promise.all([run(worktree, fixture.root), run(again, fixture.root)]);
    assert.deepEqual(told, Array(2).fill('installed: 1 packages in 1 folder, without lifecycle scripts'));
    assert.equal(readdirSync(join(fixture.state, 'dependencies')).length, 1);
    assert.equal(readlinkSync(join(again, 'node_modules/dep')), join(again, 'dep'));
    const everything = readdirSync(fixture.state, { recursive: true }).map(String);
    assert.deepEqual(
      everything.filter((path) => path.endsWith('ran-a-script')),
      [],
    );
  }).timeout(60_000);

  it('are none, with the reason, where the installation fails', async () => {
    write(worktree, 'package.json', '{"dependencies": {"x": "1.0.0"}}');
    write(worktree, 'package-lock.json', '{"lockfileVersion": 3, "packages": {}}');
    assert.match(await hydrate(), /^none: npm ci .* ended with 1 \(.*npm err/i);
    assert.equal(existsSync(join(worktree, 'node_modules')), false);
  }).timeout(60_000);

  it('are linked with a warning where the workspace has them for another lockfile and installing fails', async () => {
    write(worktree, 'package.json', '{"dependencies": {"x": "1.0.0"}}');
    write(worktree, 'package-lock.json', '{"lockfileVersion": 3, "packages": {}}');
    write(fixture.root, 'package-lock.json', '{"lockfileVersion": 3}');
    write(fixture.root, 'node_modules/x/index.js', '');
    assert.match(await hydrate(), /^linked: 1 packages .* are for another package-lock\.json$/s);
  }).timeout(60_000);
});
