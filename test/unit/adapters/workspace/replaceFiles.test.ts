import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileContent } from '../../../../src/adapters/workspace/fileState';
import { NotPutBack, NotReplaceable, replaceFiles } from '../../../../src/adapters/workspace/replaceFiles';

describe('replaceFiles', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'replace-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  const file = (text: string): FileContent => ({
    kind: 'file',
    bytes: Buffer.from(text),
    isExecutable: false,
  });

  it('names the person’s file and the reason where nothing may be written', async function () {
    if (process.platform === 'win32') this.skip();
    writeFileSync(join(root, 'a.txt'), 'a');
    chmodSync(root, 0o555);
    const isRoot = process.geteuid?.() === 0;
    // Permissions do not bind root.
    if (isRoot) process.seteuid?.(65534);
    try {
      const replacement = { path: 'a.txt', current: file('a'), next: file('b') };
      await assert.rejects(replaceFiles(root, [replacement], true), (error) => {
        assert(error instanceof NotReplaceable);
        assert.deepEqual([error.path, error.message], ['a.txt', 'it or its folder may not be written']);
        return true;
      });
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(root, 0o755);
    }
    assert.equal(readFileSync(join(root, 'a.txt'), 'utf8'), 'a');
    assert.deepEqual(readdirSync(root), ['a.txt']);
  });

  it('puts back what was replaced when one cannot be, and names what it could not put back', async () => {
    for (const name of ['a.txt', 'b.txt', 'c.txt']) writeFileSync(join(root, name), 'old');
    let reads = 0;
    const noRoomForOld: FileContent = {
      ...file('old'),
      get bytes(): Uint8Array {
        if (reads++ > 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        return Buffer.from('old');
      },
    };
    const replacements = [
      { path: 'a.txt', current: file('old'), next: file('new') },
      { path: 'b.txt', current: noRoomForOld, next: file('new') },
      { path: 'c.txt', current: file('something else'), next: file('new') },
    ];
    await assert.rejects(replaceFiles(root, replacements, true), (error) => {
      assert(error instanceof NotPutBack);
      assert.deepEqual(error.paths, ['b.txt']);
      return true;
    });
    assert.deepEqual(
      ['a.txt', 'b.txt', 'c.txt'].map((name) => readFileSync(join(root, name), 'utf8')),
      ['old', 'new', 'old'],
    );
  });
});
