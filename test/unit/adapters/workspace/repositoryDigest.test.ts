import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFacts } from '../../../../src/adapters/git/repositoryFacts';
import { repositoryDigest } from '../../../../src/adapters/workspace/repositoryDigest';
import { repositoryDigestSchema } from '../../../../src/core/planning/repositoryDigest';
import { gitFixture, type GitFixture } from '../../../support/gitFixture';
import { expectOk, openRealGit } from '../../../support/realGit';

describe('the digest of a repository', () => {
  let fixture: GitFixture;
  afterEach(() => {
    fixture.remove();
  });

  async function digest() {
    const { store, worktrees } = await openRealGit(fixture);
    const { commit } = expectOk(await worktrees.base('r'));
    const facts = expectOk(await repositoryFacts(store, commit));
    return repositoryDigest({ root: fixture.root, ...facts });
  }

  it('tells layout, languages, scripts, instructions and history', async () => {
    fixture = gitFixture({
      'package.json': '{"scripts": {"test": "mocha", "build": "tsc -p ."}}',
      'tsconfig.json': '{}',
      'src/a.ts': '',
      'src/core/b.ts': '',
      'src/core/c.tsx': '',
      'lib/d.py': '',
      'AGENTS.md': 'Be careful.\n',
      'README.md': '# Sample\n',
    });
    fixture.write('src/a.ts', '1');
    fixture.commit('second');
    const found = await digest();
    assert.deepEqual(repositoryDigestSchema.parse(found), found);
    assert.deepEqual(found, {
      files: 8,
      languages: [
        { language: 'TypeScript', files: 3 },
        { language: 'JSON', files: 2 },
        { language: 'Markdown', files: 2 },
        { language: 'Python', files: 1 },
      ],
      layout: ['lib/ (1 file)', 'src/ (3 files)', 'src/core/ (2 files)'],
      manifests: ['package.json', 'tsconfig.json'],
      scripts: [
        { name: 'test', command: 'mocha' },
        { name: 'build', command: 'tsc -p .' },
      ],
      instructions: [
        { path: 'AGENTS.md', text: 'Be careful.' },
        { path: 'README.md', text: '# Sample' },
      ],
      recentHistory: ['second', 'first'],
    });
  });

  it('stays small and the same for a repository of any size', async () => {
    const files: Record<string, string> = {
      'README.md': 'word '.repeat(20_000),
      'CLAUDE.md': 'x'.repeat(100_000),
    };
    files['package.json'] = JSON.stringify({
      scripts: Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`s${at}`, 'c'.repeat(500)])),
    });
    for (let at = 0; at < 400; at++) files[`folder-${'n'.repeat(60)}-${at}/sub/file.x${at}`] = '';
    fixture = gitFixture(files);
    const found = await digest();
    assert.ok(JSON.stringify(found).length < 13_000, `${JSON.stringify(found).length}`);
    assert.deepEqual(await digest(), found);
    assert.equal(found.layout.at(-1), '… and 770 more folders');
  });

  it('shows nothing that a link leads to, and survives a broken manifest', async () => {
    fixture = gitFixture({ 'package.json': '{ broken', 'a.txt': 'a' });
    symlinkSync('/etc/passwd', join(fixture.root, 'AGENTS.md'));
    fixture.commit('link');
    const found = await digest();
    assert.deepEqual(found.instructions, []);
    assert.deepEqual(found.scripts, []);
  });
});
