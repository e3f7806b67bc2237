import { readdir, readlink, realpath, stat } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** What of the machine programs need to run, all of it read-only. */
export interface MachineView {
  readonly readOnly: readonly string[];
  /** Links at the root of the file system, by path. */
  readonly links: Readonly<Record<string, string>>;
}

/** Software by the file system's own convention (hier(7)), and of package systems with places of their own. */
const systemFolders = [
  ...['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/opt', '/snap'],
  ...['/nix/store', '/gnu/store', '/run/current-system', join('/home', 'linuxbrew', '.linuxbrew')],
];

/**
 * Of `/etc` what programs look up: names, certificates, time, libraries, fonts. No keys, no accounts' secrets. Each costs
 * about half a millisecond per command, so nothing stands here for the sake of completeness.
 */
const settings = [
  ...['passwd', 'group', 'nsswitch.conf', 'hosts', 'services', 'protocols', 'os-release', 'mime.types'],
  ...['ssl/certs', 'ssl/openssl.cnf', 'pki/tls/certs', 'pki/ca-trust', 'crypto-policies', 'ld.so.cache'],
  ...['alternatives', 'localtime', 'timezone', 'fonts', 'static'],
].map((name) => `/etc/${name}`);

/** Under the home: tools and what they have fetched. None of them holds keys; `.cargo` and `.config` as a whole would. */
const toolFolders = [
  ...['.nvm/versions', '.volta', '.fnm', '.local/share/fnm', '.asdf', '.local/share/mise', '.nodenv', '.n'],
  ...['.local/share/pnpm', '.yarn/berry/cache', '.bun/bin', '.deno/bin', '.corepack', '.cache/node/corepack'],
  ...['.cargo/bin', '.cargo/registry', '.cargo/git', '.rustup', 'go/bin', 'go/pkg/mod', '.goenv', 'sdk'],
  ...['.pyenv', '.rbenv', '.rvm', '.gem', '.sdkman/candidates', '.jenv', '.m2/repository', '.m2/wrapper'],
  ...[
    '.gradle/wrapper',
    '.local/bin',
    '.local/lib',
    '.local/pipx',
    '.local/share/uv',
    '.local/share/virtualenv',
  ],
  ...['.cache/ms-playwright', '.cache/puppeteer', '.cache/Cypress', '.dotnet', '.nuget/packages', '.ghcup'],
];

export interface MachineOptions {
  /** `PATH` of the commands. */
  readonly path: string;
  readonly home: string;
  /** Programs that must be runnable wherever they are installed. */
  readonly programs: readonly string[];
  /** Folders that must not be shown as a whole: the person's repository, the state folder. */
  readonly hidden: readonly string[];
}

/** Looks once at what there is; a path that is not there is left out. */
export async function machineView(options: MachineOptions): Promise<MachineView> {
  const links: Record<string, string> = {};
  const readOnly: string[] = [];
  for (const path of systemFolders) {
    const target = dirname(path) === '/' ? await readlink(path).catch(() => undefined) : undefined;
    if (target !== undefined) links[path] = target;
    else if (await exists(path)) readOnly.push(path);
  }
  const fixed = [...settings, ...toolFolders.map((name) => join(options.home, name))];
  for (const path of fixed) if (await exists(path)) readOnly.push(path);
  for (const path of await installations(options, [...readOnly, ...Object.keys(links)])) readOnly.push(path);
  return { readOnly: withoutNested(readOnly), links };
}

/** Folders of the PATH elsewhere, and the installations that the programs in them lead to. */
async function installations(options: MachineOptions, shown: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const isShown = (path: string) => [...shown, ...found].some((folder) => isInside(folder, path));
  const show = (path: string) => {
    if (!isShown(path) && !covers(path, options)) found.push(path);
  };
  const folders = [...new Set(options.path.split(delimiter).filter(isAbsolute))].filter(
    (folder) => !/[\\/]node_modules[\\/]\.bin$/.test(folder),
  );
  for (const folder of folders) {
    if (!(await exists(folder))) continue;
    show(folder);
    const names = await readdir(folder).catch(() => []);
    for (const name of isShown(folder) && isSystem(folder) ? [] : names) await follow(join(folder, name));
  }
  for (const program of options.programs) await follow(program);
  return found;

  async function follow(program: string): Promise<void> {
    const real = await realpath(program).catch(() => undefined);
    if (real === undefined) return;
    const installation = await installationOf(real);
    // What is not an installation of its own (`~/bin/tool` beside `~/lib`) must not bring the whole folder.
    show(
      dirname(installation) === resolve(options.home) || covers(installation, options) ? real : installation,
    );
  }
}

/** `…/bin/node` belongs to `…` where libraries stand beside it; any other program is only itself. */
async function installationOf(program: string): Promise<string> {
  const folder = dirname(program);
  const above = dirname(folder);
  const isInstalled =
    /^s?bin$/.test(folder.slice(folder.lastIndexOf(sep) + 1)) &&
    ((await exists(join(above, 'lib'))) || (await exists(join(above, 'pyvenv.cfg'))));
  return isInstalled ? above : program;
}

function isSystem(folder: string): boolean {
  return systemFolders.some((system) => isInside(system, folder));
}

/** Whether showing a folder would show the home, the repository or the state folder with it. */
function covers(path: string, { home, hidden }: MachineOptions): boolean {
  return [home, join(home, '.local', 'share'), ...hidden].some((folder) => isInside(path, folder));
}

/** The shortest list that shows the same. */
export function withoutNested(paths: readonly string[]): string[] {
  const unique = [...new Set(paths)];
  return unique.filter((path) => !unique.some((other) => other !== path && isInside(other, path)));
}

export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

export function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
