import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runShell } from '../process/run';

/**
 * One installation for all worktrees with the same manifests and lockfile, with lifecycle scripts off: nothing a package
 * brings is run. Only manifests, the lockfile and harmless settings are taken along, so neither are the hooks of package
 * managers (`.pnpmfile.cjs`, `yarnPath`, plugins).
 */
export interface InstallRequest {
  readonly worktree: string;
  /** The folder with the lockfile, relative; `''` for the root. */
  readonly folder: string;
  readonly lockfile: string;
  /** Folders with a package.json at or below it. */
  readonly folders: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export type Installed =
  { readonly ok: true; readonly root: string } | { readonly ok: false; readonly why: string };
export type Installer = (request: InstallRequest) => Promise<Installed>;

const commands: Readonly<Record<string, string>> = {
  'npm-shrinkwrap.json': 'npm ci --ignore-scripts --no-audit --no-fund',
  'package-lock.json': 'npm ci --ignore-scripts --no-audit --no-fund',
  'pnpm-lock.yaml': 'pnpm install --frozen-lockfile --ignore-scripts --ignore-pnpmfile',
  'yarn.lock': 'yarn install --frozen-lockfile --ignore-scripts --non-interactive',
};
const limitMs = 15 * 60_000;

export async function lockfileIn(folder: string): Promise<string | undefined> {
  for (const name of Object.keys(commands)) if (await isThere(join(folder, name))) return name;
  return undefined;
}

export function createInstaller(cacheFolder: string): Installer {
  const running = new Map<string, Promise<Installed>>();
  return async (request) => {
    const files = await manifests(request);
    const key = keyOf(request, files);
    const root = join(cacheFolder, key);
    if (await isThere(join(root, doneMark))) return { ok: true, root };
    const current = running.get(key) ?? installInto(root, request, files);
    running.set(key, current);
    const result = await current;
    // What was cancelled with one task is done anew for the next; what failed would fail again.
    if (!result.ok && request.signal?.aborted) running.delete(key);
    return result;
  };
}

/** Lies in a folder whose installation is complete. */
const doneMark = '.installed';

async function installInto(
  root: string,
  request: InstallRequest,
  files: readonly ManifestFile[],
): Promise<Installed> {
  const command = commands[request.lockfile] ?? '';
  const temporary = `${root}.${randomUUID()}`;
  try {
    for (const { path, bytes } of files) {
      await mkdir(dirname(join(temporary, path)), { recursive: true });
      await writeFile(join(temporary, path), bytes);
    }
    const cwd = join(temporary, request.folder);
    const done = await runShell({
      command,
      cwd,
      timeoutMs: limitMs,
      signal: request.signal,
      maxOutputChars: 20_000,
    });
    if (done.exitCode !== 0) return { ok: false, why: `${command} ${reasonOf(done)}` };
    await writeFile(join(temporary, doneMark), '');
    // Another process may have been faster: its installation is the same.
    await rename(temporary, root).catch(async (error: unknown) => {
      if (!(await isThere(join(root, doneMark)))) throw error;
    });
    return { ok: true, root };
  } catch (error) {
    return { ok: false, why: `${command} could not be prepared: ${(error as Error).message}` };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function reasonOf(done: {
  timedOut: boolean;
  aborted: boolean;
  exitCode: number | null;
  stdout: string;
  stderr: string;
}): string {
  if (done.aborted) return 'was cancelled';
  if (done.timedOut) return `took longer than ${limitMs / 60_000} minutes`;
  const lines = `${done.stdout}\n${done.stderr}`
    .split('\n')
    .filter((line) => /error|ERR|not found/i.test(line));
  return `ended with ${done.exitCode ?? 'a signal'} (${lines.slice(0, 3).join(' ').trim().slice(0, 300)})`;
}

interface ManifestFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

async function manifests(request: InstallRequest): Promise<ManifestFile[]> {
  const at = (name: string) => (request.folder === '' ? name : `${request.folder}/${name}`);
  const names = [at(request.lockfile), at('pnpm-workspace.yaml')];
  names.push(...request.folders.map((folder) => (folder === '' ? 'package.json' : `${folder}/package.json`)));
  const files = await Promise.all(
    names.map(async (path) => ({
      path,
      bytes: await readFile(join(request.worktree, path)).catch(() => undefined),
    })),
  );
  const settings = await readFile(join(request.worktree, at('.npmrc')), 'utf8').catch(() => '');
  const present = files.flatMap(({ path, bytes }) => (bytes ? [{ path, bytes }] : []));
  return [...present, { path: at('.npmrc'), bytes: Buffer.from(harmlessSettings(settings)) }];
}

/** Of an `.npmrc` where packages come from and how they are laid out; not credentials, programs or scripts. */
export function harmlessSettings(settings: string): string {
  const allowed =
    /^\s*(@[\w.-]+:registry|registry|legacy-peer-deps|strict-peer-dep(?:endencie)?s|auto-install-peers|install-links|node-linker|(?:shamefully-|public-)?hoist(?:-pattern(?:\[\])?)?)\s*=/;
  return settings
    .split('\n')
    .filter((line) => allowed.test(line))
    .join('\n');
}

function keyOf(request: InstallRequest, files: readonly ManifestFile[]): string {
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify([
      process.platform,
      process.arch,
      process.versions.modules,
      request.folder,
      request.lockfile,
    ]),
  );
  for (const { path, bytes } of files) hash.update(`\0${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex').slice(0, 32);
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
