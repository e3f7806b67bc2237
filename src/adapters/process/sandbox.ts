import { realpath } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { findBubblewrap, findProgram, tryBubblewrap, type Bubblewrap, type NoSandbox } from './bubblewrap';
import { exists, isInside, machineView, withoutNested, type MachineView } from './machineView';
import { beginsWithOneOf } from './networkRules';
import { mendDevices, ownDevices } from './ownDevices';
import type { Confinement } from './run';
import { sandboxArguments, type View } from './sandboxArguments';
import { loopbackWorks, openLoopback, type Loopback, type LoopbackPrograms } from './sandboxLoopback';
import { sharedPlace, type Shared, type SharedPlace } from './sandboxSession';

/**
 * The sandbox commands run in: bubblewrap, where the machine has it. Laws L1 and L5 of the threat model: what agents and
 * repositories choose to run sees its worktree, the tools of the machine and nothing else; where there is no sandbox,
 * everybody who asks is told so and why.
 */
export interface Sandbox {
  /** Found out on the first question, by starting a program in it; it stays for the life of the engine. */
  state(): Promise<SandboxState>;
  /** What to start a command with that shares nothing with others; undefined where there is no sandbox. */
  confine(command: Command): Promise<SandboxConfinement | undefined>;
  /** For commands that belong together: they share `/tmp` and, where `sharesLoopback`, the loopback. */
  session(): SandboxSession;
  /** Whether what one command of a session serves on its loopback answers the others. Tried once. */
  sharesLoopback(): Promise<boolean>;
  /** Whether such a command line would reach the network. */
  hasNetwork(commandLine: string): Promise<boolean>;
  /** How such a command line would run, in a sentence for the person who is asked. */
  describe(commandLine: string): Promise<string>;
}

export type SandboxState = { readonly kind: 'ready'; readonly version: string } | NoSandbox;

export interface Command {
  /** What rules about the network are matched with. */
  readonly line: string;
  /** The worktree; absolute. */
  readonly root: string;
  /** Paths besides the worktree that it may write. */
  readonly readWrite?: readonly string[];
  /** Grants the network whatever the rules say: for command lines that are the engine's own. */
  readonly network?: boolean;
  /** Whether files that steer agents and tools are read-only for it. */
  readonly guarded?: boolean;
}

export interface SandboxConfinement extends Confinement {
  readonly network: boolean;
  /** Who else is on its loopback: nobody, the commands of its session, or everything of the machine. */
  readonly loopback: 'own' | 'session' | 'machine';
}

export interface SandboxSession {
  /** As that of the sandbox. Rejects after the end. */
  confine(command: Command): Promise<SandboxConfinement | undefined>;
  /** Removes what they shared. To be called when none of them runs any more; twice is harmless. */
  close(): Promise<void>;
}

/** What the owner of the machine decided. */
export interface SandboxRules {
  /** Beginnings of commands that get the network. */
  readonly network?: readonly string[];
  /** Absolute paths every command may write. */
  readonly readWrite?: readonly string[];
  /** No sandbox at all. */
  readonly off?: boolean;
}

export interface SandboxOptions {
  readonly rules: SandboxRules;
  readonly environment: NodeJS.ProcessEnv;
  /** The person's home. */
  readonly home: string;
  /** Folders others can write or that must not be seen whole: the repository and the state folder. */
  readonly hidden: readonly string[];
  /** Paths outside a worktree that its tools read: dependencies, git objects. Asked once for each worktree. */
  readonly stores: (root: string) => Promise<readonly string[]>;
  /** Paths in a worktree that decide what agents or tools may do. Asked once for each worktree, before a command ran. */
  readonly steering: (root: string) => Promise<readonly string[]>;
  /** Files laid into the empty home, by name there. */
  readonly homeFiles?: () => Promise<Readonly<Record<string, string>>>;
  /** Where the `/tmp` of sessions lies; left-overs in it are for its owner to sweep. Default: the system's temporary folder. */
  readonly scratchFolder?: string;
  /**
   * Folder for device files of the sandbox's own, where this account owns those of the machine. Absent: the machine's
   * are used, whose permissions root's commands can change.
   */
  readonly deviceFolder?: string;
  /** Of each private empty folder of a command. Default: an eighth of the memory, since they are memory. */
  readonly privateBytes?: number;
}

