import assert from 'node:assert/strict';
import { replayReport } from '../../../src/editor/commands/replayRun';
import { openWindow, settle } from '../../support/editorWindow';
import { planned, underWay } from '../../support/storyOfARun';

async function windowWithARun() {
  const window = openWindow();
  await window.vscode.run('enterprise.runTask', { task: 'Limit rates' });
  window.engine().play('run-1', [...planned, ...underWay]);
  await settle();
  return window;
}

describe('enterprise.forkRun', () => {
  it('asks from which of the begun tasks and what to tell, and starts the other run', async () => {
    const window = await windowWithARun();
    let offered: string[] = [];
    window.vscode.person.pick = (items) => {
      offered = items.map(({ label }) => label);
      return items.find(({ label }) => label === 'limiter');
    };
    window.vscode.person.type = () => 'Use a leaky bucket.';
    assert.deepEqual(await window.vscode.run('enterprise.forkRun', 'run-1'), { runId: 'run-2' });
    assert.deepEqual(window.engine().forks, [{ from: 'limiter', tell: 'Use a leaky bucket.' }]);
    assert.ok(!offered.includes('docs'), 'a task that never began is nothing to begin from');
  });

  it('starts nothing when the person turns away from either question', async () => {
    const window = await windowWithARun();
    window.vscode.person.pick = () => undefined;
    assert.equal(await window.vscode.run('enterprise.forkRun', 'run-1'), undefined);
    window.vscode.person.pick = (items) => items[0];
    window.vscode.person.type = () => undefined;
    assert.equal(await window.vscode.run('enterprise.forkRun', 'run-1'), undefined);
    assert.deepEqual(window.engine().forks, []);
  });

  it('says why there is nothing to fork', async () => {
    const window = openWindow();
    await window.vscode.run('enterprise.forkRun');
    assert.match(JSON.stringify(window.vscode.shown), /none has begun a task/);
  });
});

describe('enterprise.replayRun', () => {
  it('resolves with the comparison and shows it as a document', async () => {
    const window = await windowWithARun();
    const comparison = await window.vscode.run('enterprise.replayRun', 'run-1');
    assert.deepEqual(comparison, window.engine().comparison);
    assert.ok(window.vscode.executed.some(({ command }) => command === 'markdown.showPreview'));
  });

  it('shows texts of the run so that nothing in them becomes part of the document', () => {
    const text = replayReport('run-1', {
      sameResult: false,
      compared: { trees: 1, answers: 1, tools: 1, gates: 1 },
      differences: [{ where: 'docs', what: 'tool', before: '```\n# Not a title', now: '<img src=x>' }],
    });
    assert.match(text, /\*\*Another result\.\*\*/);
    assert.ok(text.includes('\n    ```\n    # Not a title\n') && text.includes('\n    <img src=x>'));
  });
});
