// What every script here does first: check Node, install what package-lock.json names, build what changed. It needs
// nothing but Node 20 and npm. Node 24 comes from the registry: node_modules/.bin leads the PATH of all that is started.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment, npm, run } from './process.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Ends the script with one line where this Node cannot run the others. */
function requireNode(major) {
  if (Number(process.versions.node.split('.')[0]) >= major) return;
  console.error(
    `Node ${major} or newer is needed; this is ${process.version}. Install it from https://nodejs.org`,
  );
  process.exit(2);
}

/** Whether node_modules holds every package of the lockfile in its version. */
export function isInstalled(folder) {
  const installedPath = join(folder, 'node_modules/.package-lock.json');
  if (!existsSync(installedPath)) return false;
  const wanted = readPackages(join(folder, 'package-lock.json'));
  const installed = readPackages(installedPath);
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const found = installed[path];
    return found === undefined ? optional === true : found.version === version;
  });
}

function readPackages(lockfile) {
  return JSON.parse(readFileSync(lockfile, 'utf8')).packages;
}

/** Installs the dependencies of a folder with a lockfile, unless they are there. Ends the script where npm fails. */
export async function install(folder, env = process.env) {
  if (isInstalled(folder)) return;
  console.log(`Installing the dependencies of ${folder === root ? 'this project' : folder} …`);
  const options = ['--no-audit', '--no-fund', '--loglevel=error', '--include=dev'];
  const code = await run(...npm('ci', ...options), { cwd: folder, env });
  if (code !== 0) process.exit(code);
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Identifies what the build reads. */
function sourceDigest() {
  const digest = createHash('sha256');
  const folders = ['src', 'webview', 'test/integration/suite'];
  const files = ['esbuild.mjs', 'package.json', 'package-lock.json', 'tsconfig.json'].map((name) =>
    join(root, name),
  );
  for (const file of [...files, ...folders.flatMap((folder) => filesUnder(join(root, folder)))]) {
    digest.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return digest.digest('hex');
}

/** Builds dist/ and out/, unless they were built from the same sources. Ends the script where the build fails. */
async function buildIfChanged() {
  const stamp = join(root, 'node_modules/.cache/enterprise-build');
  const digest = sourceDigest();
  const isBuilt = ['dist/cli.js', 'dist/extension.js', 'out'].every((path) => existsSync(join(root, path)));
  if (isBuilt && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  console.log('Building …');
  const code = await run('node', ['esbuild.mjs', '--tests'], { cwd: root, env: environment(root) });
  if (code !== 0) process.exit(code);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

/** Makes the project ready to run. Returns the environment to start its programs with. */
export async function setUp({ build = true } = {}) {
  requireNode(20);
  await install(root);
  if (build) await buildIfChanged();
  return environment(root);
}
