import { posix } from 'node:path';

/** What one command sees and may do inside the sandbox. Whatever is not named here does not exist for it. */
export interface View {
  /** The worktree: the one folder it works on, read-write. Its real path. */
  readonly root: string;
  /** Another path that leads to the worktree. */
  readonly alias?: string;
  /** Absolute paths that exist, read-only. */
  readonly readOnly: readonly string[];
  /** Absolute paths that exist, read-write, besides the worktree and private empty folders. */
  readonly readWrite: readonly string[];
  /** Files laid into the otherwise empty home, by the absolute path they get; read-only. */
  readonly files: Readonly<Record<string, string>>;
  /** Links at the root of the machine's file system (`/bin` to `usr/bin`), by path. */
  readonly links: Readonly<Record<string, string>>;
  /** Paths inside the worktree that exist and must not change; `.git` among them. */
  readonly protect: readonly string[];
  /** Device files that take the place of the machine's, by the absolute path they get. */
  readonly devices: Readonly<Record<string, string>>;
  /** The person's home: there, and empty. Absolute. */
  readonly home: string;
  /**
   * `own`: only a loopback of its own. `inherited`: that of whoever starts it, which is a session's loopback. `machine`:
   * the machine's network, with everything that listens on its loopback.
   */
  readonly network: 'own' | 'inherited' | 'machine';
  /** A folder that takes the place of `/tmp`; commands may have written in it. Else it is empty and ends with the command. */
  readonly temporary?: string;
  /** Of each private empty folder. */
  readonly maxBytes: number;
  /** Whether new user namespaces are refused inside; older versions cannot. */
  readonly noNesting: boolean;
}

/** The file descriptor that bubblewrap reports on: `--json-status-fd`, bwrap(1). */
export const statusDescriptor = 3;

/**
 * Arguments of bubblewrap up to the `--` before the command. Mounts are listed parents first, so that what is named
 * inside a folder shows through it.
 */
export function sandboxArguments(view: View, cwd: string): string[] {
  return [
    ...['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
    ...(view.network === 'own' ? ['--unshare-net'] : []),
    ...(view.noNesting ? ['--disable-userns'] : []),
    ...['--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ...['--json-status-fd', String(statusDescriptor)],
    ...['--proc', '/proc', '--dev', '/dev', ...empty('/dev/shm', view)],
    ...Object.entries(view.devices).flatMap(([path, from]) => ['--dev-bind', from, path]),
    ...['--remount-ro', '/dev'],
    ...Object.entries(view.links).flatMap(([path, target]) => ['--symlink', target, path]),
    ...mountsOf(view).flatMap((mount) => mount.args),
    ...(view.alias === undefined ? [] : ['--symlink', view.root, view.alias]),
    // The root itself is memory: without this a command could fill it.
    ...['--remount-ro', '/'],
    ...['--chdir', cwd],
  ];
}

interface Mount {
  readonly path: string;
  readonly args: readonly string[];
}

function mountsOf(view: View): Mount[] {
  const mount = (option: string, from: string, path = from) => ({ path, args: [option, from, path] });
  const blank = (path: string) => ({ path, args: empty(path, view) });
  const mounts: Mount[] = [
    view.temporary === undefined ? blank('/tmp') : mount('--bind', view.temporary, '/tmp'),
    ...['/var/tmp', '/run'].map(blank),
    ...(isRoot(view.home) ? [] : [blank(view.home)]),
    ...view.readOnly.map((path) => mount('--ro-bind', path)),
    ...(view.network === 'machine' ? [mount('--ro-bind-try', '/etc/resolv.conf')] : []),
    ...view.readWrite.map((path) => mount('--bind', path)),
    mount('--bind', view.root),
    ...view.protect.map((path) => mount('--ro-bind', path)),
    ...Object.entries(view.files).map(([path, from]) => mount('--ro-bind', from, path)),
  ];
  const held =
    view.temporary === undefined ? [] : under('/tmp', [...mounts.map(({ path }) => path), view.alias]);
  // Sorting is stable: of two mounts at one path the later one in this list is what is seen.
  return [...held.map(blank), ...mounts].sort((a, b) => depth(a.path) - depth(b.path));
}

/**
 * What leads from a lasting folder to mounts deeper in it. Each of these is made a mount of its own, which no command can
 * put a link in the place of: the next one's mounts would go where that leads.
 */
function under(folder: string, paths: readonly (string | undefined)[]): string[] {
  const deeper = paths.flatMap((path) => (path?.startsWith(`${folder}/`) ? path.split(posix.sep)[2] : []));
  return [...new Set(deeper)].map((name) => posix.join(folder, name ?? ''));
}

function empty(path: string, { maxBytes }: View): string[] {
  return ['--size', String(maxBytes), '--tmpfs', path];
}

function depth(path: string): number {
  return path.split(posix.sep).length;
}

function isRoot(path: string): boolean {
  return posix.resolve(path) === '/';
}
