import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const id = 'enterprise-execution.enterprise-execution-engine';
const commands = [
  'enterprise.runTask',
  'enterprise.openDashboard',
  'enterprise.cancelRun',
  'enterprise.pauseRun',
  'enterprise.resumeRun',
  'enterprise.reviewChanges',
  'enterprise.deliverRun',
  'enterprise.undoRun',
  'enterprise.showReport',
  'enterprise.configureModel',
  'enterprise.doctor',
];

describe('the extension', () => {
  it('activates', async function () {
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension, `${id} is not there`);
    const wasActive = extension.isActive;
    const startedAt = performance.now();
    await extension.activate();
    const durationMs = performance.now() - startedAt;
    // A measurement for the report, not a limit: the machine may be busy.
    if (this.test !== undefined && !wasActive)
      this.test.title += ` (in ${durationMs.toFixed(1)} ms, loading included)`;
    assert.equal(extension.isActive, true);
  });

  it('registers every command it promises', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      commands.filter((command) => !registered.has(command)),
      [],
    );
  });

  it('gives other extensions version 1 of its interface', () => {
    const exported: unknown = vscode.extensions.getExtension(id)?.exports;
    assert.ok(typeof exported === 'object' && exported !== null);
    assert.deepEqual(
      ['version', 'runTask', 'getRun', 'listRuns', 'onDidChangeRun', 'waitForRun'].filter(
        (name) => !(name in exported),
      ),
      [],
    );
    assert.equal('version' in exported && exported.version, 1);
  });
});
