import { spawn, type ChildProcess } from 'node:child_process';
import { open, type FileHandle } from 'node:fs/promises';
import { overEmptyFolder } from './bubblewrap';
import { childEnvironment } from './childEnvironment';
import { runProcess } from './run';
import { sandboxArguments, type View } from './sandboxArguments';

/**
 * A network that leads nowhere, with one loopback for all commands of a session: what one of them serves there, another
 * can ask. It is held by open files of this process alone: no program stays for it, and it ends with this process.
 */
export interface Loopback {
  /** What starts a program in it, absolute, and its arguments up to the program: nsenter(1). */
  readonly file: string;
  readonly args: () => string[];
  /** How it is called inside, as the link `/proc/self/ns/net` says it (namespaces(7)). */
  readonly name: string;
  /** Gives it back; what still runs in it keeps it for as long. */
  readonly close: () => Promise<void>;
}

export interface LoopbackPrograms {
  /** Absolute. */
  readonly bubblewrap: string;
  /** Absolute. */
  readonly nsenter: string;
}

/** Rejects where the machine does not allow it. */
export async function openLoopback(programs: LoopbackPrograms): Promise<Loopback> {
  const child = startHolder(programs.bubblewrap);
  const files: FileHandle[] = [];
  try {
    const [id, ...names] = (await said(child)).trim().split('\n');
    for (const kind of ['user', 'net']) files.push(await open(`/proc/${id}/ns/${kind}`));
    // Had it ended meanwhile, its number could be somebody else's by now; these names are never given twice.
    const opened = await Promise.all(files.map(async (file) => (await file.stat()).ino));
    if (`user:[${opened[0]}] net:[${opened[1]}]` !== names.join(' ')) throw new Error(tooLate);
    const [user, net] = files;
    return {
      file: programs.nsenter,
      args: () => [`--user=${pathOf(user)}`, `--net=${pathOf(net)}`, '--preserve-credentials', '--'],
      name: names[1] ?? '',
      close: async () => {
        await Promise.all(files.map((file) => file.close()));
      },
    };
  } catch (error) {
    await Promise.all(files.map((file) => file.close()));
    throw error;
  } finally {
    child.stdin?.end();
  }
}

/** For programs started by this process. A file that is closed leads nowhere: its number is -1 then. */
function pathOf(file: FileHandle | undefined): string {
  return `/proc/${process.pid}/fd/${file?.fd ?? -1}`;
}

/**
 * Whether commands can be put into one here. Tried once, by starting a program in it and asking where it is: it must not
 * be on the machine's network.
 * @param view what to show of the machine to a command that inherits its network
 */
export async function loopbackWorks(
  programs: LoopbackPrograms,
  view: (root: string) => View,
): Promise<boolean> {
  const loopback = await openLoopback(programs).catch(() => undefined);
  if (loopback === undefined) return false;
  try {
    return await overEmptyFolder(async (cwd) => {
      const args = () => [...loopback.args(), programs.bubblewrap, ...sandboxArguments(view(cwd), cwd)];
      const confinement = { file: loopback.file, args, env: {} };
      const spec = { file: 'readlink', args: ['/proc/self/ns/net'], cwd, timeoutMs: limitMs, confinement };
      const run = await runProcess(spec);
      return run.exitCode === 0 && run.stdout.trim() === loopback.name;
    });
  } finally {
    await loopback.close();
  }
}

const tooLate = 'the program that made the loopback ended before it could be kept';
/** How long a machine may take to start the holder. */
const limitMs = 10_000;

/** Makes the namespaces, says its number and their names, and stays until its input ends. Nothing else runs in it. */
function startHolder(bubblewrap: string): ChildProcess {
  const script = 'echo $$; readlink /proc/self/ns/user /proc/self/ns/net; read -r end';
  const args = ['--unshare-user', '--unshare-net', '--die-with-parent', '--cap-drop', 'ALL'];
  const child = spawn(bubblewrap, [...args, '--dev-bind', '/', '/', '--', '/bin/sh', '-c', script], {
    cwd: '/',
    env: childEnvironment(),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  // It may end before it is told to; what it did not say tells what matters.
  child.stdin.on('error', () => undefined);
  return child;
}

/** Three lines; rejects when they do not come. */
function said(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(tooLate));
    });
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.split('\n').length > 3) resolve(text);
    });
  });
}
