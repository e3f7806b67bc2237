import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as z from 'zod';
import { createSample } from '../../../scripts/sample.mjs';
import { projectRoot } from '../../support/editor/install';
import { type Editor, openEditor } from '../../support/editor/openEditor';

const execute = promisify(execFile);
const reportSchema = z.object({ run: z.object({ task: z.string() }) });

/** As a person has it who got only the file: installed, without the repository or its node_modules. */
describe('the packaged extension', () => {
  let home: string;
  let folder: string;
  let editor: Editor;
  let close = async (): Promise<void> => {};

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'enterprise-vsix-'));
    const vsix = join(home, 'enterprise.vsix');
    await execute(process.execPath, ['scripts/package.mjs', vsix], { cwd: projectRoot });
    folder = await createSample(process.env);
    const settings = { 'enterprise.approval': 'approveAll' };
    editor = await openEditor({ folder, vsix, settings, env: { ENTERPRISE_HOME: join(home, 'state') } });
    close = editor.close;
  });

  after(async () => {
    await close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('shows its view container', async () => {
    await editor.page.locator('.activitybar [aria-label^="Enterprise"]').first().waitFor();
  });

  it('shows the agent panel', async () => {
    await editor.page.locator('.activitybar [aria-label^="Enterprise"]').first().click();
    const panel = await editor.webview('textarea, vscode-text-area, vscode-text-field, input');
    assert.ok(panel.url().length > 0);
    assert.deepEqual(editor.errors, []);
  });

  it('carries out a task, delivers the changes and writes the reports', async () => {
    await editor.command('Run Enterprise Task');
    const input = editor.page.locator('.quick-input-widget input:visible');
    await editor.page.locator('.quick-input-widget', { hasText: 'What is to be done?' }).waitFor();
    await input.fill('Check and tidy this repository');
    await input.press('Enter');
    const reports = await appearing(
      () => globSync('.enterprise/runs/*/report.json', { cwd: folder }),
      150_000,
    );
    const { run } = reportSchema.parse(JSON.parse(await readFile(join(folder, reports[0] ?? ''), 'utf8')));
    assert.equal(run.task, 'Check and tidy this repository');
    const { stdout } = await execute('git', ['status', '--short', '--', 'src', 'test'], { cwd: folder });
    assert.match(stdout, /^ M src\/discount\.ts$/m);
    assert.deepEqual(editor.errors, []);
  });
});

async function appearing(find: () => string[], timeoutMs: number): Promise<string[]> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const found = find();
    if (found.length > 0) return found;
    await delay(250);
  }
  return assert.fail(`nothing appeared within ${timeoutMs / 1000} s`);
}
