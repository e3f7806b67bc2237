import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sweep } from '../../../../src/adapters/git/checkout';
import type { Store } from '../../../../src/adapters/git/store';
import { hasLivingOwner, ownedFolder } from '../../../../src/adapters/process/ownedFolder';
import { removeTree } from '../../../../src/adapters/process/removeTree';

describe('Folders for a while', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'leftovers-'))));
  afterEach(() => removeTree(folder));

  it('are swept when they are old and nobody lives who owns them', async () => {
    const scratch = join(folder, 'scratch');
    const own = await ownedFolder(scratch);
    const gone = join(scratch, `owned-${spawnSync('true').pid}-abc`);
    const old = join(scratch, 'old');
    const young = join(scratch, 'young');
    for (const path of [gone, old, young]) mkdirSync(path);
    const before = new Date(Date.now() - 7_200_000);
    for (const path of [own, gone, old]) utimesSync(path, before, before);
    await sweep({ stateFolder: folder } as Store);
    assert.deepEqual(readdirSync(scratch).sort(), [own.slice(scratch.length + 1), 'young'].sort());
    assert.equal(hasLivingOwner(own.slice(scratch.length + 1)), true);
  });

  it('go although a command took away the permission to write in them, and what links in them lead to stays', async () => {
    const outside = join(folder, 'outside');
    const tree = join(folder, 'tree');
    mkdirSync(outside);
    writeFileSync(join(outside, 'kept'), '');
    mkdirSync(join(tree, 'a/b'), { recursive: true });
    writeFileSync(join(tree, 'a/b/c'), '');
    symlinkSync(outside, join(tree, 'a/way'));
    execFileSync('chmod', ['0', join(tree, 'a/b'), join(tree, 'a')]);
    execFileSync('chmod', ['500', outside]);
    await removeTree(tree);
    assert.equal(existsSync(tree), false);
    assert.deepEqual(readdirSync(outside), ['kept']);
  });
});
