import { join } from 'node:path';
import { globSync } from 'node:fs';
import Mocha from 'mocha';
import { findChromium } from '../../support/editor/chromium';
import { installServer, projectRoot } from '../../support/editor/install';
import { leaveCounts, sum, type Counts } from './counts';
import { runSuite } from './extensionHost';

/**
 * The integration tier. First the suite that runs inside the extension host of a real VS Code, then the tests that look
 * at its window from outside; ENTERPRISE_TEST_GREP picks tests of both by their names. Where there is no editor or no
 * browser, that is said and counted as skipped.
 */
async function main(): Promise<number> {
  const missing = await whatIsMissing();
  if (missing !== undefined) {
    console.log(`Integration tests cannot run here: ${missing}. They are counted as skipped.`);
    leaveCounts({ passes: 0, failures: 0, pending: 1 });
    return 0;
  }
  console.log('Inside the extension host:');
  const inside = await runSuite();
  console.log('From outside, in the window:');
  const outside = await runPageTests();
  const counts = sum([inside, outside]);
  leaveCounts(counts);
  return counts.failures > 0 ? 1 : 0;
}

async function whatIsMissing(): Promise<string | undefined> {
  const chromium = await findChromium();
  if ('missing' in chromium) return chromium.missing;
  try {
    await installServer();
    return undefined;
  } catch (error) {
    return `the VS Code server could not be installed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function runPageTests(): Promise<Counts> {
  const mocha = new Mocha({ timeout: 180_000, slow: 60_000, reporter: 'spec', forbidOnly: true });
  const files = globSync('test/integration/page/**/*.test.ts', { cwd: projectRoot }).sort();
  for (const file of files) mocha.addFile(join(projectRoot, file));
  const wanted = process.env['ENTERPRISE_TEST_GREP'];
  if (wanted !== undefined) mocha.grep(wanted);
  await mocha.loadFilesAsync();
  return new Promise((resolve) => {
    const runner = mocha.run(() => {
      const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
      resolve({ passes, failures, pending });
    });
  });
}

void main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
