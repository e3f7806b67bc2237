import packageJson from '../package.json';
import type { EngineChoice } from './commandline/context';
import { nodeVersionProblem } from './commandline/nodeVersion';

/** Terminal entry: everything else is loaded only where it can run. */
const problem = nodeVersionProblem(process.versions.node);
if (problem === undefined) {
  void main();
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  const [{ commandLine }, { processTerminal }] = await Promise.all([
    import('./commandline/commandLine'),
    import('./commandline/processTerminal'),
  ]);
  // A reader that has seen enough (`enterprise list | head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  process.exitCode = await commandLine(process.argv.slice(2), {
    terminal: processTerminal(),
    folder: process.cwd(),
    environment: process.env,
    version: packageJson.version,
    openEngine,
    onInterrupt,
    exitNow: (code) => process.exit(code),
    nowMs: () => Date.now(),
  });
}

async function openEngine({ workspace, approver, model, autonomous }: EngineChoice) {
  const { createEngine } = await import('./compose');
  return createEngine({
    workspace,
    approver,
    settings: {
      ...(model === undefined ? {} : { model }),
      ...(autonomous === undefined ? {} : { autonomous }),
    },
    log: (level, message) => {
      if (level !== 'info' || process.env.ENTERPRISE_DEBUG) process.stderr.write(`${message}\n`);
    },
  });
}

function onInterrupt(listener: () => void) {
  process.on('SIGINT', listener).on('SIGTERM', listener);
  return { dispose: () => void process.off('SIGINT', listener).off('SIGTERM', listener) };
}