export function createSandbox(options: SandboxOptions): Sandbox {
  const { rules } = options;
  let opening: Promise<Opened | NoSandbox> | undefined;
  const opened = () => (opening ??= open(options));
  let finding: Promise<LoopbackPrograms | undefined> | undefined;
  const loopbackPrograms = () => (finding ??= opened().then((found) => findLoopback(found, options)));
  const openShared = async () => {
    const programs = await loopbackPrograms();
    return programs && openLoopback(programs);
  };
  const granted = (line: string) => beginsWithOneOf(line, rules.network ?? []);
  const places = new Map<string, Promise<Place>>();
  const confine = async (command: Command, session?: SharedPlace) => {
    const found = await opened();
    if (found.kind !== 'ready') return undefined;
    const place = places.get(command.root) ?? placeOf(command.root, options);
    places.set(command.root, place);
    const wishes = { ...command, network: command.network ?? granted(command.line) };
    await mendDevices(found.machine.devices);
    return confinementOf(found, await place, wishes, rules, await session?.open());
  };
  return {
    state: async () => {
      const found = await opened();
      return found.kind === 'ready' ? { kind: 'ready', version: found.version } : found;
    },
    confine: (command) => confine(command),
    session: () => {
      const shared = sharedPlace(options.scratchFolder ?? tmpdir(), openShared);
      return { confine: (command) => confine(command, shared), close: () => shared.close() };
    },
    sharesLoopback: async () => (await loopbackPrograms()) !== undefined,
    hasNetwork: async (line) => (await opened()).kind !== 'ready' || granted(line),
    describe: async (line) => {
      const found = await opened();
      if (found.kind !== 'ready')
        return `Not in a sandbox: it can do whatever this account can (${found.reason})`;
      return granted(line)
        ? 'In the sandbox, with network: the settings of this machine grant it to this command'
        : 'In the sandbox, without network';
    },
  };
}

function confinementOf(
  found: Opened,
  place: Place,
  command: Wishes,
  rules: SandboxRules,
  shared: Shared | undefined,
): SandboxConfinement {
  const { network } = command;
  const loopback: Loopback | undefined = network ? undefined : shared?.loopback;
  const reach = network ? 'machine' : loopback ? 'inherited' : 'own';
  const view = viewOf(found, place, { ...command, reach }, rules, shared?.temporary);
  const env = network ? surroundings : { ...surroundings, ...offline };
  const inside = (cwd: string) => sandboxArguments(view, cwd);
  return loopback === undefined
    ? { file: found.file, args: inside, env, network, loopback: network ? 'machine' : 'own' }
    : {
        file: loopback.file,
        args: (cwd) => [...loopback.args(), found.file, ...inside(cwd)],
        ...{ env, network, loopback: 'session' },
      };
}

type Wishes = Command & { readonly network: boolean };

interface Opened extends Bubblewrap {
  readonly machine: Machine;
}

async function open(options: SandboxOptions): Promise<Opened | NoSandbox> {
  const { rules, environment, hidden } = options;
  const search = { path: environment['PATH'] ?? '', untrusted: hidden, off: rules.off };
  const file = await findBubblewrap(search);
  if (typeof file !== 'string') return file;
  const machine = await machineOf(options);
  const tryWith = async (machine: Machine) => {
    const found = await tryBubblewrap(file, (root, noNesting) =>
      viewOf({ noNesting, machine }, { root, ...emptyPlace }, { line: '', root, reach: 'own' }, {}),
    );
    return found.kind === 'ready' ? { ...found, machine } : found;
  };
  const found = await tryWith(machine);
  // Where the state folder lies, devices may not work (a file system mounted `nodev`).
  const isOwn = Object.keys(machine.devices).length > 0;
  return found.kind === 'broken' && isOwn ? tryWith({ ...machine, devices: {} }) : found;
}

