import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './install';
import { addressOf } from './openEditor';
import { startServer } from './server';

/** Serves the editor with this extension on a folder, until it is interrupted: `serve.ts FOLDER`. */
async function serve(folder: string): Promise<void> {
  const home = join(projectRoot, '.vscode-test/home');
  await mkdir(home, { recursive: true });
  const server = await startServer({ home, settings: { 'security.workspace.trust.enabled': true } });
  const address = addressOf(server.authority, { folder, extension: projectRoot });
  console.log(`\nOpen this address in a browser on this machine (Ctrl-C ends it):\n\n  ${address}\n`);
  const stop = () => void server.stop().then(() => process.exit(0));
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

void serve(process.argv[2] ?? process.cwd());
