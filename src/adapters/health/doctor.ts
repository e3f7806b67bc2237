import { access, constants, mkdir, stat, statfs } from 'node:fs/promises';
import type { HealthCheck, LoadedWorkflows } from '../../core/coordination/engine';
import type { FileProblem, LoadedAgents } from '../../core/model/agent';
import type { FoundModels } from '../../core/model/foundModels';
import type { DetectedGates } from '../../core/ports';
import { runProcess } from '../process/run';
import { foundModels } from './foundModels';
import type { Sandbox } from '../process/sandbox';

export interface DoctorDeps {
  readonly workspace: string;
  readonly stateFolder: string;
  readonly ripgrepPath: string;
  /** `provider/model` or `offline`. */
  readonly model: string;
  /** Calls the model once; the answer, or in words why it cannot be used. */
  readonly testModel: () => Promise<{ ok: boolean; message: string }>;
  readonly agents: () => Promise<LoadedAgents>;
  readonly workflows: () => Promise<LoadedWorkflows>;
  readonly gates: () => Promise<DetectedGates>;
  readonly sandbox: Sandbox;
  /** One line for each external agent that is installed. */
  readonly externalAgents: () => Promise<readonly string[]>;
  /** What could answer on this machine. */
  readonly foundModels: () => Promise<readonly FoundModels[]>;
  /** The day of the price table. */
  readonly pricesAsOf: string;
  /** Whether the person wants commands in the sandbox not to be asked about. */
  readonly autonomous: boolean;
}

/** Looks at everything a run needs. Each line says what was seen; each that is not well says what to do. */
export async function examine(deps: DoctorDeps): Promise<HealthCheck[]> {
  const checks = await Promise.all([
    nodeVersion(),
    gitVersion(deps.workspace),
    workspaceState(deps.workspace),
    stateFolder(deps.stateFolder),
    ripgrep(deps.ripgrepPath),
    sandbox(deps),
    model(deps),
    foundModels(deps.foundModels, deps.pricesAsOf),
    externalAgents(deps),
    definitions('agents', async () => {
      const loaded = await deps.agents();
      return { count: loaded.agents.length, problems: loaded.problems };
    }),
    definitions('workflows', async () => {
      const loaded = await deps.workflows();
      return { count: loaded.workflows.length, problems: loaded.problems };
    }),
    gates(deps),
  ]);
  return checks;
}

function nodeVersion(): Promise<HealthCheck> {
  const message = `Node ${process.versions.node}, SQLite ${process.versions.sqlite ?? 'unknown'}`;
  return Promise.resolve({ name: 'node', status: 'ok', message });
}

const oldestGit = [2, 38] as const;

async function gitVersion(cwd: string): Promise<HealthCheck> {
  const result = await runProcess({ file: 'git', args: ['--version'], cwd, timeoutMs: 10_000 });
  const found = /(\d+)\.(\d+)/.exec(result.stdout);
  if (result.exitCode !== 0 || !found) {
    return {
      name: 'git',
      status: 'error',
      message: 'git cannot be run.',
      remedy: 'Install git 2.38 or newer and put it on the PATH.',
    };
  }
  const [major, minor] = [Number(found[1]), Number(found[2])];
  const isOld = major < oldestGit[0] || (major === oldestGit[0] && minor < oldestGit[1]);
  if (isOld)
    return {
      name: 'git',
      status: 'error',
      message: `git ${found[0]} is too old.`,
      remedy: 'Install git 2.38 or newer.',
    };
  return { name: 'git', status: 'ok', message: result.stdout.trim() };
}

async function workspaceState(workspace: string): Promise<HealthCheck> {
  const folder = await stat(workspace).catch(() => undefined);
  if (!folder?.isDirectory()) {
    return {
      name: 'workspace',
      status: 'error',
      message: `${workspace} is not a folder.`,
      remedy: 'Open a folder that exists.',
    };
  }
  const inside = await runProcess({
    file: 'git',
    args: ['rev-parse', '--show-toplevel'],
    cwd: workspace,
    timeoutMs: 10_000,
  });
  if (inside.exitCode !== 0) {
    const message = `${workspace} is not a git repository: runs work on a snapshot of the folder.`;
    return {
      name: 'workspace',
      status: 'warning',
      message,
      remedy: 'For history and finer undo: git init, then commit.',
    };
  }
  const head = await runProcess({
    file: 'git',
    args: ['rev-parse', '--verify', '--quiet', 'HEAD'],
    cwd: workspace,
    timeoutMs: 10_000,
  });
  if (head.exitCode !== 0) {
    const message = 'The repository has no commits: runs work on a snapshot of the folder.';
    return {
      name: 'workspace',
      status: 'warning',
      message,
      remedy: 'Make a first commit to have a base to compare with.',
    };
  }
  return {
    name: 'workspace',
    status: 'ok',
    message: `${inside.stdout.trim()} at ${head.stdout.trim().slice(0, 10)}`,
  };
}

