import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually } from '../../support/eventually';
import type { EnterpriseApi } from '../../../src/editor/publicApi';

const id = 'enterprise-execution.enterprise-execution-engine';

/** The plan of a run that waits for its approval, as a document. */
describe('a plan in the editor', () => {
  let api: EnterpriseApi;

  before(async () => {
    api =
      (await vscode.extensions.getExtension<EnterpriseApi>(id)?.activate()) ??
      assert.fail(`${id} is not there`);
  });

  it('shows its problems as it is typed, is not saved with them, and is handed in when it is saved without', async () => {
    const { runId } = await vscode.commands.executeCommand<{ runId: string }>('enterprise.runTask', {
      task: 'Check the code base',
      model: 'offline',
    });
    await eventually(async () => (await api.getRun(runId))?.state.name === 'awaiting_approval' || undefined);
    await vscode.commands.executeCommand('enterprise.editPlan', runId);
    const editor = await eventually(() => {
      const active = vscode.window.activeTextEditor;
      return active?.document.uri.scheme === 'enterprise-plan' ? active : undefined;
    });
    const { document } = editor;
    assert.equal(document.languageId, 'yaml');
    assert.match(document.getText(), new RegExp(`^# The plan of run ${runId}, revision 1`));
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);

    await type(editor, 'tasks:\n  - id: note\n    run: echo hello > note.txt\n    needs: [nothing]\n');
    const [problem] = await eventually(() => vscode.languages.getDiagnostics(document.uri));
    assert.equal(problem?.source, 'enterprise: plan');
    assert.match(problem.message, /needs `nothing`, which is not in the plan/);
    assert.equal(problem.range.start.line, 3);
    assert.equal(await document.save(), false, 'a plan that cannot be run is not saved');
    assert.equal((await api.getRun(runId))?.revision, 1);

    await type(editor, 'tasks:\n  - id: note\n    run: echo hello > note.txt\n');
    await eventually(() => vscode.languages.getDiagnostics(document.uri).length === 0 || undefined);
    assert.equal(await document.save(), true);
    const view = await eventually(async () => {
      const now = await api.getRun(runId);
      return now?.revision === 2 ? now : undefined;
    });
    assert.deepEqual(
      view.tasks.map(({ task, state }) => `${task.id} ${state.name}`),
      ['note pending'],
    );
    assert.equal(view.state.name, 'awaiting_approval', 'nothing runs before it is approved');
    const asked = await eventually(async () =>
      (await api.getRun(runId))?.approvals.map(({ title }) => title),
    );
    assert.deepEqual(asked, ['Run this plan (revision 2) of 1 task?']);
    assert.equal(
      document.getText(),
      'tasks:\n  - id: note\n    run: echo hello > note.txt\n',
      'what was typed stays',
    );
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await vscode.commands.executeCommand('enterprise.cancelRun', runId);
  });

  async function type(editor: vscode.TextEditor, text: string): Promise<void> {
    const { document } = editor;
    const whole = new vscode.Range(
      new vscode.Position(0, 0),
      document.lineAt(document.lineCount - 1).range.end,
    );
    assert.ok(await editor.edit((edit) => edit.replace(whole, text)));
  }
});
