import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { createSample } from '../../../scripts/sample.mjs';
import { projectRoot } from '../../support/editor/install';
import { type Editor, openEditor } from '../../support/editor/openEditor';
import { giftCardCommand, giftCardModel, giftCardQuestion, giftCardRequest } from '../../support/giftCards';
import { startOpenAiServer } from '../../support/openaiServer';
import type { ScriptedServer } from '../../support/scriptedServer';

/** One run with a language model, steered from the panel, through a reload of the window in the middle. */
describe('a run with a model, from the panel', () => {
  let home: string;
  let folder: string;
  let server: ScriptedServer;
  let editor: Editor;
  let panel: Frame;
  let close = async (): Promise<void> => {};
  const hold = { isHeld: true };

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'enterprise-model-'));
    folder = await createSample(process.env);
    // The task of the card codes is held until the window has been reloaded under it.
    server = await startOpenAiServer(
      giftCardModel(async (taskId, step) => {
        while (hold.isHeld && taskId === 'card-codes' && step > 0)
          await new Promise((resolve) => setTimeout(resolve, 50));
      }),
    );
    const settings = {
      'enterprise.model': 'openai-compatible/scripted',
      'enterprise.baseUrl': server.baseUrl,
      // The other gates have their test in the suite; here their time would only be waited for.
      'enterprise.gates.disabled': ['build', 'format', 'tests', 'audit'],
    };
    editor = await openEditor({
      folder,
      extension: projectRoot,
      settings,
      env: { ENTERPRISE_HOME: join(home, 'state') },
    });
    close = editor.close;
    await editor.page.locator('.activitybar [aria-label^="Enterprise"]').first().click();
    panel = await editor.webview('.task-box');
  });

  after(async () => {
    hold.isHeld = false;
    await close();
    await server.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('shows the plan with its estimate, and works at nothing before it is approved', async () => {
    const box = panel.locator('.task-box textarea');
    await box.fill(giftCardRequest);
    await box.press('Control+Enter');
    const text = await card('Plan to approve').innerText({ timeout: 30_000 });
    assert.match(text, /Run this plan of 4 tasks\?/);
    assert.match(text, /Moderate, 4 tasks · about 6 to 16 min · 2 side by side/);
    assert.deepEqual(
      server.requests.filter(({ tools }) => !tools.includes('submit_plan')),
      [],
    );
  });

  it('asks for a command with its exact text', async () => {
    await press('Plan to approve', 'Approve plan');
    const detail = card('An agent wants to').locator('.approval-detail');
    assert.equal(await detail.innerText({ timeout: 60_000 }), giftCardCommand);
  });

  it('shows the run as interrupted after a reload of the window, with nothing to answer', async () => {
    await editor.page.reload();
    panel = await editor.webview('.pill', 60_000);
    // The first state that is shown is already the true one.
    assert.equal(await panel.locator('.run .pill').innerText(), 'Interrupted');
    assert.match(await panel.locator('.run').innerText(), /Nobody works at this run/);
    assert.equal(await panel.locator('.approval, .run .spinner').count(), 0);
  });

  it('goes on where it was once it is resumed, and asks the person what an agent wants to know', async () => {
    hold.isHeld = false;
    const plans = server.requests.filter(({ tools }) => tools.includes('submit_plan')).length;
    await panel.locator('.run-actions vscode-button', { hasText: 'Resume' }).click();
    await answerCommandIfAsked();
    const question = card('An agent asks');
    await question.locator('textarea').fill('Only for articles.', { timeout: 60_000 });
    assert.match(await question.innerText(), new RegExp(giftCardQuestion.replace('?', '\\?')));
    await press('An agent asks', 'Answer');
    assert.equal(
      server.requests.filter(({ tools }) => tools.includes('submit_plan')).length,
      plans,
      'it is not planned again',
    );
  });

  it('delivers what passed its gates when the person says so, and takes it back', async () => {
    const file = join(folder, 'src/checkout.ts');
    await card('Ready to deliver').waitFor({ timeout: 90_000 });
    assert.equal(existsSync(file), false, 'nothing is written before that');
    await press('Ready to deliver', 'Deliver');
    await panel.locator('.run .pill', { hasText: 'Delivered' }).waitFor();
    const changed = execFileSync('git', ['status', '--short', '--', 'src', 'test'], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.deepEqual(changed.trim().split('\n'), [
      '?? src/cardCode.ts',
      '?? src/checkout.ts',
      '?? src/giftCard.ts',
      '?? test/checkout.test.ts',
    ]);
    await panel.locator('.run-actions vscode-button', { hasText: 'Undo' }).click();
    await panel.locator('.run .pill', { hasText: 'Undone' }).waitFor();
    assert.equal(existsSync(file), false);
    assert.deepEqual(editor.errors, []);
  });

  const card = (text: string) => panel.locator('.approval', { hasText: text });

  async function press(text: string, button: string): Promise<void> {
    await card(text).getByText(button, { exact: true }).click();
  }

  /** Where the reload struck before the question was stored, it is asked now; else the agent goes on without it. */
  async function answerCommandIfAsked(): Promise<void> {
    const either = card('An agent wants to').or(card('An agent asks'));
    await either.first().waitFor({ timeout: 60_000 });
    if ((await card('An agent wants to').count()) > 0) await press('An agent wants to', 'Allow once');
  }
});
