import { createHash } from 'node:crypto';

/** Commits of text files in memory, shared by the fake worktrees and the fake workspace of one test. */
export type Files = ReadonlyMap<string, string>;

export interface FakeCommit {
  readonly commit: string;
  readonly tree: string;
  readonly files: Files;
  readonly parents: readonly string[];
}

export interface FakeRepository {
  readonly base: FakeCommit;
  commit(files: Files, parents: readonly string[], message: string): FakeCommit;
  find(commit: string): FakeCommit | undefined;
  /** Everything that was ever committed. */
  all(): FakeCommit[];
  /** Throws for a commit that does not exist: a test's mistake. */
  get(commit: string): FakeCommit;
}

export function createFakeRepository(files: Readonly<Record<string, string>>): FakeRepository {
  const commits = new Map<string, FakeCommit>();
  const commit = (content: Files, parents: readonly string[], message: string): FakeCommit => {
    const sorted = new Map([...content].sort(([a], [b]) => (a < b ? -1 : 1)));
    const tree = digest([...sorted]);
    const made = { commit: digest([tree, parents, message]), tree, files: sorted, parents };
    commits.set(made.commit, made);
    return made;
  };
  return {
    base: commit(new Map(Object.entries(files)), [], 'base'),
    commit,
    find: (id) => commits.get(id),
    all: () => [...commits.values()],
    get: (id) => {
      const found = commits.get(id);
      if (!found) throw new Error(`The fake repository has no commit ${id}`);
      return found;
    },
  };
}

/** Paths whose text differs, in order. */
export function differingPaths(from: Files, to: Files): string[] {
  return [...new Set([...from.keys(), ...to.keys()])]
    .filter((path) => from.get(path) !== to.get(path))
    .sort();
}

function digest(value: unknown): string {
  return createHash('sha1').update(JSON.stringify(value)).digest('hex');
}
