// npm run vscode [-- FOLDER]: opens the extension on a folder, by default a fresh sample repository.
import { resolve } from 'node:path';
import { callerFolder } from './callerFolder.mjs';
import { isOnPath, run } from './process.mjs';
import { createSample } from './sample.mjs';
import { root, setUp } from './setup.mjs';

const env = await setUp();
const given = process.argv[2];
const folder = given === undefined ? await createSample(env) : resolve(callerFolder(), given);

if (isOnPath('code')) {
  process.exitCode = await run('code', [`--extensionDevelopmentPath=${root}`, folder], { cwd: root, env });
} else {
  console.log('There is no desktop VS Code (`code`) here: the browser version is started.');
  const args = ['--import', 'tsx', 'test/support/editor/serve.ts', folder];
  process.exitCode = await run('node', args, { cwd: root, env });
}
