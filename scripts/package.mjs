// npm run package [-- FILE]: a .vsix of this platform (it contains ripgrep) that needs nothing else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './process.mjs';
import { root, setUp } from './setup.mjs';

const env = await setUp();
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const file = process.argv[2] ?? `${name}-${version}.vsix`;
const vsce = [
  'node_modules/@vscode/vsce/vsce',
  'package',
  '--no-dependencies',
  '--no-rewrite-relative-links',
];
const target = ['--target', `${process.platform}-${process.arch}`];
const code = await run('node', [...vsce, ...target, '--allow-missing-repository', '--out', file], {
  cwd: root,
  env,
});
process.exitCode = code;
