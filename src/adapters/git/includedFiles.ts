import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Failure } from '../../core/model/failure';
import type { Preparation } from '../../core/model/preparation';
import { ok, type Result } from '../../base/result';
import { fileAt } from './export';
import type { GitRepository } from './repository';
import type { Git } from './runGit';
import type { Store } from './store';

/**
 * `.worktreeinclude`: patterns in the syntax of gitignore(5) that name files git ignores and a new worktree needs all the
 * same, such as `.env`. Other tools use the same file. It is read from the run's base, so from what is committed.
 */
const patternsFile = '.worktreeinclude';

export const includeLimits = { files: 100, bytes: 1024 ** 2 } as const;

type Included = Pick<Preparation, 'included' | 'leftOut'>;
const nothing: Included = { included: [], leftOut: [] };

export async function includedFiles(
  git: Git,
  store: Store,
  base: string,
): Promise<Result<Included, Failure>> {
  const { repository } = store;
  if (repository.kind !== 'git') return ok(nothing);
  const patterns = await fileAt(store, base, patternsFile);
  if (!patterns.ok) return patterns;
  if (!patterns.value) return ok(nothing);
  const names = await ignoredNames(git, store, repository, patterns.value);
  return names.ok ? ok(await withinLimits(repository.root, names.value)) : names;
}

/** Untracked files that fit the patterns and that the ignore rules of the person leave out. Names as latin1. */
async function ignoredNames(
  git: Git,
  store: Store,
  repository: GitRepository,
  patterns: Uint8Array,
): Promise<Result<string[], Failure>> {
  const folder = join(store.stateFolder, 'scratch', randomUUID());
  const file = join(folder, 'patterns');
  const { root: cwd, overrides } = repository;
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(file, patterns);
    const listed = async (rules: string) => {
      const argv = ['ls-files', '--others', '--ignored', '-z', rules];
      return git({ cwd, config: 'person', overrides, argv });
    };
    const fitting = await listed(`--exclude-from=${file}`);
    if (!fitting.ok) return fitting;
    const candidates = split(fitting.value.bytes).filter(isOurs);
    if (candidates.length === 0) return ok([]);
    const ignored = await listed('--exclude-standard');
    if (!ignored.ok) return ignored;
    const known = new Set(split(ignored.value.bytes));
    return ok(candidates.filter((name) => known.has(name)).sort());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Dependencies are linked and reports are ours; a name with a slash at its end is a repository of its own. */
function isOurs(name: string): boolean {
  return !/(^|\/)(node_modules|\.git)(\/|$)|^\.enterprise\/|\/$/i.test(name);
}

async function withinLimits(root: string, names: readonly string[]): Promise<Included> {
  const included: { path: string; bytes: number }[] = [];
  const leftOut: string[] = [];
  let total = 0;
  for (const [at, name] of names.entries()) {
    if (included.length === includeLimits.files) {
      leftOut.push(`${names.length - at} more: at most ${includeLimits.files} files are copied`);
      break;
    }
    const bytes = Buffer.from(name, 'latin1');
    const path = bytes.toString('utf8');
    const found = await lstat(join(root, path)).catch(() => undefined);
    const why = !Buffer.from(path).equals(bytes)
      ? 'its name is not UTF-8'
      : !found?.isFile()
        ? 'it is a link or no regular file'
        : total + found.size > includeLimits.bytes
          ? `all together may have ${includeLimits.bytes / 1024 ** 2} MB`
          : undefined;
    if (why !== undefined || !found)
      leftOut.push(`${JSON.stringify(path).slice(1, -1)}: ${why ?? 'it is gone'}`);
    else {
      included.push({ path, bytes: found.size });
      total += found.size;
    }
  }
  const shown = 20;
  return leftOut.length <= shown
    ? { included, leftOut }
    : { included, leftOut: [...leftOut.slice(0, shown), `${leftOut.length - shown} more`] };
}

function split(bytes: Buffer): string[] {
  return bytes
    .toString('latin1')
    .split('\0')
    .filter((name) => name !== '');
}
