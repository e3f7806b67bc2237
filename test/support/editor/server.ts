import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { installServer } from './install';

/** Starts and stops the VS Code server: the real extension host, without a window. */

export interface EditorServer {
  /** `127.0.0.1:PORT`, also the authority of its files: `vscode-remote://127.0.0.1:PORT/abs/path`. */
  readonly authority: string;
  /** What the server and its extension host printed. */
  readonly logPath: string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** A folder for settings, installed extensions and logs. */
  readonly home: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Folders of extensions that are there when the server starts. */
  readonly companions?: readonly string[];
  /** A `.vsix` to install before the server starts. */
  readonly vsix?: string;
  /** Added to the environment of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** 0, the default, takes a free one. */
  readonly port?: number;
}

const quietSettings = {
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.colorTheme': 'Dark Modern',
  'window.autoDetectColorScheme': false,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'extensions.autoCheckUpdates': false,
  'update.mode': 'none',
  'git.openRepositoryInParentFolders': 'never',
};

const startTimeoutMs = 60_000;

export async function startServer(options: ServerOptions): Promise<EditorServer> {
  const program = join(await installServer(), 'out/server-main.js');
  const data = join(options.home, 'data');
  const settings = { ...quietSettings, ...options.settings };
  // A setting of machine scope counts only where the extension runs.
  for (const scope of ['User', 'Machine']) {
    await mkdir(join(data, scope), { recursive: true });
    await writeFile(join(data, scope, 'settings.json'), JSON.stringify(settings, undefined, 2));
  }
  const extensions = join(options.home, 'extensions');
  for (const companion of options.companions ?? [])
    await cp(companion, join(extensions, basename(companion)), { recursive: true });
  const folders = ['--user-data-dir', data, '--server-data-dir', data, '--extensions-dir', extensions];
  const common = [program, ...folders, '--accept-server-license-terms', '--telemetry-level', 'off'];
  const logPath = join(options.home, 'server.log');
  if (options.vsix !== undefined) await installExtension(common, options);
  const listen = ['--host', '127.0.0.1', '--port', String(options.port ?? 0), '--without-connection-token'];
  const child = start([...common, ...listen, '--enable-smoke-test-driver'], options);
  try {
    const port = await portOf(child, logPath);
    return { authority: `127.0.0.1:${port}`, logPath, stop: () => end(child) };
  } catch (error) {
    await end(child);
    throw error;
  }
}

/** In a process group of its own, so that its extension hosts end with it. */
function start(args: readonly string[], options: ServerOptions): ChildProcess {
  const env = { ...process.env, ...options.env };
  return spawn(process.execPath, args, {
    env,
    cwd: options.home,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function installExtension(common: readonly string[], options: ServerOptions): Promise<void> {
  const child = start([...common, '--install-extension', options.vsix ?? '', '--force'], options);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await new Promise<void>((resolve) => child.once('close', () => resolve()));
  if (!output.includes('was successfully installed')) {
    throw new Error(`${options.vsix ?? ''} could not be installed: ${output.trim().slice(-1000)}`);
  }
}

function portOf(child: ChildProcess, logPath: string): Promise<number> {
  const log = createWriteStream(logPath);
  let output = '';
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`the VS Code server ${why}: ${output.slice(-2000)}`));
    const timer = setTimeout(() => fail(`did not listen within ${startTimeoutMs / 1000} s`), startTimeoutMs);
    const hear = (chunk: Buffer) => {
      log.write(chunk);
      if (output.length < 100_000) output += chunk.toString();
      const port = /Extension host agent listening on (\d+)/.exec(output)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code) => {
      clearTimeout(timer);
      log.end();
      fail(`ended with ${code ?? 'a signal'}`);
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  signalGroup(child.pid, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child.pid ?? 0, 'SIGKILL'), 3000);
  await gone;
  clearTimeout(timer);
  signalGroup(child.pid, 'SIGKILL');
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid > 0) process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!isGone) throw error;
  }
}
