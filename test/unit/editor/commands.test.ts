import assert from 'node:assert/strict';
import { doctorReport } from '../../../src/editor/commands/doctor';
import { openWindow, settle } from '../../support/editorWindow';
import { FakeVsCode } from '../../support/fakeVscode';
import { FakeUri } from '../../support/fakeVscodeClasses';
import { planned, ready, underWay, validated } from '../../support/storyOfARun';

describe('enterprise.runTask', () => {
  it('starts a run with the settings of the person and resolves with its id', async () => {
    const window = openWindow();
    window.vscode.settings.set('enterprise.model', 'anthropic/claude').set('enterprise.maxParallel', 8);
    window.vscode.settings
      .set('enterprise.budget.maxCostUsd', 2.5)
      .set('enterprise.approval', 'approvePlans');
    assert.deepEqual(await window.vscode.run('enterprise.runTask', { task: 'Tidy up' }), { runId: 'run-1' });
    assert.deepEqual(window.engine().requests, [
      {
        request: 'Tidy up',
        model: 'anthropic/claude',
        budget: { maxParallel: 8, maxCostUsd: 2.5 },
        approvePlan: true,
        deliver: 'ask',
      },
    ]);
  });

  it('lets its options go before the settings', async () => {
    const window = openWindow();
    window.vscode.settings.set('enterprise.approval', 'approveAll');
    await window.vscode.run('enterprise.runTask', {
      task: 'Tidy up',
      workflow: 'release-check',
      model: 'offline',
      approvePlan: false,
      deliver: false,
    });
    const [request] = window.engine().requests;
    assert.deepEqual(
      [request?.workflow, request?.model, request?.approvePlan, request?.deliver],
      ['release-check', 'offline', false, 'never'],
    );
  });

  it('asks for the task when none is given, and starts nothing when the person turns away', async () => {
    const window = openWindow();
    window.vscode.person.type = () => undefined;
    assert.equal(await window.vscode.run('enterprise.runTask'), undefined);
    window.vscode.person.type = () => 'Write the docs';
    assert.deepEqual(await window.vscode.run('enterprise.runTask'), { runId: 'run-1' });
    assert.equal(window.engine().requests[0]?.request, 'Write the docs');
  });

  it('names what is wrong with its options', async () => {
    const window = openWindow();
    await assert.rejects(
      window.vscode.run('enterprise.runTask', { task: '', colour: 'red' }),
      /task: .*colour/,
    );
    assert.equal(window.opened.length, 0);
  });

  it('works in the folder its options name, and refuses one that is not open', async () => {
    const window = openWindow(new FakeVsCode('/repo/shop', '/repo/api'));
    await window.vscode.run('enterprise.runTask', { task: 'Tidy up', workspace: '/repo/api/' });
    assert.equal(window.engine().workspace, '/repo/api');
    await assert.rejects(
      window.vscode.run('enterprise.runTask', { task: 'Tidy up', workspace: '/elsewhere' }),
      /not one of the folders open/,
    );
  });

  it('asks which folder when there are several', async () => {
    const window = openWindow(new FakeVsCode('/repo/shop', '/repo/api'));
    window.vscode.person.pick = (items) => items.find(({ label }) => label === 'api');
    await window.vscode.run('enterprise.runTask', { task: 'Tidy up' });
    assert.equal(window.engine().workspace, '/repo/api');
  });

  it('says what to do where no folder is open', async () => {
    const window = openWindow(new FakeVsCode());
    window.vscode.person.button = () => 'Open Folder';
    assert.equal(await window.vscode.run('enterprise.runTask'), undefined);
    await settle();
    assert.match(window.vscode.shown[0]?.text ?? '', /No folder is open.*Open the folder of your project/);
    assert.ok(window.vscode.executed.some(({ command }) => command === 'workbench.action.files.openFolder'));
  });

  it('runs nothing in an untrusted workspace, and offers to manage its trust', async () => {
    const vscode = new FakeVsCode('/repo/shop');
    vscode.isTrusted = false;
    const window = openWindow(vscode);
    window.vscode.person.button = ({ buttons }) => buttons[0];
    await window.vscode.run('enterprise.runTask');
    await settle();
    assert.equal(window.opened.length, 0);
    assert.ok(window.vscode.executed.some(({ command }) => command === 'workbench.trust.manage'));
  });
});

