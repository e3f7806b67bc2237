import { fail, ok, type Result } from '../../base/result';
import { childEnvironment } from '../process/childEnvironment';
import { runProcess } from '../process/run';

/** Overrides whatever in a repository's configuration would run a program during a read. */
const hardened = [
  ...['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.pager=cat'],
  ...[
    '-c',
    'log.showSignature=false',
    '-c',
    'safe.bareRepository=explicit',
    '--literal-pathspecs',
    '--no-pager',
  ],
];

export interface Churn {
  /** How many commits were looked at; fewer than asked for in a young or shallow repository. */
  readonly commits: number;
  /** Commits that changed a path, and the lines they added and deleted. */
  readonly byFile: ReadonlyMap<string, { readonly commits: number; readonly lines: number }>;
}

/** Paths that git tracks in a folder, sorted. Links and submodules are among them. */
export async function trackedFiles(root: string): Promise<Result<string[], string>> {
  const output = await git(root, ['ls-files', '-z', '--cached']);
  if (!output.ok) return output;
  return ok([...new Set(output.value.split('\0'))].filter((path) => path !== '').sort());
}

/** What changed in the last commits. A renamed file starts anew: its old path is another file. */
export async function churnOf(root: string, commits: number): Promise<Result<Churn, string>> {
  const format = [
    'log',
    '-n',
    String(commits),
    '--no-merges',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
  ];
  const output = await git(root, [...format, '--numstat', '-z', '--relative', '--format=tformat:%x01']);
  return output.ok ? ok(parseNumstat(output.value)) : output;
}

/** Reads `git log --numstat -z` whose commits each begin with the character U+0001. */
export function parseNumstat(output: string): Churn {
  const byFile = new Map<string, { commits: number; lines: number }>();
  let commits = 0;
  for (const record of output.split('\0')) {
    commits += record.split('\u0001').length - 1;
    const [, added, deleted, path] = /(?:^|\s)(\d+|-)\t(\d+|-)\t(.+)$/s.exec(record) ?? [];
    if (path === undefined) continue;
    const known = byFile.get(path) ?? { commits: 0, lines: 0 };
    const lines = (Number(added) || 0) + (Number(deleted) || 0);
    byFile.set(path, { commits: known.commits + 1, lines: known.lines + lines });
  }
  return { commits, byFile };
}

async function git(cwd: string, args: readonly string[]): Promise<Result<string, string>> {
  const run = await runProcess({
    file: 'git',
    args: [...hardened, ...args],
    cwd,
    env: childEnvironment({ extra: { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' } }),
    timeoutMs: 120_000,
    maxOutputChars: 200_000_000,
  });
  if (run.exitCode === 0 && !run.truncated) return ok(run.stdout);
  return fail(
    run.timedOut
      ? `git ${args[0] ?? ''} took too long`
      : run.stderr.trim().split('\n').at(-1) || `git ended with ${run.exitCode ?? 'a signal'}`,
  );
}
