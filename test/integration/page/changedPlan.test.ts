import assert from 'node:assert/strict';
import { call, gateway, plannedModel, requestsOf } from '../../support/plannedModel';
import { eventually } from '../../support/eventually';
import { slowDown } from '../../support/editor/slowPanel';
import { type OpenPanel, openPanel } from '../../support/editor/openPanel';

const forkWords = 'This time name the file after its content.';

/** The plan as a person changes it: before it is approved, while it is carried out, and afterwards in another run. */
describe('a plan that is changed from the editor', () => {
  const held = gateway();
  let window: OpenPanel;

  before(async () => {
    const done = call('finish', { summary: 'It is done.' });
    const first = async ({ step, prompt }: { step: number; prompt: string }) => {
      if (step === 0 && !prompt.includes(forkWords)) await held.passed;
      return step === 0 ? call('write', { path: 'first.md', content: 'First.\n' }) : done;
    };
    const tasks = [
      { id: 'first', title: 'Write the first file', play: first },
      { id: 'second', title: 'Write the second file', needs: ['first'], play: () => done },
      { id: 'third', title: 'Write the third file', needs: ['second'], play: () => done },
    ];
    window = await openPanel(plannedModel(tasks), {
      'enterprise.gates.disabled': ['build', 'format', 'tests', 'audit', 'lint'],
    });
    await window.run('Write three files');
  });

  after(async () => {
    held.open();
    await window.close();
  });

  it('takes an answer to the plan as it was no longer, once a changed one is handed in', async () => {
    await window.card('Run this plan of 3 tasks?').waitFor({ timeout: 60_000 });
    // The panel is slow to hear of the change, so that the old question still stands there.
    const late = await slowDown(window.panel);
    await action('Edit plan');
    const { page } = window.editor;
    const editor = page.locator('.editor-instance .view-lines', { hasText: 'first' });
    await editor.click({ timeout: 30_000 });
    await page.keyboard.press('Control+End');
    await page.keyboard.type('# Looked through by a person.\n');
    await page.keyboard.press('Control+s');
    await eventually(async () => (await window.eventsOf('plan.proposed'))[1]);
    await window.press('Run this plan of 3 tasks?', 'Approve plan');
    await late.refused();
    assert.deepEqual(await window.eventsOf('plan.approved'), []);
    assert.equal(requestsOf(window.model.requests, 'first').length, 0, 'nothing began');
    await late.catchUp();
    assert.equal(await window.card('Run this plan of 3 tasks?').count(), 0);
    await window.press('Run this plan (revision 2) of 3 tasks?', 'Approve plan');
    const [approved] = await eventually(() => window.eventsOf('plan.approved'));
    assert.deepEqual([approved?.revision, approved?.by], [2, 'person']);
  });

  it('cancels one task of a run at work by the task’s action, with what that comes to shown before', async () => {
    await eventually(() => requestsOf(window.model.requests, 'first')[0]);
    const row = await window.task('Write the second file');
    await row.getByText('Change task').click();
    const { page } = window.editor;
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Do not do it' }).click();
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /Change the plan like this\?/);
    assert.match(await dialog.innerText(), /second/);
    assert.deepEqual(await window.eventsOf('plan.revised'), [], 'nothing happened yet');
    const impact = (await dialog.locator('.dialog-message-detail').innerText()).trim();
    await dialog.getByText('Change the Plan', { exact: true }).click();
    await row.locator('.task-activity', { hasText: /Cancelled/ }).waitFor();
    const [revised] = await window.eventsOf('plan.revised');
    assert.deepEqual(revised?.changes, [{ kind: 'cancel', taskId: 'second' }]);
    assert.equal(revised.impact.join('\n'), impact, 'what was shown is what was done');
    held.open();
    await window.card('Ready to deliver').waitFor({ timeout: 60_000 });
    assert.equal(requestsOf(window.model.requests, 'second').length, 0, 'its agent was never asked');
  });

  it('forks the run at a task with words for its agent, and plans and asks nothing anew', async () => {
    const plans = window.model.requests.filter(({ tools }) => tools.includes('submit_plan')).length;
    const before = requestsOf(window.model.requests, 'first').length;
    const { page } = window.editor;
    await window.editor.command('Enterprise: Fork Run from a Task…');
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'first' }).first().click();
    const input = page.locator('.quick-input-widget input:visible');
    await page.locator('.quick-input-widget', { hasText: 'What shall its agent be told?' }).waitFor();
    await input.fill(forkWords);
    await input.press('Enter');
    const asked = await eventually(() => requestsOf(window.model.requests, 'first')[before]);
    assert.ok(JSON.stringify(asked.body).includes(forkWords));
    const [created] = await window.eventsOf('run.created');
    assert.ok(created?.forkedFrom, 'the journal says what it began as');
    assert.equal(window.model.requests.filter(({ tools }) => tools.includes('submit_plan')).length, plans);
    await window.card('Ready to deliver').waitFor({ timeout: 60_000 });
    assert.deepEqual(window.editor.errors, []);
  });

  async function action(text: string): Promise<void> {
    await window.panel.locator('.run-actions vscode-button', { hasText: text }).click({ timeout: 30_000 });
  }
});
