import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findRipgrep } from '../../src/adapters/tools/ripgrep';
import { createToolbox } from '../../src/adapters/tools/toolbox';
import type { Policy, ToolOutcome, ToolSession } from '../../src/core/ports';
import { testAttempt, type AttemptOptions, type TestAttempt } from './attempt';
import { scriptedPolicy } from './scriptedPolicy';

/** A session of the real tools over a folder of its own. */
export interface Bench {
  readonly root: string;
  /** A folder beside the worktree, which no tool may touch. */
  readonly outside: string;
  readonly logFolder: string;
  readonly session: ToolSession;
  readonly attempt: TestAttempt;
  call(name: string, input: unknown, signal?: AbortSignal): Promise<ToolOutcome>;
  put(path: string, content: string | Buffer): Promise<void>;
  text(path: string): Promise<string>;
  close(): Promise<void>;
}

export async function openBench(
  options: AttemptOptions & { policy?: Policy; ripgrep?: boolean } = {},
): Promise<Bench> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'tools-')));
  const root = join(folder, 'tree');
  const logFolder = join(folder, 'logs');
  await mkdir(root);
  await writeFile(join(root, '.git'), 'gitdir: elsewhere\n');
  await writeFile(join(folder, 'outside.txt'), 'outside\n');
  const ripgrep = await findRipgrep(process.cwd());
  const attempt = testAttempt({ ...options, worktree: root });
  const session = createToolbox({
    policy: options.policy ?? scriptedPolicy(() => 'allow'),
    ripgrepPath: options.ripgrep === false || !ripgrep.ok ? undefined : ripgrep.value,
    logFolder,
  }).open(attempt);
  return {
    root,
    outside: folder,
    logFolder,
    session,
    attempt,
    call: (name, input, signal = new AbortController().signal) =>
      session.call({ id: 'c', name, input }, signal),
    put: async (path, content) => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    },
    text: (path) => readFile(join(root, path), 'utf8'),
    close: async () => {
      await session.close();
      await rm(folder, { recursive: true });
    },
  };
}
