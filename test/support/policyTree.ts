import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A worktree beside things that are not for an agent. */
export interface PolicyTree {
  /** Absolute. */
  readonly root: string;
  remove(): Promise<void>;
}

/**
 * `src/`, `docs/`, `bare/` (a folder that poses as a repository) and links: `out` to the folder above, `secret.txt` to a
 * file there, `hooks` to git's, `nowhere` dangling outside, `later` dangling inside, `loop` round, `deep/back` to the root,
 * `linked/` with a link among its files, and a program `sort` of the project's own.
 */
export async function policyTree(): Promise<PolicyTree> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'policy-tree-')));
  const root = join(folder, 'tree');
  for (const file of [
    ...['src/a.ts', 'src/b.ts', 'docs/guide.md', 'README.md', 'package.json', 'deep/er/x', 'linked/a'],
    ...[
      'bare/HEAD',
      'bare/config',
      'node_modules/.bin/sort',
      '../outside.txt',
      '../elsewhere/x',
      'file with blank',
    ],
  ]) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), 'text\n');
  }
  await writeFile(join(root, '.git'), 'gitdir: elsewhere\n');
  const links: [string, string][] = [
    ['..', 'out'],
    ['../outside.txt', 'secret.txt'],
    ['.git/hooks', 'hooks'],
    ['../nothing/yet', 'nowhere'],
    ['src/new.ts', 'later'],
    ['loop', 'loop'],
    ['../', 'deep/back'],
    ['../../outside.txt', 'linked/leads-out'],
    ['.github/workflows/ci.yml', 'pipeline.yml'],
  ];
  for (const [target, name] of links) await symlink(target, join(root, name));
  return { root, remove: () => rm(folder, { recursive: true }) };
}
