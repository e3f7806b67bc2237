import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runTests } from '@vscode/test-electron';
import * as z from 'zod';
import { createSample } from '../../../scripts/sample.mjs';
import { projectRoot } from '../../support/editor/install';
import { openEditor } from '../../support/editor/openEditor';
import type { Counts } from './counts';

/** Runs the suite of `test/integration/suite` inside the extension host of a desktop VS Code, or of its server. */

const resultSchema = z.object({
  passes: z.number(),
  failures: z.number(),
  pending: z.number(),
  report: z.string(),
});
const suiteTimeoutMs = 10 * 60_000;
const suite = join(projectRoot, 'out/suite/index.js');
/** Brings the language model that the suite calls. */
const companion = join(projectRoot, 'test/fixtures/fake-model-extension');

export async function runSuite(): Promise<Counts> {
  const home = await mkdtemp(join(tmpdir(), 'enterprise-suite-'));
  const folder = await createSample(process.env);
  const resultPath = join(home, 'result.json');
  const env = { ENTERPRISE_TEST_RESULT: resultPath, ENTERPRISE_HOME: join(home, 'state') };
  try {
    if (await canUseDesktop()) await runInDesktop(folder, env);
    else await runInServer(folder, env, resultPath);
    return await resultOf(resultPath);
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** ENTERPRISE_EDITOR=server|desktop decides; else the desktop is used where it can be downloaded and shown. */
async function canUseDesktop(): Promise<boolean> {
  const wish = process.env['ENTERPRISE_EDITOR'];
  if (wish !== undefined) return wish === 'desktop';
  if (process.platform === 'linux' && process.env['DISPLAY'] === undefined) return false;
  try {
    const address = 'https://update.code.visualstudio.com/api/releases/stable';
    return (await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(3000) })).ok;
  } catch (error) {
    console.log(`No VS Code can be downloaded (${String(error)}): its server is used.`);
    return false;
  }
}

async function runInDesktop(folder: string, env: Record<string, string>): Promise<void> {
  try {
    await runTests({
      extensionDevelopmentPath: [projectRoot, companion],
      extensionTestsPath: suite,
      extensionTestsEnv: env,
      launchArgs: [folder, '--disable-workspace-trust', '--disable-extensions'],
    });
  } catch (error) {
    // It rejects for red tests too; those are in the result.
    console.log(`The desktop editor ended with: ${String(error)}`);
  }
}

async function runInServer(folder: string, env: Record<string, string>, resultPath: string): Promise<void> {
  const extensions = { extension: projectRoot, companions: [companion] };
  const editor = await openEditor({ folder, ...extensions, extensionTests: suite, env });
  try {
    const deadline = performance.now() + suiteTimeoutMs;
    while (!existsSync(resultPath) && performance.now() < deadline) await delay(200);
    if (!existsSync(resultPath)) console.log((await readFile(editor.logPath, 'utf8')).slice(-20_000));
  } finally {
    await editor.close();
  }
}

async function resultOf(path: string): Promise<Counts> {
  if (!existsSync(path)) {
    console.log('The suite left no result, which is a failure.');
    return { passes: 0, failures: 1, pending: 0 };
  }
  const { report, ...counts } = resultSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  console.log(report);
  return counts;
}
