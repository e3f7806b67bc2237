// npm start: runs the engine in the terminal, on a sample repository or, with arguments, on what they say.
import { callerFolder } from './callerFolder.mjs';
import { run } from './process.mjs';
import { createSample } from './sample.mjs';
import { root, setUp } from './setup.mjs';
import { join } from 'node:path';

const env = await setUp();
const cli = join(root, 'dist/cli.js');
const given = process.argv.slice(2);

if (given.length > 0) {
  process.exitCode = await run('node', [cli, 'run', ...given], { cwd: callerFolder(), env });
} else {
  const sample = await createSample(env);
  console.log(`The sample repository is in ${sample}\n`);
  const args = [
    'run',
    '--workspace',
    sample,
    '--model',
    'offline',
    '--yes',
    'Check and tidy this repository',
  ];
  process.exitCode = await run('node', [cli, ...args], { cwd: sample, env });
  console.log(`\nLook at the result in ${sample}`);
}
