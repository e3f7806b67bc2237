import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSample } from '../../../scripts/sample.mjs';
import { projectRoot } from '../../support/editor/install';
import { type Editor, openEditor } from '../../support/editor/openEditor';

/** As a person has it who got only the file: installed, without the repository or its node_modules. */
describe('the packaged extension', () => {
  let home: string;
  let folder: string;
  let editor: Editor;

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'enterprise-vsix-'));
    const vsix = join(home, 'enterprise.vsix');
    await promisify(execFile)(process.execPath, ['scripts/package.mjs', vsix], { cwd: projectRoot });
    folder = await createSample(process.env);
    editor = await openEditor({ folder, vsix, env: { ENTERPRISE_HOME: join(home, 'state') } });
  });

  after(async () => {
    await editor.close();
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
});
