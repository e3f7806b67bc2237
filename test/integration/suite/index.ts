import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

/**
 * What VS Code calls in its extension host. The page shows only the editor, so that counts and report go to the file
 * ENTERPRISE_TEST_RESULT names; it appears complete or not at all. ENTERPRISE_TEST_GREP picks tests by their names.
 */
export async function run(): Promise<void> {
  const lines: string[] = [];
  Mocha.reporters.Base.consoleLog = (...args: unknown[]) => lines.push(format(...args));
  const mocha = new Mocha({ timeout: 120_000, slow: 10_000, reporter: 'spec', forbidOnly: true });
  for (const name of readdirSync(__dirname).filter((file) => file.endsWith('.test.js'))) {
    mocha.addFile(join(__dirname, name));
  }
  const wanted = process.env['ENTERPRISE_TEST_GREP'];
  if (wanted !== undefined) mocha.grep(wanted);
  const counts = { passes: 0, failures: 0, pending: 0 };
  try {
    await new Promise<void>((resolve) => {
      const runner = mocha.run(() => {
        const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
        Object.assign(counts, { passes, failures, pending });
        resolve();
      });
    });
  } catch (error) {
    lines.push(format('the suite could not run:', error));
    counts.failures += 1;
  }
  leaveResult({ ...counts, report: lines.join('\n') });
  if (counts.failures > 0) throw new Error(`${counts.failures} tests failed`);
}

function leaveResult(result: unknown): void {
  const path = process.env['ENTERPRISE_TEST_RESULT'];
  if (path === undefined) throw new Error('ENTERPRISE_TEST_RESULT is not set');
  writeFileSync(`${path}.unfinished`, JSON.stringify(result));
  renameSync(`${path}.unfinished`, path);
}
