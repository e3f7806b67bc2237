import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RunView } from '../../../src/core/model/run';
import { eventually } from '../../support/eventually';
import type { EnterpriseApi } from '../../../src/editor/publicApi';

const id = 'enterprise-execution.enterprise-execution-engine';
const plan = (run: string) =>
  JSON.stringify({ tasks: [{ id: 'edit', title: 'Edit a file', run, gates: ['types'] }] });

/** Tasks of the sample repository, run as another extension or a person would run them. */
describe('a run in the editor', () => {
  let api: EnterpriseApi;
  let root: string;

  before(async () => {
    api =
      (await vscode.extensions.getExtension<EnterpriseApi>(id)?.activate()) ??
      assert.fail(`${id} is not there`);
    root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail('no folder is open');
  });

  it('goes from enterprise.runTask to a delivered change with reports, and back with one undo', async () => {
    const before = readFileSync(join(root, 'src/money.ts'), 'utf8');
    const { runId } = await start({
      workflow: await workflow('tidy', 'printf "\\n// kept tidy\\n" >> src/money.ts'),
      deliver: 'auto',
    });
    const ended = await api.waitForRun(runId);
    assert.equal(ended.state.name, 'delivered', JSON.stringify(ended.failures));
    assert.match(readFileSync(join(root, 'src/money.ts'), 'utf8'), /kept tidy/);
    assert.ok(ended.reportFolder);
    await vscode.workspace.fs.stat(vscode.Uri.file(join(ended.reportFolder, 'report.md')));
    await vscode.commands.executeCommand('enterprise.undoRun', runId);
    assert.equal(readFileSync(join(root, 'src/money.ts'), 'utf8'), before);
  });

  it('raises a type error that a task made as a problem at its line', async () => {
    const { runId } = await start({
      workflow: await workflow('break', 'printf \'export const broken: number = "no";\\n\' > src/broken.ts'),
      deliver: 'never',
    });
    await api.waitForRun(runId);
    const uri = vscode.Uri.file(join(root, 'src/broken.ts'));
    const found = await eventually(() =>
      vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'enterprise: types'),
    );
    assert.deepEqual(
      found.map(({ range, severity }) => [
        range.start.line,
        range.start.character,
        vscode.DiagnosticSeverity[severity],
      ]),
      [[0, 13, 'Error']],
    );
    await vscode.commands.executeCommand('enterprise.cancelRun', runId).then(undefined, () => undefined);
  });

  it('refuses to deliver over unsaved changes, and names the file', async () => {
    const { runId } = await start({
      workflow: await workflow('tidy', 'printf "\\n// kept tidy\\n" >> src/tax.ts'),
      deliver: 'never',
    });
    const waiting = await api.waitForRun(runId);
    assert.equal(waiting.state.name, 'awaiting_delivery', JSON.stringify(waiting.failures));
    const document = await vscode.workspace.openTextDocument(join(root, 'src/tax.ts'));
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// typed by the person\n'));
    await assert.rejects(
      Promise.resolve(vscode.commands.executeCommand('enterprise.deliverRun', runId)),
      /src\/tax\.ts has unsaved changes/,
    );
    assert.match(document.getText(), /typed by the person/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('enterprise.deliverRun', runId);
    assert.match(readFileSync(join(root, 'src/tax.ts'), 'utf8'), /kept tidy/);
    await vscode.commands.executeCommand('enterprise.undoRun', runId);
  });

  it('can be cancelled while its plan waits for approval, and changes nothing', async () => {
    const seen: string[] = [];
    const subscription = api.onDidChangeRun((view) => seen.push(view.state.name));
    const result = await vscode.commands.executeCommand<{ runId: string }>('enterprise.runTask', {
      task: 'Check the code base',
      model: 'offline',
    });
    await eventually(
      async () => (await api.getRun(result.runId))?.state.name === 'awaiting_approval' || undefined,
    );
    await vscode.commands.executeCommand('enterprise.cancelRun', result.runId);
    const ended: RunView = await api.waitForRun(result.runId);
    subscription.dispose();
    assert.equal(ended.state.name, 'cancelled');
    assert.ok(seen.includes('awaiting_approval'));
  });

  async function start(options: { workflow: string; deliver: 'auto' | 'never' }): Promise<{ runId: string }> {
    const request = {
      task: `Run the workflow ${options.workflow}`,
      model: 'offline',
      approvePlan: true,
      ...options,
    };
    return vscode.commands.executeCommand<{ runId: string }>('enterprise.runTask', request);
  }

  /** Writes a project workflow of one command task and resolves with its name. */
  async function workflow(name: string, run: string): Promise<string> {
    const folder = join(root, '.enterprise/workflows');
    await vscode.workspace.fs.createDirectory(vscode.Uri.file(folder));
    writeFileSync(join(folder, `${name}.yaml`), plan(run).replace('{', `{"name": "${name}", `));
    return name;
  }
});
