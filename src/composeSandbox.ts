import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { borrowedObjects } from './adapters/git/borrowedObjects';
import { gitIdentity } from './adapters/git/gitIdentity';
import { createSandbox, type Sandbox } from './adapters/process/sandbox';
import { dependencyStores } from './adapters/workspace/dependencyStores';
import { harmlessSettings } from './adapters/workspace/install';
import { steeringPaths } from './adapters/workspace/steeringPaths';
import type { EngineOptions, Place } from './composeRun';

/** The sandbox for everything agents and the repository run, in the worktrees of one repository. */
export function composeSandbox(options: EngineOptions, place: Place): Sandbox {
  const { folder, state, repository, config, git } = place;
  const own = options.settings?.sandbox ?? {};
  const { sandbox } = config.config;
  return createSandbox({
    rules: {
      network: [...(own.network ?? []), ...sandbox.network],
      readWrite: [...(own.readWrite ?? []), ...sandbox.readWrite],
      off: own.off === true || sandbox.off,
    },
    environment: process.env,
    home: homedir(),
    hidden: [repository.root, state],
    stores: async (root) => [
      ...(await dependencyStores(root, repository.root, join(folder, 'dependencies'))),
      ...(await borrowedObjects(join(folder, 'store.git'))),
    ],
    steering: (root) => (isAutonomous(options, place) ? steeringPaths(root) : Promise.resolve([])),
    homeFiles: () => homeFiles(join(folder, 'sandbox'), git),
    scratchFolder: join(folder, 'scratch'),
    deviceFolder: join(folder, 'sandbox', 'devices'),
  });
}

/** Whether the person wants to be asked about fewer commands; it takes effect only where there is a sandbox. */
export function isAutonomous(options: EngineOptions, { config }: Place): boolean {
  return options.settings?.autonomous ?? config.config.autonomous;
}

/** Of the person's own settings what tools inside need and nothing secret: a name for commits, the address of a registry. */
async function homeFiles(folder: string, git: Place['git']): Promise<Record<string, string>> {
  const npmrc = await readFile(join(homedir(), '.npmrc'), 'utf8').catch(() => '');
  const texts = { '.gitconfig': await gitIdentity(git), '.npmrc': harmlessSettings(npmrc) };
  await mkdir(folder, { recursive: true });
  const files: Record<string, string> = {};
  for (const [name, text] of Object.entries(texts)) {
    if (text.trim() === '') continue;
    files[name] = join(folder, name.slice(1));
    await writeFile(join(folder, name.slice(1)), text);
  }
  return files;
}
