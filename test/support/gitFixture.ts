import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Real repositories in temporary folders, made with plain git as a person would. */
export interface GitFixture {
  /** The checkout. */
  readonly root: string;
  /** A state folder for the engine, outside the checkout. */
  readonly state: string;
  git(...argv: string[]): string;
  write(path: string, content: string | Uint8Array): void;
  read(path: string): string;
  /** Adds everything and commits; returns the commit. */
  commit(message?: string): string;
  /** Everything of the repository that the engine must not change, as text: HEAD, index, refs, config, stash, hooks. */
  fingerprint(): string;
  remove(): void;
}

export function gitFixture(files: Record<string, string | Uint8Array> = {}): GitFixture {
  const fixture = folderFixture();
  fixture.git('init', '-q', '-b', 'main');
  fixture.git('config', 'user.name', 'Person');
  fixture.git('config', 'user.email', 'person@example.com');
  for (const [path, content] of Object.entries(files)) fixture.write(path, content);
  if (Object.keys(files).length > 0) fixture.commit('first');
  return fixture;
}

/** The same without a repository. */
export function folderFixture(files: Record<string, string | Uint8Array> = {}): GitFixture {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'eee-git-')));
  const root = join(home, 'checkout');
  const state = join(home, 'state');
  mkdirSync(root);
  mkdirSync(state);
  const git = (...argv: string[]) => gitIn(root, ...argv);
  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  return {
    root,
    state,
    git,
    write,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    commit: (message = 'change') => {
      git('add', '-A');
      git('commit', '-q', '-m', message);
      return git('rev-parse', 'HEAD').trim();
    },
    fingerprint: () => fingerprintOf(root),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** Runs the person's git: their configuration is in effect, ours is not. */
export function gitIn(folder: string, ...argv: string[]): string {
  const env = { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };
  return execFileSync('git', argv, { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function fingerprintOf(root: string): string {
  const gitDir = join(root, '.git');
  const refs = gitIn(root, 'for-each-ref', '--format=%(objectname) %(refname)')
    .split('\n')
    .filter((line) => !line.includes(' refs/enterprise/'));
  const file = (name: string) => {
    try {
      return readFileSync(join(gitDir, name)).toString('base64');
    } catch {
      return 'absent';
    }
  };
  return JSON.stringify({
    refs,
    stash: gitIn(root, 'stash', 'list'),
    ...Object.fromEntries(
      ['HEAD', 'index', 'config', 'info/exclude', 'logs/HEAD'].map((name) => [name, file(name)]),
    ),
  });
}

/** Writes an executable script that leaves a canary file when anything runs it. */
export function canaryScript(path: string, canary: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho "$0 $*" >> '${canary}'\ncat\n`);
  chmodSync(path, 0o755);
}
