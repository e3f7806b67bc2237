import { runShell } from '../../src/adapters/process/run';
import { createSandbox } from '../../src/adapters/process/sandbox';

/**
 * A program that runs a command line in a session of the sandbox and passes on what it prints.
 * Arguments: worktree, scratch folder, home, command line.
 */
async function main([root = '', scratchFolder = '', home = '', command = '']: string[]): Promise<void> {
  const nothing = () => Promise.resolve([]);
  const surroundings = {
    rules: {},
    environment: process.env,
    hidden: [],
    stores: nothing,
    steering: nothing,
  };
  const session = createSandbox({ ...surroundings, home, scratchFolder }).session();
  const confinement = await session.confine({ line: command, root });
  await runShell({ command, cwd: root, confinement, onOutput: (chunk) => process.stdout.write(chunk) });
  await session.close();
}

void main(process.argv.slice(2));
