import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../../support/eventually';

/** What only the real window can show: that views, documents and settings are there as the manifest says. */
describe('the views', () => {
  for (const view of [
    'enterprise.panel',
    'enterprise.runs',
    'enterprise.todos',
    'enterprise.agents',
    'enterprise.gates',
  ]) {
    it(`${view} can be opened`, async () => {
      await vscode.commands.executeCommand(`${view}.focus`);
    });
  }

  it('the dashboard opens once, however often it is asked for', async () => {
    await vscode.commands.executeCommand('enterprise.openDashboard');
    await vscode.commands.executeCommand('enterprise.openDashboard');
    const tabs = await eventually(() => allTabs().filter((tab) => tab.label === 'Enterprise Dashboard'));
    assert.equal(tabs.length, 1);
    await vscode.window.tabGroups.close(tabs);
  });

  it('the doctor answers with its checks and shows them', async () => {
    const checks =
      await vscode.commands.executeCommand<{ name: string; status: string }[]>('enterprise.doctor');
    assert.ok(checks.length > 3);
    assert.deepEqual(
      checks.filter(({ status }) => !['ok', 'warning', 'error'].includes(status)),
      [],
    );
  });
});

function allTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs);
}

describe('the settings', () => {
  it('can only be set by the person, not by a repository', () => {
    const configuration = vscode.workspace.getConfiguration('enterprise');
    for (const key of ['model', 'baseUrl', 'approval', 'gates.commands', 'maxParallel', 'worktrees.folder']) {
      assert.notEqual(configuration.inspect(key)?.defaultValue, undefined, key);
    }
    return assert.rejects(
      Promise.resolve(configuration.update('approval', 'approveAll', vscode.ConfigurationTarget.Workspace)),
    );
  });
});