/** Undefined where commands cannot share a loopback. */
async function findLoopback(
  found: Opened | NoSandbox,
  { environment, hidden }: SandboxOptions,
): Promise<LoopbackPrograms | undefined> {
  if (found.kind !== 'ready') return undefined;
  const nsenter = await findProgram('nsenter', { path: environment['PATH'] ?? '', untrusted: hidden });
  if (nsenter === undefined) return undefined;
  const programs = { bubblewrap: found.file, nsenter };
  const works = await loopbackWorks(programs, (root) =>
    viewOf(found, { root, ...emptyPlace }, { line: '', root, reach: 'inherited' }, {}),
  );
  return works ? programs : undefined;
}

interface Machine extends MachineView {
  readonly home: string;
  readonly files: Readonly<Record<string, string>>;
  readonly devices: Readonly<Record<string, string>>;
  readonly privateBytes: number;
}

async function machineOf(options: SandboxOptions): Promise<Machine> {
  const home = await realpath(options.home).catch(() => options.home);
  const path = options.environment['PATH'] ?? '';
  const view = await machineView({ path, home, programs: [process.execPath], hidden: options.hidden });
  const files = Object.entries((await options.homeFiles?.()) ?? {}).map(([name, from]) => [
    join(options.home, name),
    from,
  ]);
  return {
    ...view,
    home,
    devices: options.deviceFolder === undefined ? {} : await ownDevices(options.deviceFolder),
    files: Object.fromEntries(files) as Record<string, string>,
    privateBytes: options.privateBytes ?? eighthOfMemory,
  };
}

interface Place {
  /** The worktree's real path. */
  readonly root: string;
  readonly stores: readonly string[];
  readonly git: readonly string[];
  readonly steering: readonly string[];
}

const emptyPlace = { stores: [], git: [], steering: [] };

/**
 * Looked up before the first command runs there, and never again: what a command may have put there since must not
 * decide what the next one sees. What exists now is a mount in every command, so none can put a link in its place.
 */
async function placeOf(path: string, options: SandboxOptions): Promise<Place> {
  const root = await realpath(path);
  const git = join(root, '.git');
  const inside = async (paths: readonly string[]) => {
    const real = await Promise.all(paths.map((path) => realpath(path).catch(() => undefined)));
    return paths.filter((path, at) => real[at] === path);
  };
  return {
    root,
    stores: withoutNested(await existing(await options.stores(root))),
    git: await inside([git]),
    steering: await inside(await options.steering(root)),
  };
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const known = await Promise.all(paths.map(exists));
  return paths.filter((_, at) => known[at]);
}

function viewOf(
  { noNesting, machine }: Pick<Opened, 'noNesting' | 'machine'>,
  place: Place,
  command: Command & { readonly reach: View['network'] },
  rules: SandboxRules,
  temporary?: string,
): View {
  const { reach, readWrite = [], guarded = false } = command;
  const { root } = place;
  const shown = machine.readOnly.concat(place.stores).filter((path) => !isInside(root, path));
  return {
    ...{ root, network: reach, noNesting, maxBytes: machine.privateBytes, home: machine.home },
    ...(command.root === root ? {} : { alias: command.root }),
    ...(temporary === undefined ? {} : { temporary }),
    readOnly: shown,
    readWrite: [...(rules.readWrite ?? []), ...readWrite],
    files: machine.files,
    devices: machine.devices,
    links: machine.links,
    protect: [...place.git, ...(guarded ? place.steering : [])],
  };
}

/** The private folders of a command, all full, must not bring the machine down. */
const eighthOfMemory = Math.max(256 * 1024 ** 2, Math.floor(totalmem() / 8));

/** Package managers that know there is no network say so at once; else they try for many minutes. */
const offline = {
  ...{ npm_config_offline: 'true', npm_config_fetch_retries: '0', YARN_ENABLE_OFFLINE_MODE: '1' },
  ...{ CARGO_NET_OFFLINE: 'true', PIP_RETRIES: '0' },
};

/** What would lead out of the sandbox or into what is not there. */
const surroundings = {
  ...{ TMPDIR: '/tmp', TEMP: undefined, TMP: undefined, XDG_RUNTIME_DIR: undefined },
  ...{ DBUS_SESSION_BUS_ADDRESS: undefined, DISPLAY: undefined, WAYLAND_DISPLAY: undefined },
  ...{ XAUTHORITY: undefined, DOCKER_HOST: undefined },
};
