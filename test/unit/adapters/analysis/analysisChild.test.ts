import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryTree } from '../../../support/temporaryTree';

const root = join(import.meta.dirname, '../../../..');
const program = [
  '--import',
  join(root, 'node_modules/tsx/dist/loader.mjs'),
  join(root, 'src/adapters/analysis/analysisChild.ts'),
];

function run(...args: string[]) {
  return spawnSync(process.execPath, [...program, ...args], { encoding: 'utf8', cwd: root });
}

describe('analysis program', function () {
  this.timeout(30_000);

  it('prints documents with their JSON twins, and progress that ends at 100', () => {
    const tree = temporaryTree({ 'a.js': "import './b.js'", 'b.js': '', 'README.md': '# x' });
    tree.commit();
    for (const [kind, name] of [
      ['code', 'code-analysis'],
      ['documentation', 'documentation'],
    ]) {
      const { status, stdout, stderr } = run(kind!, tree.path);
      assert.equal(status, 0, stderr);
      const report = JSON.parse(stdout) as { summary: string; documents: { name: string; text: string }[] };
      assert.deepEqual(
        report.documents.map((document) => document.name),
        [`${name}.md`, `${name}.json`],
      );
      assert.ok(
        report.summary.length > 20 &&
          (JSON.parse(report.documents[1]!.text) as { schemaVersion: number }).schemaVersion === 1,
      );
      const steps = stderr
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { percent: number }).percent);
      assert.deepEqual(
        [...steps].sort((a, b) => a - b),
        steps,
      );
      assert.equal(steps.at(-1), 100);
    }
    tree.dispose();
  });

  it('ends with 2 on wrong usage and with 1 and a reason where it cannot work', () => {
    assert.equal(run('nothing', '.').status, 2);
    const tree = temporaryTree({});
    const failed = run('code', tree.path);
    assert.equal(failed.status, 1);
    assert.match(
      (JSON.parse(failed.stderr.trim().split('\n').at(-1)!) as { error: string }).error,
      /git repository/,
    );
    tree.dispose();
  });
});
