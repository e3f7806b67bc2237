import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runShell, type ProcessResult, type ProcessSpec } from '../../src/adapters/process/run';
import {
  createSandbox,
  type Command,
  type Sandbox,
  type SandboxOptions,
  type SandboxSession,
} from '../../src/adapters/process/sandbox';
import { treeEnvironment } from '../../src/adapters/process/treeEnvironment';
import { dependencyStores } from '../../src/adapters/workspace/dependencyStores';
import { steeringPaths } from '../../src/adapters/workspace/steeringPaths';

export const secret = 'SESAME-7781';

/** A machine in a folder: a home with keys, a checkout, a state folder, servers that listen, a program that runs. */
export interface SandboxWorld {
  readonly folder: string;
  readonly home: string;
  readonly checkout: string;
  readonly worktree: string;
  /** A TCP port of this machine, and a Unix socket, that count who connects. */
  readonly port: number;
  readonly socket: string;
  readonly visits: () => number;
  /** A program of the person. */
  readonly bystander: ChildProcess;
  readonly sandbox: Sandbox;
  /** Where sessions have their `/tmp`. */
  readonly scratch: string;
  run(
    command: string,
    more?: Partial<ProcessSpec> & Partial<Command> & { session?: SandboxSession | undefined },
  ): Promise<ProcessResult>;
  /** Everything outside the worktree and the scratch folder, as one digest. */
  outside(): string;
  close(): void;
}

/** @param hidden true: as on a machine without bubblewrap */
export async function sandboxWorld(
  options: { hidden?: boolean } & Partial<
    Pick<SandboxOptions, 'rules' | 'privateBytes' | 'environment'>
  > = {},
): Promise<SandboxWorld> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sandbox-world-')));
  const at = (path: string) => join(folder, path);
  furnish(folder);
  const servers = await listen(at('service.sock'));
  const bystander = spawn('sleep', ['600'], {
    env: { PATH: process.env['PATH'], SECRET_KEY: secret },
    stdio: 'ignore',
  });
  const [home, checkout, state] = [at('home'), at('checkout'), at('state')];
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'sandbox-scratch-')));
  const sandbox = createSandbox({
    rules: options.rules ?? {},
    environment: options.hidden ? { PATH: at('no-programs') } : (options.environment ?? process.env),
    home,
    hidden: [checkout, state],
    stores: (root) => dependencyStores(root, checkout, join(state, 'dependencies')),
    steering: steeringPaths,
    homeFiles: () => Promise.resolve({ '.gitconfig': join(state, 'gitconfig') }),
    privateBytes: options.privateBytes ?? 64 * 1024 ** 2,
    scratchFolder: scratch,
    deviceFolder: `${scratch}-devices`,
  });
  const worktree = at('state/worktrees/run/task');
  return {
    ...{ folder, home, checkout, worktree, bystander, sandbox, scratch },
    ...{ port: servers.port, socket: at('service.sock'), visits: servers.visits },
    run: async (command, { network, readWrite, guarded, session, ...spec } = {}) => {
      const wishes = {
        ...(network === undefined ? {} : { network }),
        ...(readWrite === undefined ? {} : { readWrite }),
        ...(guarded === undefined ? {} : { guarded }),
      };
      const confinement = await (session ?? sandbox).confine({ line: command, root: worktree, ...wishes });
      const env = treeEnvironment(worktree, { extra: { HOME: home } });
      return runShell({ command, cwd: worktree, env, timeoutMs: 20_000, confinement, ...spec });
    },
    outside: () => digestOf(folder, worktree),
    close: () => {
      bystander.kill('SIGKILL');
      servers.close();
      for (const path of [folder, scratch, `${scratch}-devices`])
        rmSync(path, { recursive: true, force: true });
    },
  };
}

function furnish(folder: string): void {
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  put('home/.ssh/id_ed25519', secret);
  put('home/.npmrc', `//registry.example/:_authToken=${secret}\n`);
  put('checkout/notes.txt', `not committed: ${secret}`);
  put('checkout/package.json', '{"name":"demo"}');
  put('checkout/node_modules/lib/package.json', '{"name":"lib","version":"1.0.0"}');
  put('checkout/node_modules/lib/index.js', 'module.exports = "from the checkout";\n');
  put('elsewhere/linked/package.json', '{"name":"linked"}');
  put('elsewhere/linked/index.js', 'module.exports = require("lib");\n');
  put('elsewhere/linked/node_modules/lib/index.js', 'module.exports = "beside the linked one";\n');
  symlinkSync(join(folder, 'elsewhere/linked'), join(folder, 'checkout/node_modules/linked'));
  put('state/journal.db', secret);
  put('state/gitconfig', '[user]\n\tname = Person\n\temail = person@example.com\n');
  put('state/worktrees/run/other/code.js', secret);
  const worktree = 'state/worktrees/run/task';
  put(`${worktree}/package.json`, '{"name":"demo"}');
  put(`${worktree}/.git/config`, '[core]\n');
  put(`${worktree}/.vscode/settings.json`, '{}');
  mkdirSync(join(folder, worktree, 'node_modules'));
  for (const name of ['lib', 'linked'])
    symlinkSync(join(folder, 'checkout/node_modules', name), join(folder, worktree, 'node_modules', name));
}

async function listen(socket: string) {
  let visits = 0;
  const open = (where: number | string): Promise<Server> =>
    new Promise((resolve) => {
      const server = createServer((connection) => {
        visits++;
        connection.on('error', () => connection.destroy()).end('hello\n');
      });
      if (typeof where === 'number') server.listen(where, '127.0.0.1', () => resolve(server));
      else server.listen(where, () => resolve(server));
    });
  const servers = await Promise.all([open(0), open(socket)]);
  const address = servers[0].address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    visits: () => visits,
    close: () => servers.forEach((server) => server.close()),
  };
}

function digestOf(folder: string, without: string): string {
  const hash = createHash('sha256');
  const walk = (path: string) => {
    if (path === without) return;
    const found = lstatSync(path);
    hash.update(`${path}\0${found.mode}\0`);
    if (found.isSymbolicLink()) hash.update(readlinkSync(path));
    else if (found.isFile()) hash.update(readFileSync(path));
    else if (found.isDirectory()) for (const name of readdirSync(path).sort()) walk(join(path, name));
  };
  walk(folder);
  return hash.digest('hex');
}
