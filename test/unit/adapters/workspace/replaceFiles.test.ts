import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileContent } from '../../../../src/adapters/workspace/fileState';
import { NotReplaceable, replaceFiles } from '../../../../src/adapters/workspace/replaceFiles';

describe('replaceFiles', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'replace-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  const file = (text: string): FileContent => ({ kind: 'file', bytes: Buffer.from(text), isExecutable: false });

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
});