describe('the commands for runs', () => {
  async function withRun(...chapters: (typeof planned)[]) {
    const window = openWindow(undefined, {
      files: { 'src/routes.ts': { base: 'old', result: 'new' }, 'src/new.ts': { result: 'x' } },
    });
    await window.vscode.run('enterprise.runTask', { task: 'Limit rates' });
    window.engine().play('run-1', chapters.flat());
    return window;
  }

  it('pick the run that is under way when nothing is named', async () => {
    const window = await withRun(planned, underWay);
    await window.vscode.run('enterprise.pauseRun');
    assert.equal((await window.engine().run('run-1'))?.state.name, 'paused');
    await window.vscode.run('enterprise.resumeRun');
    assert.equal((await window.engine().run('run-1'))?.state.name, 'running');
    await window.vscode.run('enterprise.cancelRun');
    assert.equal((await window.engine().run('run-1'))?.state.name, 'cancelled');
  });

  it('ask which run when several are possible and none of them is looked at', async () => {
    const window = await withRun(planned);
    await window.vscode.run('enterprise.runTask', { task: 'Second' });
    await window.vscode.run('enterprise.runTask', { task: 'Third' });
    window.engine().play('run-3', [{ type: 'run.cancelled', by: 'person' }]);
    const offered: string[] = [];
    window.vscode.person.pick = (items) => {
      offered.push(...items.map(({ label }) => label));
      return items.find(({ label }) => label === 'Second');
    };
    await window.vscode.run('enterprise.cancelRun');
    assert.deepEqual(offered, ['Second', 'Limit rates']);
    assert.equal((await window.engine().run('run-2'))?.state.name, 'cancelled');
  });

  it('say so when there is nothing they could be done to', async () => {
    const window = openWindow();
    await window.vscode.run('enterprise.undoRun');
    assert.deepEqual(
      window.vscode.shown.map(({ text }) => text),
      ['There is no delivery to undo.'],
    );
  });

  it('reject, for programs, with what happened', async () => {
    const window = openWindow();
    await assert.rejects(
      window.vscode.run('enterprise.cancelRun', 'no-such-run'),
      /There is no run no-such-run/,
    );
  });

  it('show the changes in the native multi-file diff, with both sides of each file', async () => {
    const window = await withRun(planned, underWay, validated, ready);
    await window.vscode.run('enterprise.reviewChanges');
    const diff = window.vscode.executed.find(({ command }) => command === 'vscode.changes') ?? assert.fail();
    assert.equal(diff.args[0], 'Enterprise: Limit rates');
    const rows = (diff.args[1] as (FakeUri | undefined)[][]).map((row) =>
      row.map((uri) => uri?.toString() ?? '-'),
    );
    assert.deepEqual(rows, [
      [
        'file:/repo/shop/src/routes.ts',
        'enterprise-run:/src/routes.ts?{"runId":"run-1","side":"base"}',
        'enterprise-run:/src/routes.ts?{"runId":"run-1","side":"result"}',
      ],
      ['file:/repo/shop/src/new.ts', '-', 'enterprise-run:/src/new.ts?{"runId":"run-1","side":"result"}'],
    ]);
  });

  it('deliver and undo', async () => {
    const window = await withRun(planned, underWay, validated, ready);
    await window.vscode.run('enterprise.deliverRun', 'run-1');
    assert.equal((await window.engine().run('run-1'))?.state.name, 'delivered');
    await window.vscode.run('enterprise.undoRun', 'run-1');
    const state = (await window.engine().run('run-1'))?.state;
    assert.equal(state?.name === 'delivered' && state.undone, true);
  });

  it('deliver nothing over unsaved changes, and name the file', async () => {
    const window = await withRun(planned, underWay, validated, ready);
    window.vscode.documents.push({ uri: FakeUri.file('/repo/shop/src/routes.ts'), isDirty: true });
    await assert.rejects(
      window.vscode.run('enterprise.deliverRun', 'run-1'),
      /src\/routes\.ts has unsaved changes/,
    );
    assert.equal((await window.engine().run('run-1'))?.state.name, 'awaiting_delivery');
  });

  it('open the report in the Markdown preview', async () => {
    const window = await withRun(planned, underWay, validated, ready);
    await assert.rejects(window.vscode.run('enterprise.showReport', 'run-1'), /no longer there/);
    window.vscode.files.set('/repo/shop/.enterprise/runs/run-1/report.md', '# Report');
    await window.vscode.run('enterprise.showReport', 'run-1');
    const preview = window.vscode.executed.find(({ command }) => command === 'markdown.showPreview');
    assert.equal(String(preview?.args[0]), 'file:/repo/shop/.enterprise/runs/run-1/report.md');
  });
});

describe('enterprise.doctor', () => {
  it('resolves with the checks and shows them as a document with what to do', async () => {
    const checks = [
      { name: 'git', status: 'ok' as const, message: 'git 2.45' },
      { name: 'model', status: 'error' as const, message: 'no key', remedy: 'Configure | one' },
    ];
    const window = openWindow(undefined, { checks });
    assert.deepEqual(await window.vscode.run('enterprise.doctor'), checks);
    const report = doctorReport('/repo/shop', checks);
    assert.match(report, /1 thing must be mended/);
    assert.match(report, /\| ✗ error \| model \| no key \| Configure \\\| one \|/);
    assert.ok(window.vscode.executed.some(({ command }) => command === 'markdown.showPreview'));
  });
});

describe('delivering a run that asks whether it may deliver', () => {
  it('answers the question with the digest that is shown, instead of going around it', async () => {
    const window = openWindow();
    await window.vscode.run('enterprise.runTask', { task: 'Limit rates' });
    const approval = {
      id: 'deliver-1',
      kind: 'delivery' as const,
      title: 'Deliver 3 files?',
      detail: 'the files',
      digest: 'ab'.repeat(32),
    };
    window
      .engine()
      .play('run-1', [
        ...planned,
        ...underWay,
        ...validated,
        ...ready,
        { type: 'approval.requested', approval },
      ]);
    const done = window.vscode.run('enterprise.deliverRun', 'run-1');
    await settle();
    assert.deepEqual((await window.engine().run('run-1'))?.approvals, []);
    window.engine().play('run-1', [{ type: 'delivery.completed', commit: 'c', paths: ['src/routes.ts'] }]);
    assert.equal(await done, undefined);
  });
});
