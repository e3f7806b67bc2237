import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { eventually } from '../../support/eventually';

/** Writing an agent's file in the real editor. */
describe('an agent file', () => {
  let file: vscode.Uri;
  let folder: string;

  before(async () => {
    const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail('no folder is open');
    folder = join(root, '.claude');
    file = vscode.Uri.file(join(folder, 'agents/written-here.md'));
    const text = '---\nname: written-here\ndescription: b\nmaxTurns: many\ntools: \n\n---\nWork.\n';
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
    await vscode.extensions.getExtension('enterprise-execution.enterprise-execution-engine')?.activate();
    await vscode.window.showTextDocument(file);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is completed with fields and tools', async () => {
    const labels = async (line: number, column: number) => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        file,
        new vscode.Position(line, column),
      );
      return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    const fields = await labels(5, 0);
    assert.ok(fields.includes('skills') && fields.includes('disallowedTools'), fields.join());
    const tools = await labels(4, 7);
    assert.ok(tools.includes('apply_patch') && tools.includes('grep'), tools.join());
  });

  it('explains its fields', async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      file,
      new vscode.Position(3, 2),
    );
    const texts = hovers.flatMap(({ contents }) =>
      contents.map((one) => (one as vscode.MarkdownString).value),
    );
    assert.ok(
      texts.some((text) => text.includes('The most steps one attempt may take.')),
      texts.join('\n'),
    );
  });

  it('shows its problem at the line, once the agents were looked at', async () => {
    await vscode.commands.executeCommand('enterprise.agents.focus');
    const found = await eventually(() =>
      vscode.languages.getDiagnostics(file).filter(({ source }) => source === 'enterprise: agents'),
    );
    assert.deepEqual(
      found.map(({ range, message }) => `${range.start.line + 1} ${message}`),
      ['4 `maxTurns` is not a whole number of 1 or more; it was left out.'],
    );
  });
});
