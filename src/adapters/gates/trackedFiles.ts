import { childEnvironment } from '../process/childEnvironment';
import { runProcess } from '../process/run';

/** Overrides whatever in a repository's configuration would run a program during a read. */
const hardened = [
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'safe.bareRepository=explicit',
  '--no-pager',
];

/** Paths that git tracks, relative to the folder, in the order of the index; undefined where there is no git. */
export async function trackedFiles(
  root: string,
  runId: string,
  signal?: AbortSignal,
): Promise<string[] | undefined> {
  const run = await runProcess({
    file: 'git',
    args: [...hardened, 'ls-files', '-z', '--cached'],
    cwd: root,
    env: childEnvironment({
      runId,
      extra: { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
    }),
    timeoutMs: 60_000,
    maxOutputChars: 100_000_000,
    signal,
  });
  if (run.exitCode !== 0 || run.truncated) return undefined;
  return [...new Set(run.stdout.split('\0').filter((path) => path !== ''))];
}