const scarceBytes = 1024 ** 3;

async function stateFolder(folder: string): Promise<HealthCheck> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    const disk = await statfs(folder);
    const free = disk.bavail * disk.bsize;
    const message = `${folder}, ${(free / 1024 ** 3).toFixed(1)} GiB free`;
    if (free >= scarceBytes) return { name: 'state folder', status: 'ok', message };
    return {
      name: 'state folder',
      status: 'warning',
      message,
      remedy: 'Free some disk space: worktrees need room.',
    };
  } catch (error) {
    const message = `${folder} cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    return {
      name: 'state folder',
      status: 'error',
      message,
      remedy: 'Make it writable, or set ENTERPRISE_HOME to another folder.',
    };
  }
}

async function ripgrep(path: string): Promise<HealthCheck> {
  const result = await runProcess({ file: path, args: ['--version'], cwd: '.', timeoutMs: 10_000 });
  if (result.exitCode === 0)
    return { name: 'ripgrep', status: 'ok', message: result.stdout.split('\n')[0] ?? '' };
  const remedy = 'Install the build for this platform; without it agents cannot search the code.';
  return { name: 'ripgrep', status: 'error', message: `${path} cannot be run.`, remedy };
}

async function sandbox(deps: Pick<DoctorDeps, 'sandbox' | 'autonomous'>): Promise<HealthCheck> {
  const name = 'sandbox';
  const state = await deps.sandbox.state();
  if (state.kind === 'ready') {
    const asking = deps.autonomous ? '; autonomous: such commands are not asked about' : '';
    const message = `${state.version}: commands of agents and checks see their worktree only, without network${asking}`;
    return { name, status: 'ok', message };
  }
  const asked = deps.autonomous ? ' Autonomous mode is off: runs ask.' : '';
  const message = `Commands of agents and checks are not confined: ${state.reason}.${asked}`;
  return { name, status: 'warning', message, remedy: state.remedy };
}

async function model(deps: DoctorDeps): Promise<HealthCheck> {
  if (deps.model === 'offline') {
    const remedy = 'Choose one with --model, ENTERPRISE_MODEL or the command "Configure Model".';
    return {
      name: 'model',
      status: 'warning',
      message: 'No model is configured: only workflows of programs run.',
      remedy,
    };
  }
  const tested = await deps.testModel();
  if (tested.ok) return { name: 'model', status: 'ok', message: `${deps.model} answered` };
  return {
    name: 'model',
    status: 'error',
    message: tested.message,
    remedy: 'Check its name, address and key.',
  };
}

async function externalAgents(deps: DoctorDeps): Promise<HealthCheck> {
  const found = await deps.externalAgents();
  const message = found.length > 0 ? found.join(', ') : 'none is installed, and none is needed';
  return { name: 'external agents', status: 'ok', message };
}

async function definitions(
  name: string,
  load: () => Promise<{ count: number; problems: readonly FileProblem[] }>,
): Promise<HealthCheck> {
  const { count, problems } = await load();
  if (problems.length === 0) return { name, status: 'ok', message: `${count} loaded` };
  const [first] = problems;
  const where = first ? `${first.path}:${first.line}: ${first.message}` : '';
  const status = problems.some((problem) => problem.severity === 'error') ? 'error' : 'warning';
  return {
    name,
    status,
    message: `${count} loaded, ${problems.length} problems; the first: ${where}`,
    remedy: 'Mend the named files.',
  };
}

async function gates(deps: DoctorDeps): Promise<HealthCheck> {
  const detected = await deps.gates();
  const names = detected.gates.map((gate) => gate.name).join(', ');
  if (detected.gates.length > 0) return { name: 'gates', status: 'ok', message: names };
  const remedy = 'Add scripts for type check, lint or tests, or declare gates in .enterprise/config.json.';
  return { name: 'gates', status: 'warning', message: 'No gate applies to this repository.', remedy };
}
