import { fail, ok, type Result } from '../../base/result';
import type { HealthCheck } from '../../core/coordination/engine';
import type { Failure } from '../../core/model/failure';
import { countText } from '../../protocol/labels';
import type { EditorContext } from '../editorContext';
import { chooseFolder } from '../folders';
import { textScheme } from '../runDocuments';
import type { TextDocuments } from '../textDocuments';

/** Looks at everything a run needs and shows what it found as a document. Resolves with the checks. */
export async function doctor(
  editor: EditorContext,
  documents: TextDocuments,
): Promise<Result<HealthCheck[] | undefined, Failure>> {
  const folder = await chooseFolder(editor.api);
  if (!folder.ok) return folder;
  if (!folder.value) return ok(undefined);
  const engine = await editor.engines.open(folder.value);
  if (!engine.ok) return fail(engine.failure);
  const checks = await editor.api.window.withProgress(
    { location: editor.api.ProgressLocation.Notification, title: 'Enterprise: examining what a run needs' },
    () => engine.value.doctor(),
  );
  const uri = editor.api.Uri.from({ scheme: textScheme, path: '/Enterprise Doctor.md' });
  documents.write(uri, doctorReport(folder.value.uri.fsPath, checks));
  await editor.api.commands.executeCommand('markdown.showPreview', uri);
  return ok(checks);
}

export function doctorReport(workspace: string, checks: readonly HealthCheck[]): string {
  const errors = checks.filter((check) => check.status === 'error').length;
  const warnings = checks.filter((check) => check.status === 'warning').length;
  const verdict =
    errors > 0
      ? `${countText(errors, 'thing')} must be mended before a run can succeed.`
      : warnings > 0
        ? `Runs work here; ${countText(warnings, 'thing')} could be better.`
        : 'Everything a run needs is there.';
  const rows = checks.map(
    ({ name, status, message, remedy }) =>
      `| ${signs[status]} | ${cell(name)} | ${cell(message)} | ${cell(remedy ?? '')} |`,
  );
  return [
    '# Enterprise Doctor',
    '',
    `\`${workspace}\``,
    '',
    `**${verdict}**`,
    '',
    '| | Check | What was found | What to do |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

const signs: Record<HealthCheck['status'], string> = { ok: '✓', warning: '⚠ warning', error: '✗ error' };

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
