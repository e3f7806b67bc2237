// npm run bench: the measurements of test/bench, one after another so that they do not disturb each other.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './process.mjs';
import { root, setUp } from './setup.mjs';

const env = await setUp();
const folder = join(root, 'test/bench');
for (const name of readdirSync(folder)
  .filter((file) => file.endsWith('.bench.ts'))
  .sort()) {
  console.log(`\n── ${name}`);
  const code = await run('node', ['--import', 'tsx', join(folder, name)], { cwd: root, env });
  if (code !== 0) process.exitCode = 1;
}
