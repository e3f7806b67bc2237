import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from './install';
import { addressOf, linkedExtension } from './openEditor';
import { startServer } from './server';

/** Serves the editor with this extension on a folder, until it is interrupted: `serve.ts FOLDER`. */
async function serve(folder: string): Promise<void> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'enterprise-editor-')));
  const server = await startServer({ home, settings: { 'security.workspace.trust.enabled': true } });
  const address = addressOf(server.authority, { folder, ...(await linkedExtension(projectRoot, home)) });
  console.log(`\nOpen this address in a browser on this machine (Ctrl-C ends it):\n\n  ${address}\n`);
  const stop = async () => {
    await server.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
    process.exit(0);
  };
  process.once('SIGINT', () => void stop()).once('SIGTERM', () => void stop());
}

void serve(process.argv[2] ?? process.cwd());
