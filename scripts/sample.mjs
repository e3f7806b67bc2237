// The sample repository of `npm start`: a fresh copy of test/fixtures/sample with a history and its dependencies.
import { cp, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './process.mjs';
import { install, root } from './setup.mjs';

const author = { name: 'Sam Sample', email: 'sam@example.org' };

/** What each commit adds, in order; the last one takes the rest. */
const history = [
  [
    'Start the library with amounts of money',
    ['package.json', 'package-lock.json', 'tsconfig.json', 'src/money.ts'],
  ],
  ['Add lines and the basket', ['src/line.ts', 'src/basket.ts', 'src/discount.ts']],
  ['Test what there is', ['test']],
  ['Add shipping, tax and the receipt', ['.']],
];

/** Resolves to the absolute path of the new repository. */
export async function createSample(env) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'enterprise-sample-')));
  const isSource = (path) => !path.includes('node_modules') || path.startsWith(folder);
  await cp(join(root, 'test/fixtures/sample'), folder, { recursive: true, filter: isSource });
  await git(folder, 'init', '--quiet', '--template=', '--initial-branch=main');
  await git(folder, 'config', 'user.name', author.name);
  await git(folder, 'config', 'user.email', author.email);
  for (const [message, paths] of history) {
    await git(folder, 'add', '--', ...paths);
    await git(folder, '-c', 'commit.gpgSign=false', 'commit', '--quiet', '--no-verify', '--message', message);
  }
  await install(folder, env);
  return folder;
}

async function git(folder, ...args) {
  const code = await run('git', args, { cwd: folder });
  if (code !== 0) throw new Error(`git ${args.join(' ')} ended with ${code} in ${folder}`);
}
