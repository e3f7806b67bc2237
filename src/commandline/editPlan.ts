import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail, ok, type Result } from '../base/result';
import type { Failure } from '../core/model/failure';

/**
 * Opens a text in the person's editor (`VISUAL`, else `EDITOR`, with its arguments) and gives what they left there;
 * `undefined` when they changed nothing.
 */
export async function editPlan(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Result<string | undefined, Failure>> {
  const editor = environment['VISUAL'] ?? environment['EDITOR'];
  if (editor === undefined || editor.trim() === '')
    return fail({
      kind: 'usage',
      message: 'No editor is named.',
      remedy: 'Set EDITOR, or hand in a file: enterprise replan RUN --plan FILE.',
    });
  const folder = await mkdtemp(join(tmpdir(), 'enterprise-plan-'));
  try {
    const file = join(folder, 'plan.yaml');
    await writeFile(file, text);
    const code = await opened(editor, file);
    if (code !== 0)
      return fail({
        kind: 'usage',
        message: `${editor} ended with ${code ?? 'a signal'}.`,
        remedy: 'Nothing was changed.',
      });
    const edited = await readFile(file, 'utf8');
    return ok(edited === text ? undefined : edited);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Through a shell, because people write arguments into the variable: `code --wait`. */
function opened(editor: string, file: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const quoted = process.platform === 'win32' ? `"${file}"` : `'${file.replaceAll("'", "'\\''")}'`;
    spawn(`${editor} ${quoted}`, { shell: true, stdio: 'inherit' }).on('close', resolve).on('error', reject);
  });
}
