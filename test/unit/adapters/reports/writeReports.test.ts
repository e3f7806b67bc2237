import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeReports } from '../../../../src/adapters/reports/writeReports';
import { deliveredRun, record, recordedRunId, viewOf } from '../../../support/recordedRun';

const events = record(deliveredRun);
const view = viewOf(events);

describe('writing reports', function () {
  this.timeout(20_000);
  let workspace: string;
  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'reports-'));
  });
  afterEach(() => rm(workspace, { recursive: true }));

  it('puts every file into the folder of the run, leaving nothing temporary', async () => {
    const written = await writeReports(view, events, workspace);
    const folder = join(workspace, '.enterprise', 'runs', recordedRunId);
    assert.deepEqual(written, { ok: true, value: { folder } });
    assert.deepEqual((await readdir(folder)).sort(), [
      'coordination-plan.md',
      'lessons-learned.md',
      'lint.md',
      'performance.md',
      'plan-file.json',
      'plan.json',
      'qa-report.md',
      'report.json',
      'report.md',
      'todos.json',
    ]);
    assert.match(await readFile(join(folder, 'report.json'), 'utf8'), /^\{\n {2}"schemaVersion": 1,/);
  });

  it('replaces an earlier report', async () => {
    await writeReports(view, events, workspace);
    assert.ok((await writeReports(view, events, workspace)).ok);
  });

  it('never dirties the repository', async () => {
    execFileSync('git', ['init', '-q', workspace]);
    await writeReports(view, events, workspace);
    assert.equal(execFileSync('git', ['-C', workspace, 'status', '--porcelain'], { encoding: 'utf8' }), '');
  });

  it('refuses a folder that is a link, and writes nothing where it points', async () => {
    const elsewhere = join(workspace, 'elsewhere');
    await mkdir(elsewhere);
    await symlink(elsewhere, join(workspace, '.enterprise'));
    const written = await writeReports(view, events, workspace);
    assert.match(!written.ok ? written.failure.message : '', /symbolic link/);
    assert.deepEqual(await readdir(elsewhere), []);
  });

  it('refuses a file that is a link', async () => {
    const folder = join(workspace, '.enterprise', 'runs', recordedRunId);
    await mkdir(folder, { recursive: true });
    await writeFile(join(workspace, 'precious'), 'precious');
    await symlink(join(workspace, 'precious'), join(folder, 'report.json'));
    const written = await writeReports(view, events, workspace);
    assert.equal(!written.ok && written.failure.kind, 'workspace-unusable');
    assert.equal(await readFile(join(workspace, 'precious'), 'utf8'), 'precious');
  });

  it('refuses a document whose name leads out of the folder', async () => {
    const documents = [{ name: '../../../escaped.md', text: 'x' }];
    const [first, ...tasks] = view.tasks;
    assert.ok(first);
    const attempts = first.attempts.map((attempt) => ({ ...attempt, documents }));
    const written = await writeReports(
      { ...view, tasks: [{ ...first, attempts }, ...tasks] },
      events,
      workspace,
    );
    assert.match(!written.ok ? written.failure.message : '', /leads out of the reports folder/);
    assert.deepEqual(await readdir(workspace), ['.enterprise']);
  });

  it('names a full disk', () => {
    const script = `
      const { writeReports } = require('./src/adapters/reports/writeReports');
      const { deliveredRun, record, viewOf } = require('./test/support/recordedRun');
      const events = record(deliveredRun);
      const big = { ...viewOf(events), request: 'x'.repeat(100000) };
      writeReports(big, events, ${JSON.stringify(workspace)}).then((written) => console.log(JSON.stringify(written)));`;
    const command = `ulimit -f 32; exec "$0" --import tsx -e "$1"`;
    const { stdout } = spawnSync('bash', ['-c', command, process.execPath, script], { encoding: 'utf8' });
    assert.match(stdout, /workspace-unusable.*the disk is full \(EFBIG\)/);
  });
});
