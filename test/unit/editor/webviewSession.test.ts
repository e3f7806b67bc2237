import assert from 'node:assert/strict';
import {
  toWebviewSchema,
  type FromWebview,
  type ToWebview,
  type Update,
} from '../../../src/protocol/webviewMessages';
import { eventually } from '../../support/eventually';
import { openWindow } from '../../support/editorWindow';
import { FakeVsCode, type FakeWebview } from '../../support/fakeVscode';
import { planned, ready, underWay, validated } from '../../support/storyOfARun';

const isUpdate = (message: ToWebview): message is Update => message.type === 'update';
const send = (panel: FakeWebview, message: FromWebview) => panel.send(message);

describe('the line to the panel', () => {
  it('says everything once the page is ready, and nothing before', async () => {
    const window = openWindow();
    const panel = window.panel();
    await window.vscode.run('enterprise.runTask', { task: 'Limit rates' });
    assert.deepEqual(panel.posted, []);
    send(panel, { type: 'ready' });
    const first = await panel.message<ToWebview>(() => true);
    assert.ok(isUpdate(first));
    assert.equal(first.environment?.folders[0]?.path, '/repo/shop');
    assert.equal(first.runs?.length, 1);
    assert.equal(first.run?.item.request, 'Limit rates');
  });

  it('opens the engine only when somebody looks, and never in an untrusted workspace', async () => {
    const window = openWindow();
    const panel = window.panel();
    assert.equal(window.opened.length, 0);
    send(panel, { type: 'ready' });
    await panel.message<ToWebview>((message) => isUpdate(message) && message.environment?.loaded === true);
    assert.equal(window.opened.length, 1);
    const vscode = new FakeVsCode('/repo/shop');
    vscode.isTrusted = false;
    const untrusted = openWindow(vscode);
    const page = untrusted.panel();
    send(page, { type: 'ready' });
    await page.message<ToWebview>(
      (message) => isUpdate(message) && message.environment?.git === 'no-repository',
    );
    assert.equal(untrusted.opened.length, 0);
  });

  it('gathers a burst of events into one update that holds only what changed', async () => {
    const window = openWindow();
    const panel = window.panel();
    await window.vscode.run('enterprise.runTask', { task: 'Limit rates' });
    window.engine().play('run-1', planned);
    send(panel, { type: 'ready' });
    await panel.message<ToWebview>((message) => isUpdate(message) && message.environment?.loaded === true);
    const before = panel.posted.length;
    for (const event of underWay) window.engine().play('run-1', [event]);
    const update = await panel.message<ToWebview>(
      (message) => isUpdate(message) && message.changed !== undefined,
    );
    assert.equal(panel.posted.length, before + 1);
    assert.ok(isUpdate(update));
    const names = Object.keys(update.changed?.sections ?? {}).sort();
    assert.deepEqual(names, ['actions', 'approvals', 'gates', 'item', 'tasks', 'usage']);
    assert.equal(update.changed?.activity.at(-1)?.text, 'Asks: Run a command');
  });

  it('sends only what the schema of the page accepts', async () => {
    const window = openWindow();
    const panel = window.panel();
    await window.vscode.run('enterprise.runTask', { task: 'Limit rates' });
    window.engine().play('run-1', [...planned, ...underWay, ...validated, ...ready]);
    send(panel, { type: 'ready' });
    await panel.message<ToWebview>((message) => isUpdate(message) && message.environment?.loaded === true);
    for (const message of panel.posted) toWebviewSchema.parse(message);
  });

  it('starts a task and says so, or says why not where the person acted', async () => {
    const window = openWindow();
    const panel = window.panel();
    send(panel, { type: 'ready' });
    const task = {
      type: 'runTask',
      task: 'Tidy up',
      workflow: null,
      model: 'offline',
      folder: null,
    } as const;
    send(panel, task);
    assert.deepEqual(await panel.message<ToWebview>((message) => message.type === 'started'), {
      type: 'started',
      runId: 'run-1',
    });
    window.engine().nextFailure = { kind: 'usage', message: 'Not now.', remedy: 'Later.' };
    send(panel, task);
    assert.deepEqual(await panel.message<ToWebview>((message) => message.type === 'notice'), {
      type: 'notice',
      level: 'error',
      text: 'Not now.',
      remedy: 'Later.',
    });
  });

  it('answers a question with the digest that was shown; another digest is refused', async () => {
    const window = openWindow();
    const panel = window.panel();
    await window.vscode.run('enterprise.runTask', { task: 'Limit rates' });
    const [approval] = window.engine().play('run-1', planned).approvals;
    const answer = { type: 'answer', runId: 'run-1', id: 'plan-1', decision: 'allow', text: null } as const;
    send(panel, { ...answer, digest: 'something else' });
    await panel.message<ToWebview>((message) => message.type === 'notice');
    assert.equal(
      window.engine().play('run-1', [{ type: 'note', level: 'info', message: '-' }]).approvals.length,
      1,
    );
    send(panel, { ...answer, digest: approval?.digest ?? '' });
    await eventually(async () =>
      (await window.engine().run('run-1'))?.approvals.length === 0 ? true : undefined,
    );
  });

  it('ignores, and logs, what a page must not send', async () => {
    const window = openWindow();
    const panel = window.panel();
    panel.send({ type: 'act', action: 'format-disk', runId: 'run-1' });
    panel.send({ type: 'ready', extra: true });
    await eventually(() =>
      window.vscode.log.filter((line) => line.includes('sent what it must not')).length === 2
        ? true
        : undefined,
    );
    assert.deepEqual(panel.posted, []);
  });

  it('opens no file outside the workspace', async () => {
    const window = openWindow();
    const panel = window.panel();
    await window.vscode.run('enterprise.runTask', { task: 'Limit rates' });
    send(panel, { type: 'openFile', runId: 'run-1', path: '../../etc/passwd', line: 1, column: 1 });
    send(panel, { type: 'steer', runId: 'run-1', taskId: 'a', text: 'done' });
    const steered = await eventually(() => window.engine().steered[0]);
    assert.deepEqual(steered, { runId: 'run-1', taskId: 'a', text: 'done' });
    assert.ok(!window.vscode.executed.some(({ command }) => command === 'vscode.open'));
  });

  it('loads nothing but our own bundle, with a nonce of its own', () => {
    const window = openWindow();
    const [first, second] = [window.panel().html, window.panel().html];
    const policy =
      /content="([^"]*)"><?/.exec(first.slice(first.indexOf('Content-Security-Policy')))?.[1] ?? '';
    const nonce = /nonce-([^']+)/.exec(policy)?.[1] ?? '';
    assert.equal(policy, `default-src 'none'; style-src https://webview.test; script-src 'nonce-${nonce}'`);
    assert.ok(first.includes(`<script nonce="${nonce}"`));
    assert.ok(!second.includes(nonce));
  });
});
