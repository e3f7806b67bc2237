import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Brings the VS Code server and workbench here from the npm registry, once, into `.vscode-test/` of the project. Its
 * natives are not compiled: what they do (file copying, logging, watching parents) is not needed by tests.
 */

const version = '4.139.1';
export const projectRoot = dirname(dirname(dirname(__dirname)));
const home = join(projectRoot, '.vscode-test');
const execute = promisify(execFile);

/** Absolute path of the folder with `out/server-main.js`; rejects with what npm said. */
export async function installServer(): Promise<string> {
  const folder = join(home, `code-server-${version}`);
  const server = (prefix: string) => join(prefix, 'node_modules/code-server/lib/vscode');
  if (existsSync(server(folder))) return server(folder);
  await mkdir(home, { recursive: true });
  // Under another name until it is complete: several runs may install at once, and one may be interrupted.
  const unfinished = await mkdtemp(join(home, 'unfinished-'));
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await npm(['install', '--prefix', unfinished, `code-server@${version}`, ...options], unfinished);
  await npm(['install', '--omit=dev', ...options], server(unfinished));
  if (existsSync(folder)) await rm(unfinished, { recursive: true });
  else await rename(unfinished, folder);
  return server(folder);
}

async function npm(args: readonly string[], cwd: string): Promise<void> {
  const script = process.env['npm_execpath'];
  const isScript = script?.endsWith('.js') === true;
  await execute(isScript ? process.execPath : 'npm', isScript ? [script, ...args] : args, { cwd });
}
